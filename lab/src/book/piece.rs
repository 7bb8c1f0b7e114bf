//! A piece of code: what one directive inside a fence puts on the page.
//!
//! # Forms
//! `{{#code FILE::ITEM}}`, `{{#code FILE}}` (the whole file), `{{#code FILE:anchor}}`.
//! FILE is seen from the workspace root if it has a `/`, else from the chapter's own
//! folder. `{{#include FILE:anchor}}` is mdBook's form of the last two, with its rule
//! that FILE is seen from the page.

use std::fs;
use std::path::{Component, Path, PathBuf};

use super::anchor;
use super::page::Directive;
use super::source::{Choice, Source};

/// Lines of a file, ready to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    /// The file, seen from the root.
    pub(super) file: String,
    /// The lines it shows, counted from zero.
    pub(super) lines: Vec<usize>,
    /// Their text.
    pub(super) text: Vec<String>,
    /// The `impl`, `trait` or `mod` around the item.
    pub(super) within: Option<String>,
}

/// Resolves a directive of the page `page`; the error is a sentence for its author.
pub(super) fn resolve(
    root: &Path,
    page: &str,
    directive: Directive<'_>,
    docs: bool,
) -> Result<Piece, String> {
    let reference = Reference::read(directive.argument);
    let folder = Path::new(page).parent().unwrap_or(Path::new(""));
    let from_root = directive.name == "code" && reference.file.contains('/');
    let path = match from_root {
        true => PathBuf::from(reference.file),
        false => folder.join(reference.file),
    };
    let file = plain(&path).ok_or_else(|| outside(reference.file))?;
    let text = fs::read_to_string(root.join(&file))
        .map_err(|error| format!("{file} cannot be read: {error}"))?;
    let piece = match reference.part {
        Part::Anchor(name) => anchored(&file, &text, name),
        Part::Item(name) => item(&file, &text, name, docs),
    };
    piece.map_err(|why| format!("{file}: {why}"))
}

fn outside(file: &str) -> String {
    format!("{file} lies outside of the workspace")
}

fn anchored(file: &str, text: &str, name: &str) -> Result<Piece, String> {
    if file.starts_with("src/") {
        let item = "the runtime's sources carry no anchors; name an item with `::`";
        return Err(item.to_owned());
    }
    let all: Vec<&str> = text.lines().collect();
    let lines = anchor::lines(text, name)?;
    let shown = lines.iter().map(|n| all[*n]);
    let indent = shown
        .clone()
        .filter(|l| !l.trim().is_empty())
        .map(indent)
        .min();
    let shown = shown.map(|line| line.get(indent.unwrap_or(0)..).unwrap_or(""));
    Ok(Piece {
        file: file.to_owned(),
        text: shown.map(str::to_owned).collect(),
        lines,
        within: None,
    })
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

fn item(file: &str, text: &str, name: &str, docs: bool) -> Result<Piece, String> {
    if !file.ends_with(".rs") {
        return whole(file, text);
    }
    let source = Source::read(text)?;
    let Choice { mut lines, within } = source.choose(name, docs)?;
    lines.retain(|n| !anchor::is_marker(&source.lines()[*n]));
    let shown = source.text(&lines).into_iter().map(str::to_owned).collect();
    Ok(Piece {
        file: file.to_owned(),
        lines,
        text: shown,
        within,
    })
}

/// A file that is not Rust is shown as it is.
fn whole(file: &str, text: &str) -> Result<Piece, String> {
    Ok(Piece {
        file: file.to_owned(),
        lines: (0..text.lines().count()).collect(),
        text: text.lines().map(str::to_owned).collect(),
        within: None,
    })
}

/// What a directive's argument names.
struct Reference<'a> {
    file: &'a str,
    part: Part<'a>,
}

enum Part<'a> {
    Anchor(&'a str),
    Item(&'a str),
}

impl<'a> Reference<'a> {
    fn read(argument: &'a str) -> Reference<'a> {
        let (file, part) = if let Some((file, item)) = argument.split_once("::") {
            (file, Part::Item(item))
        } else if let Some((file, anchor)) = argument.split_once(':') {
            (file, Part::Anchor(anchor))
        } else {
            (argument, Part::Item("*"))
        };
        Reference { file, part }
    }
}

/// The path without `..`, unless it leaves the workspace.
fn plain(path: &Path) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for component in path.components() {
        match component {
            Component::Normal(part) => parts.push(part.to_str()?),
            Component::ParentDir => drop(parts.pop()?),
            Component::CurDir => {}
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(parts.join("/"))
}
