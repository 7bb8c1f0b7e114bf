//! What is wrong with the book, and where.
//!
//! An author mends a chapter in an editor, so a problem names the file and the line
//! there, not the page that came of it. All problems of a build are collected and
//! shown at once; one error a build would make a long evening.

use std::fmt;

/// One thing that is wrong: where it stands, and a sentence about it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file, seen from the workspace root.
    pub file: String,
    /// The line, counted from one; none where the whole file is meant.
    pub line: Option<usize>,
    /// What is wrong and what to do about it.
    pub sentence: String,
}

impl Problem {
    /// A problem on a line.
    pub fn at(file: &str, line: usize, sentence: impl Into<String>) -> Problem {
        Problem {
            file: file.to_owned(),
            line: Some(line),
            sentence: sentence.into(),
        }
    }

    /// A problem of a whole file.
    pub fn of(file: &str, sentence: impl Into<String>) -> Problem {
        Problem {
            file: file.to_owned(),
            line: None,
            sentence: sentence.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.file, self.sentence),
            None => write!(f, "{}: {}", self.file, self.sentence),
        }
    }
}

/// Why there is no book: the list of its problems, never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookError {
    /// The problems, in the order of the chapters.
    pub problems: Vec<Problem>,
}

impl BookError {
    /// `Err` if there are problems.
    pub(crate) fn unless_empty(problems: Vec<Problem>) -> Result<(), BookError> {
        if problems.is_empty() {
            Ok(())
        } else {
            Err(BookError { problems })
        }
    }
}

impl From<Problem> for BookError {
    fn from(problem: Problem) -> BookError {
        BookError {
            problems: vec![problem],
        }
    }
}

impl fmt::Display for BookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, problem) in self.problems.iter().enumerate() {
            if n > 0 {
                writeln!(f)?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for BookError {}
