//! What the book owes its reader: lines of the core, and lines that Teacup gains.
//!
//! # The lists
//! `core.txt` has on each line a file and the chapter by whose end it has been shown
//! whole. `finished.txt` has the chapters that are held to what they owe.

use std::fs;
use std::path::Path;

use super::diff::added;
use super::problem::{BookError, Problem};
use super::source::Source;
use super::summary::SOURCES;

/// Lines of a file that some chapter owes.
pub(super) struct Debt {
    pub(super) file: String,
    source: Source,
    pub(super) lines: Vec<usize>,
    /// The chapter by whose end they are shown; none if the list does not say yet.
    pub(super) slug: Option<String>,
}

impl Debt {
    /// Lines of the file in words, with the beginning of their text.
    pub(super) fn describe(&self, lines: &[usize]) -> String {
        let (first, last) = (lines[0], lines[lines.len() - 1]);
        let text = self.source.lines()[first].trim();
        match first == last {
            true => format!("this line is (`{text}`)"),
            false => {
                format!("lines {} to {} are (`{text}` …)", first + 1, last + 1)
            }
        }
    }
}

/// The files of `core.txt`.
pub(super) fn core(root: &Path) -> Result<Vec<Debt>, BookError> {
    let entries = list(root, "core.txt")?.into_iter();
    let debts = entries.map(|Entry { line, words }| {
        let file = words[0].clone();
        let at =
            |why: String| Problem::at(&format!("{SOURCES}/core.txt"), line, why);
        let text = fs::read_to_string(root.join(&file))
            .map_err(|error| at(format!("{file} cannot be read: {error}")))?;
        let source =
            Source::read(&text).map_err(|why| at(format!("{file}: {why}")))?;
        Ok(Debt {
            lines: source.owed().collect(),
            slug: words.get(1).cloned(),
            file,
            source,
        })
    });
    debts.collect()
}

/// What each chapter's Teacup adds to the one before it.
pub(super) fn teacups(
    root: &Path,
    slugs: &[String],
) -> Result<Vec<Debt>, BookError> {
    let mut debts = Vec::new();
    let mut before = String::new();
    for slug in slugs {
        let file = format!("{SOURCES}/{slug}/teacup.rs");
        if !root.join(&file).exists() {
            continue;
        }
        let text = read(root, &file)?;
        let source = Source::read(&text).map_err(|why| Problem::of(&file, why))?;
        let new = added(&before, &text);
        debts.push(Debt {
            lines: source.owed().filter(|n| new[*n]).collect(),
            slug: Some(slug.clone()),
            file,
            source,
        });
        before = text;
    }
    Ok(debts)
}

/// A line of a list: its number and its words.
pub(super) struct Entry {
    line: usize,
    pub(super) words: Vec<String>,
}

/// Reads a list of the book; one that does not exist is empty, `#` begins a comment.
pub(super) fn list(root: &Path, name: &str) -> Result<Vec<Entry>, BookError> {
    let file = format!("{SOURCES}/{name}");
    if !root.join(&file).exists() {
        return Ok(Vec::new());
    }
    let text = read(root, &file)?;
    let entries = text.lines().enumerate().filter_map(|(n, line)| {
        let words = line.split('#').next()?.split_whitespace();
        let words: Vec<String> = words.map(str::to_owned).collect();
        (!words.is_empty()).then_some(Entry { line: n + 1, words })
    });
    Ok(entries.collect())
}

pub(super) fn read(root: &Path, file: &str) -> Result<String, BookError> {
    let text = fs::read_to_string(root.join(file));
    text.map_err(|error| {
        Problem::of(file, format!("cannot be read: {error}")).into()
    })
}
