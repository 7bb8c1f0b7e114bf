//! The commands: each says what it does, does it, and returns the exit code.

pub(crate) mod book;
pub(crate) mod check;
pub(crate) mod run;

use std::path::Path;
use std::process::ExitCode;

use anstream::eprintln;
use anstyle::{AnsiColor, Style};
use kettle_lab::book::{BookError, chapter_called};
use kettle_lab::program;

const BAD: Style = AnsiColor::Red.on_default().bold();
const GOOD: Style = AnsiColor::Green.on_default().bold();
const DIM: Style = Style::new().dimmed();
const CODE: Style = AnsiColor::Cyan.on_default();

/// Says what went wrong.
pub(crate) fn failed(sentence: &str) -> ExitCode {
    eprintln!("{BAD}error{BAD:#}: {sentence}");
    ExitCode::FAILURE
}

/// Says all that is wrong with the book, one problem on a line.
fn broken(error: &BookError) -> ExitCode {
    for problem in &error.problems {
        eprintln!("{BAD}error{BAD:#}: {problem}");
    }
    ExitCode::FAILURE
}

/// What `CHAPTER` or `CHAPTER/NAME` means: a slug, and a name if one is given. A folder
/// of programs that no chapter shows, as the cookbook, is called by its own name.
fn target<'a>(
    root: &Path,
    word: &'a str,
) -> Result<(String, Option<&'a str>), String> {
    let (chapter, name) = match word.split_once('/') {
        Some((chapter, name)) => {
            (chapter, Some(name).filter(|name| !name.is_empty()))
        }
        None => (word, None),
    };
    let all = program::all(root).map_err(|error| error.to_string())?;
    if all.iter().any(|program| program.slug == chapter) {
        return Ok((chapter.to_owned(), name));
    }
    let chapter = chapter_called(root, chapter)?;
    let slug = chapter.slug().ok_or("the front page has no programs")?;
    Ok((slug.to_owned(), name))
}
