//! Every link of the built pages leads somewhere.
//!
//! A walk over the HTML, without a network: what lies outside of the book is not
//! asked. Pages and their ids are read first, then each `href` and `src` is looked up.
//! A broken one is reported at the line of the chapter that holds it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer,
    TokenizerOpts,
};

use super::problem::{BookError, Problem};
use super::summary::SOURCES;

/// Looks up every link of the book built in `dir`.
pub(super) fn check(root: &Path, dir: &Path) -> Result<Vec<Problem>, BookError> {
    let failed = |error: io::Error| {
        Problem::of(
            &dir.display().to_string(),
            format!("cannot be read: {error}"),
        )
    };
    let mut files = BTreeSet::new();
    list(dir, Path::new(""), &mut files).map_err(failed)?;
    let mut pages = BTreeMap::new();
    for file in files.iter().filter(|file| is_page(file)) {
        let text = fs::read_to_string(dir.join(file)).map_err(failed)?;
        pages.insert(file.clone(), Page::read(&text));
    }
    let site = Site { files, pages };
    // The print page repeats the chapters, so what it lacks they mostly lack too; it is
    // asked only when they are sound.
    let is_print = |file: &&PathBuf| file.as_path() == Path::new("print.html");
    let (print, chapters): (Vec<_>, Vec<_>) = site.pages.keys().partition(is_print);
    let mut problems = site.broken(root, &chapters);
    if problems.is_empty() {
        problems = site.broken(root, &print);
    }
    problems.dedup();
    Ok(problems)
}

fn is_page(file: &Path) -> bool {
    file.extension()
        .is_some_and(|extension| extension == "html")
}

fn list(dir: &Path, at: &Path, files: &mut BTreeSet<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(dir.join(at))? {
        let entry = entry?;
        let file = at.join(entry.file_name());
        match entry.file_type()?.is_dir() {
            true => list(dir, &file, files)?,
            false => drop(files.insert(file)),
        }
    }
    Ok(())
}

/// The built book: its files, and what stands in its pages.
struct Site {
    files: BTreeSet<PathBuf>,
    pages: BTreeMap<PathBuf, Page>,
}

#[derive(Default)]
struct Page {
    links: Vec<String>,
    ids: BTreeSet<String>,
}

impl Site {
    fn broken(&self, root: &Path, files: &[&PathBuf]) -> Vec<Problem> {
        let mut problems = Vec::new();
        for file in files {
            for link in &self.pages[*file].links {
                if let Err(why) = self.look_up(file, link) {
                    problems.push(problem(root, file, link, &why));
                }
            }
        }
        problems
    }

    fn look_up(&self, from: &Path, link: &str) -> Result<(), String> {
        if is_foreign(link) {
            return Ok(());
        }
        let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
        let path = path.split('?').next().unwrap_or("");
        let target = match path {
            "" => from.to_path_buf(),
            _ => self.target(from, path)?,
        };
        if !self.files.contains(&target) {
            return Err(format!("there is no page {}", target.display()));
        }
        match self.pages.get(&target) {
            Some(page) if !anchor.is_empty() && !page.ids.contains(anchor) => {
                Err(format!("{} has no anchor #{anchor}", target.display()))
            }
            _ => Ok(()),
        }
    }

    /// The file a path leads to, a folder's being its index.
    fn target(&self, from: &Path, path: &str) -> Result<PathBuf, String> {
        // The page for a wrong address is served anywhere, so it counts from the root.
        let base = match from == Path::new("404.html") || path.starts_with('/') {
            true => Path::new(""),
            false => from.parent().unwrap_or(Path::new("")),
        };
        let joined = base.join(path.trim_start_matches('/'));
        let mut target = PathBuf::new();
        for component in joined.components() {
            match component {
                Component::Normal(part) => target.push(part),
                Component::ParentDir if target.pop() => {}
                Component::CurDir => {}
                _ => return Err("it leaves the book".to_owned()),
            }
        }
        Ok(match path.ends_with('/') || target == Path::new("") {
            true => target.join("index.html"),
            false => target,
        })
    }
}

/// `https:`, `mailto:`, `data:` and their like, and `//host`.
fn is_foreign(link: &str) -> bool {
    let scheme = link.split(['/', '#', '?']).next().unwrap_or("");
    scheme.contains(':') || link.starts_with("//")
}

/// Names the chapter's line if the link stands there, else the page.
fn problem(root: &Path, page: &Path, link: &str, why: &str) -> Problem {
    let source = format!("{SOURCES}/{}", page.with_extension("md").display());
    let sentence = format!("the link `{link}` leads nowhere: {why}");
    let Ok(text) = fs::read_to_string(root.join(&source)) else {
        return Problem::of(&page.display().to_string(), sentence);
    };
    let written = [link.to_owned(), link.replace(".html", ".md")];
    let holds =
        |line: &str| written.iter().any(|link| line.contains(link.as_str()));
    match text.lines().position(holds) {
        Some(n) => Problem::at(&source, n + 1, sentence),
        None => Problem::of(&source, sentence),
    }
}

impl Page {
    fn read(html: &str) -> Page {
        let input = BufferQueue::default();
        input.push_back(StrTendril::from(html));
        let tokenizer = Tokenizer::new(Sink::default(), TokenizerOpts::default());
        let _ = tokenizer.feed(&input);
        tokenizer.end();
        tokenizer.sink.page.take()
    }

    fn take(&mut self, tag: &Tag) {
        for attribute in &tag.attrs {
            let value = attribute.value.to_string();
            match &*attribute.name.local {
                "id" => drop(self.ids.insert(value)),
                "name" if &*tag.name == "a" => drop(self.ids.insert(value)),
                "href" if &*tag.name != "base" => self.links.push(value),
                "src" => self.links.push(value),
                _ => {}
            }
        }
    }
}

#[derive(Default)]
struct Sink {
    page: RefCell<Page>,
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let Token::TagToken(tag) = token else {
            return TokenSinkResult::Continue;
        };
        if tag.kind != TagKind::StartTag {
            return TokenSinkResult::Continue;
        }
        self.page.borrow_mut().take(&tag);
        // What stands in a script or a style is not HTML.
        match &*tag.name {
            "script" => TokenSinkResult::RawData(RawKind::ScriptData),
            "style" => TokenSinkResult::RawData(RawKind::Rawtext),
            _ => TokenSinkResult::Continue,
        }
    }
}
