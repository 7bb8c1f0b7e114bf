//! The book: checked, rendered, and checked again.
//!
//! mdBook renders it, as a library, in this process. mdBook is generous: it logs a
//! missing include and goes on, and a link to nowhere does not trouble it. A book
//! whose promise is that its code is the code must be strict, so the sources are
//! checked before the build and every link of the built pages after it.
//!
//! # How it works
//! 1. [`check`] reads the chapters and resolves each directive (`page`, `expand`).
//! 2. mdBook renders them; [`Directives`] is its preprocessor.
//! 3. `links` walks over the built pages.
//!
//! # What an author writes
//! ````md
//! ```rust
//! {{#code src/executor/turn.rs::turn}}
//! ```
//! {{#output lost-wake-up}}
//! {{#figure round-trip "what it shows, in words" "a caption with `code`"}}
//! ````
//! After `::` stands an item: `turn`, `Type::method`, `impl Trait for Type`,
//! `impl Trait for Type::method`, `use` for the lines that are no item, `*` for the
//! whole file. After a single `:` stands an anchor; only programs of chapters have any.
//! A file with a `/` counts from the workspace root, one without from the chapter's
//! folder. After `rust` may stand `recap` (shown before), `docs` (with doc comments),
//! `folded` (closed at first) and `sketch` (code that is meant not to compile).
//!
//! Boxes are HTML with blank lines inside: `<details class="predict">` with a
//! `<summary>`, `<aside class="tokio">` and `<section class="exercise"
//! data-stars="1">`, both beginning with a `###` heading. A figure is
//! `figures/NAME.svg` with a `viewBox`, without width, style or colours; its shapes
//! have the classes `box`, `line` (`dashed`), `dot` and its texts `label`, `note`,
//! `code` (`start`, `end`); beside them one of `run`, `queued`, `wait`, `io`, `timer`,
//! `copper` says what the thing is, and so its colour.

mod anchor;
mod coverage;
mod diff;
mod expand;
mod figure;
mod html;
mod item;
mod links;
mod naming;
mod output;
mod owed;
mod page;
mod piece;
mod preprocess;
mod problem;
mod source;
mod stray;
mod summary;

use std::fs;
use std::path::{Path, PathBuf};

use mdbook_driver::MDBook;

pub use coverage::{Coverage, Covered, coverage_report};
pub use preprocess::{Directives, preprocess};
pub use problem::{BookError, Problem};
pub use summary::{Chapter, chapter_called, chapters};

/// A book that was built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Built {
    /// The folder of its pages; `index.html` is the first.
    pub dir: PathBuf,
    /// How many chapters were written (drafts have no page).
    pub pages: usize,
}

/// The workspace root: the folder that this very program was compiled from.
pub fn root() -> PathBuf {
    let lab = Path::new(env!("CARGO_MANIFEST_DIR"));
    lab.parent().unwrap_or(lab).to_path_buf()
}

/// Builds the book of `root`, into `out` or else where its `book.toml` says.
///
/// # Errors
/// Every problem found, by file and line: directives that do not resolve, loose code,
/// links and anchors that lead nowhere. Pages of a book with a broken link are left
/// in place; everything else is found before a page is written.
pub fn build(root: &Path, out: Option<&Path>) -> Result<Built, BookError> {
    BookError::unless_empty(check(root)?)?;
    let built = render(root, out)?;
    BookError::unless_empty(links::check(root, &built.dir)?)?;
    Ok(built)
}

/// Reads every chapter and says what is wrong with its directives and its code.
///
/// # Errors
/// If `SUMMARY.md`, a chapter or the manifest cannot be read at all.
pub fn check(root: &Path) -> Result<Vec<Problem>, BookError> {
    let mut problems = Vec::new();
    for chapter in chapters(root)? {
        let Some(file) = chapter.file() else { continue };
        let text = fs::read_to_string(root.join(&file)).map_err(|error| {
            Problem::of(&file, format!("SUMMARY.md names it, but {error}"))
        })?;
        problems.extend(expand::expand(root, &file, &text).problems);
    }
    let unread =
        |error| Problem::of("Cargo.toml", format!("cannot be read: {error}"));
    problems.extend(stray::strays(root).map_err(unread)?);
    Ok(problems)
}

fn render(root: &Path, out: Option<&Path>) -> Result<Built, BookError> {
    let failed =
        |error: anyhow::Error| Problem::of("book.toml", format!("{error:#}"));
    let mut book = MDBook::load(root).map_err(failed)?;
    if let Some(out) = out {
        book.config.build.build_dir = out.to_path_buf();
    }
    book.with_preprocessor(Directives);
    book.build().map_err(failed)?;
    Ok(Built {
        dir: book.build_dir_for("html"),
        pages: chapters(root)?.iter().filter(|c| c.page.is_some()).count(),
    })
}
