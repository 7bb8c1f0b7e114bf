//! The chapters in their order, with their numbers.
//!
//! Chapters are named by slug everywhere but in `SUMMARY.md`, so that one can be put
//! between two others without renaming anything. The numbers a reader sees are
//! counted here, by mdBook's rule: list items count, written or not.

use std::fs;
use std::path::{Path, PathBuf};

use super::problem::{BookError, Problem};
use crate::name::nearest;

/// The folder of the book's sources, seen from the root.
pub(crate) const SOURCES: &str = "chapters";

/// A chapter that stands in `SUMMARY.md`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chapter {
    /// Its number, if it is in the numbered list.
    pub number: Option<usize>,
    /// Its title, in Markdown.
    pub title: String,
    /// Its page, seen from `chapters/`; none while it is a draft.
    pub page: Option<PathBuf>,
}

impl Chapter {
    /// The name of the chapter's folder; the front page and drafts have none.
    pub fn slug(&self) -> Option<&str> {
        let folder = self.page.as_ref()?.parent()?.to_str()?;
        (!folder.is_empty()).then_some(folder)
    }

    /// The page seen from the root, as problems name it.
    pub(crate) fn file(&self) -> Option<String> {
        Some(format!("{SOURCES}/{}", self.page.as_ref()?.display()))
    }
}

/// Reads the chapters of the book, drafts included.
pub fn chapters(root: &Path) -> Result<Vec<Chapter>, BookError> {
    let name = format!("{SOURCES}/SUMMARY.md");
    let text = fs::read_to_string(root.join(&name))
        .map_err(|error| Problem::of(&name, format!("cannot be read: {error}")))?;
    let mut numbered = 0;
    Ok(text
        .lines()
        .filter_map(|line| {
            let entry = line.trim();
            let item = entry.strip_prefix("- ").or(entry.strip_prefix("* "));
            let (title, page) = link(item.unwrap_or(entry))?;
            numbered += usize::from(item.is_some());
            Some(Chapter {
                number: item.map(|_| numbered),
                title: title.to_owned(),
                page: (!page.is_empty()).then(|| PathBuf::from(page)),
            })
        })
        .collect())
}

/// Finds the chapter that a reader's word means, a slug or a number.
///
/// # Errors
/// A sentence for the reader: there is no such chapter, or it is not written yet.
pub fn chapter_called(root: &Path, word: &str) -> Result<Chapter, String> {
    let chapters = chapters(root).map_err(|error| error.to_string())?;
    let number = word.parse().ok();
    let is_meant = |chapter: &&Chapter| match number {
        Some(_) => chapter.number == number,
        None => chapter.slug() == Some(word),
    };
    match chapters.iter().find(is_meant) {
        Some(chapter) if chapter.page.is_some() => Ok(chapter.clone()),
        Some(chapter) => Err(format!(
            "chapter {word}, “{}”, is not written yet",
            chapter.title
        )),
        None => Err(unknown(&chapters, word)),
    }
}

fn unknown(chapters: &[Chapter], word: &str) -> String {
    let slugs: Vec<&str> = chapters.iter().filter_map(Chapter::slug).collect();
    match nearest(word, slugs.iter().copied()) {
        Some(near) => {
            format!("there is no chapter `{word}`; did you mean `{near}`?")
        }
        None => format!(
            "there is no chapter `{word}`; written so far: {}",
            slugs.join(", ")
        ),
    }
}

/// Takes `[title](page)` apart.
fn link(entry: &str) -> Option<(&str, &str)> {
    let (title, page) = entry.strip_prefix('[')?.rsplit_once("](")?;
    Some((title, page.strip_suffix(')')?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUMMARY: &str = "# Summary\n\n[Front](index.md)\n\n# Part\n\n- [One]()\n\
                           - [Two `a[0]`](two/index.md)\n\n---\n\n[Glossary]()\n";

    fn book() -> tempfile::TempDir {
        let root = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir(root.path().join(SOURCES)).expect("an empty folder");
        let file = root.path().join("chapters/SUMMARY.md");
        fs::write(file, SUMMARY).expect("a writable folder");
        root
    }

    #[test]
    fn drafts_count_and_prefix_chapters_do_not() {
        let chapters = chapters(book().path()).expect("it is there");
        let seen: Vec<_> = chapters
            .iter()
            .map(|c| (c.number, c.title.as_str(), c.slug()))
            .collect();
        assert_eq!(
            seen,
            [
                (None, "Front", None),
                (Some(1), "One", None),
                (Some(2), "Two `a[0]`", Some("two")),
                (None, "Glossary", None),
            ]
        );
    }

    #[test]
    fn a_chapter_is_called_by_slug_or_by_number() {
        let book = book();
        let called = |word| chapter_called(book.path(), word);
        assert_eq!(called("two"), called("2"));
        assert!(called("two").is_ok());
        assert_eq!(
            called("1").unwrap_err(),
            "chapter 1, “One”, is not written yet"
        );
        assert!(called("tow").unwrap_err().ends_with("did you mean `two`?"));
        assert!(called("9").unwrap_err().ends_with("written so far: two"));
    }
}
