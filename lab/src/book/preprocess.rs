//! The seam to mdBook: a preprocessor that puts our directives' results into a page.
//!
//! It runs in this process for `cargo kettle book`. For a plain `mdbook build`, which
//! knows nothing of us, the same code answers on standard input and output; both ways
//! give the same pages.

use std::io::{self, Read, Write};

use mdbook_preprocessor::book::{Book, BookItem};
use mdbook_preprocessor::{Preprocessor, PreprocessorContext, parse_input};

use super::expand::expand;
use super::problem::BookError;
use super::summary::SOURCES;

/// mdBook's preprocessor `kettle`.
#[derive(Debug, Clone, Copy)]
pub struct Directives;

impl Preprocessor for Directives {
    fn name(&self) -> &str {
        "kettle"
    }

    fn run(
        &self,
        cx: &PreprocessorContext,
        mut book: Book,
    ) -> anyhow::Result<Book> {
        let mut problems = Vec::new();
        book.for_each_mut(|item| {
            let BookItem::Chapter(chapter) = item else {
                return;
            };
            let Some(page) = &chapter.source_path else {
                return;
            };
            let file = format!("{SOURCES}/{}", page.display());
            let mut expanded = expand(&cx.root, &file, &chapter.content);
            chapter.content = expanded.text;
            problems.append(&mut expanded.problems);
        });
        BookError::unless_empty(problems)?;
        Ok(book)
    }
}

/// Answers one call of mdBook: a book in JSON comes in, one goes out.
///
/// # Errors
/// If the input is not mdBook's, or a chapter has problems.
pub fn preprocess(input: impl Read, mut output: impl Write) -> anyhow::Result<()> {
    let (cx, book) = parse_input(input)?;
    let book = Directives.run(&cx, book)?;
    serde_json::to_writer(&mut output, &book).map_err(io::Error::from)?;
    Ok(output.flush()?)
}
