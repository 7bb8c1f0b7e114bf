//! Literate coverage: the book shows each line it owes, and shows it once.
//!
//! Two things are owed. Each code line of a file in `chapters/core.txt`; and each line
//! by which a chapter's `teacup.rs` differs from the Teacup of the chapter before, so
//! that a reader who types along ends up with the same file. Doc comments, comments,
//! tests and blank lines are owed to nobody, nor is what only closes an `impl`.
//!
//! # The lists
//! `core.txt` has on each line a file and the chapter by whose end it has been shown
//! whole. `finished.txt` has the chapters that are held to it; the rest is reported.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::Path;

use super::diff::added;
use super::expand::expand;
use super::problem::{BookError, Problem};
use super::source::Source;
use super::summary::{SOURCES, chapters};

/// What the book shows of what it owes.
#[derive(Debug, Default)]
pub struct Coverage {
    /// The files, in the order of the lists.
    pub files: Vec<Covered>,
    /// What finished chapters lack; a test fails on it.
    pub broken: Vec<Problem>,
    /// What chapters lack that are still being written.
    pub open: Vec<Problem>,
}

/// How much of a file the book shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Covered {
    /// The file, seen from the root.
    pub file: String,
    /// How many lines are owed.
    pub owed: usize,
    /// How many of them are shown, be it once or more.
    pub shown: usize,
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Covered { file, owed, shown } in &self.files {
            writeln!(f, "{file}: {shown} of {owed} lines shown")?;
        }
        for problem in self.broken.iter().chain(&self.open) {
            writeln!(f, "{problem}")?;
        }
        Ok(())
    }
}

/// Compares what the book owes with what it shows.
///
/// # Errors
/// If a chapter, a list or a listed file cannot be read.
pub fn coverage_report(root: &Path) -> Result<Coverage, BookError> {
    let finished: Vec<String> = list(root, "finished.txt")?
        .into_iter()
        .map(|entry| entry.words.join(" "))
        .collect();
    let shown = Showings::read(root)?;
    let mut coverage = Coverage::default();
    for unknown in finished.iter().filter(|slug| !shown.slugs.contains(*slug)) {
        let sentence = format!("no chapter of SUMMARY.md has the slug `{unknown}`");
        let file = format!("{SOURCES}/finished.txt");
        coverage.broken.push(Problem::of(&file, sentence));
    }
    for debt in core(root)?.into_iter().chain(teacups(root, &shown.slugs)?) {
        coverage.settle(&debt, &shown, &finished);
    }
    Ok(coverage)
}

/// Lines of a file that some chapter owes.
struct Debt {
    file: String,
    source: Source,
    lines: Vec<usize>,
    /// The chapter by whose end they are shown; none if the list does not say yet.
    slug: Option<String>,
}

/// A page's line that shows something.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    slug: String,
    page: String,
    line: usize,
}

/// What all pages show: for each file and line, where.
#[derive(Default)]
struct Showings {
    slugs: Vec<String>,
    places: BTreeMap<(String, usize), Vec<Place>>,
}

impl Showings {
    fn read(root: &Path) -> Result<Showings, BookError> {
        let mut showings = Showings::default();
        for chapter in chapters(root)? {
            let Some(page) = chapter.file() else { continue };
            let slug = chapter.slug().unwrap_or("").to_owned();
            let text = read(root, &page)?;
            for shown in expand(root, &page, &text).shown {
                if shown.recap {
                    continue;
                }
                let place = Place {
                    slug: slug.clone(),
                    page: page.clone(),
                    line: shown.line,
                };
                for n in shown.piece.lines {
                    let key = (shown.piece.file.clone(), n);
                    showings.places.entry(key).or_default().push(place.clone());
                }
            }
            showings.slugs.push(slug);
        }
        Ok(showings)
    }

    fn of(&self, file: &str, line: usize) -> &[Place] {
        let places = self.places.get(&(file.to_owned(), line));
        places.map_or(&[], Vec::as_slice)
    }
}

impl Coverage {
    fn settle(&mut self, debt: &Debt, showings: &Showings, finished: &[String]) {
        let is_finished = |slug: &str| finished.iter().any(|done| done == slug);
        let due = debt.slug.as_deref().is_some_and(is_finished);
        let mut shown = 0;
        for run in runs(&debt.lines, |n| showings.of(&debt.file, n)) {
            shown += if run.places.is_empty() {
                0
            } else {
                run.lines.len()
            };
            let (sentence, is_due) = match run.places {
                [] => (format!("{} never shown", debt.describe(&run.lines)), due),
                [_] => continue,
                [_, again @ ..] => (
                    format!(
                        "{} shown {} times, at {}; mark repetitions `rust,recap`",
                        debt.describe(&run.lines),
                        run.places.len(),
                        places(run.places)
                    ),
                    again.iter().any(|place| is_finished(&place.slug)),
                ),
            };
            let problem = Problem::at(&debt.file, run.lines[0] + 1, sentence);
            let problems = if is_due {
                &mut self.broken
            } else {
                &mut self.open
            };
            problems.push(problem);
        }
        self.files.push(Covered {
            file: debt.file.clone(),
            owed: debt.lines.len(),
            shown,
        });
    }
}

impl Debt {
    fn describe(&self, lines: &[usize]) -> String {
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

/// Owed lines that follow one another and are shown at the same places.
struct Run<'a> {
    lines: Vec<usize>,
    places: &'a [Place],
}

fn runs<'a>(
    lines: &[usize],
    places: impl Fn(usize) -> &'a [Place],
) -> Vec<Run<'a>> {
    let mut runs: Vec<Run<'a>> = Vec::new();
    for n in lines {
        match runs.last_mut() {
            Some(run) if run.places == places(*n) => run.lines.push(*n),
            _ => runs.push(Run {
                lines: vec![*n],
                places: places(*n),
            }),
        }
    }
    runs
}

fn places(places: &[Place]) -> String {
    let places = places
        .iter()
        .map(|place| format!("{}:{}", place.page, place.line));
    places.collect::<Vec<_>>().join(" and ")
}

/// The files of `core.txt`.
fn core(root: &Path) -> Result<Vec<Debt>, BookError> {
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
fn teacups(root: &Path, slugs: &[String]) -> Result<Vec<Debt>, BookError> {
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
struct Entry {
    line: usize,
    words: Vec<String>,
}

/// Reads a list of the book; one that does not exist is empty, `#` begins a comment.
fn list(root: &Path, name: &str) -> Result<Vec<Entry>, BookError> {
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

fn read(root: &Path, file: &str) -> Result<String, BookError> {
    let text = fs::read_to_string(root.join(file));
    text.map_err(|error| {
        Problem::of(file, format!("cannot be read: {error}")).into()
    })
}
