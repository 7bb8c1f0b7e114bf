//! Literate coverage: the book shows each line it owes, and shows it once.
//!
//! Two things are owed. Each code line of a file in `chapters/core.txt`; and each line
//! by which a chapter's `teacup.rs` differs from the Teacup of the chapter before, so
//! that a reader who types along ends up with the same file. Doc comments, comments,
//! tests and blank lines are owed to nobody, nor is what only closes an `impl`.
//!
//! Finished chapters are held to it; of the rest, what is missing is reported.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use super::expand::expand;
use super::owed::{Debt, core, list, read, teacups};
use super::problem::{BookError, Problem};
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
