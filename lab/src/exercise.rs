//! The exercises of the chapters: is mine right, and if not, what is wrong?
//!
//! An exercise is three files: a stub that compiles and is the reader's to change, a
//! kept solution, and the check that both include. The check is code, not a comparison
//! of outputs, because only code can say what is wrong. It explains, and exits non-zero.
//!
//! A mistake in a runtime often shows as a program that waits for ever, so a check
//! has a time limit; reaching it is an answer like any other.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::book::Problem;
use crate::child::{self, Ended};
use crate::program::{self, Kind, Program};

/// How long a check may run. The honest ones are done within a second; the rest is
/// for a busy machine.
pub const TIME_LIMIT: Duration = Duration::from_secs(10);

/// An exercise of a chapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exercise {
    /// What the reader changes.
    pub stub: Program,
    /// The kept solution.
    pub solution: Option<Program>,
}

/// What came of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is right; what the check printed.
    Passed(String),
    /// It is wrong; the check's explanation.
    Failed(String),
    /// It was still running at the time limit and was stopped; what it printed before.
    Hung(String),
    /// It does not compile.
    NotBuilt,
}

/// The exercises of a chapter, in the order of `Cargo.toml`.
///
/// # Errors
/// If the manifest cannot be read.
pub fn of_chapter(root: &Path, slug: &str) -> io::Result<Vec<Exercise>> {
    let mut all = all(root)?;
    all.retain(|exercise| exercise.stub.slug == slug);
    Ok(all)
}

fn all(root: &Path) -> io::Result<Vec<Exercise>> {
    let all = program::all(root)?;
    let stubs = all.iter().filter(|program| program.kind == Kind::Exercise);
    let exercises = stubs.map(|stub| Exercise {
        stub: stub.clone(),
        solution: all
            .iter()
            .filter(|other| other.kind == Kind::Solution && other.slug == stub.slug)
            .find(|other| other.name == stub.name)
            .cloned(),
    });
    Ok(exercises.collect())
}

/// Runs a built exercise and judges it.
///
/// # Errors
/// If the executable cannot be started.
pub fn judge(executable: Option<&Path>, limit: Duration) -> io::Result<Verdict> {
    let Some(executable) = executable else {
        return Ok(Verdict::NotBuilt);
    };
    let Ended { status, stdout, .. } = child::run(executable, true, limit)?;
    Ok(match status {
        Some(status) if status.success() => Verdict::Passed(stdout),
        Some(_) => Verdict::Failed(stdout),
        None => Verdict::Hung(stdout),
    })
}

/// What is wrong with the exercises of the book: a stub that passes or has nothing to
/// say, a solution that does not pass. A test asserts that there is nothing.
///
/// # Errors
/// If Cargo or a program cannot be run.
pub fn faults(root: &Path) -> io::Result<Vec<Problem>> {
    let exercises = all(root)?;
    let solutions = exercises.iter().filter_map(|e| e.solution.as_ref());
    let programs = exercises.iter().map(|e| &e.stub).chain(solutions);
    let examples: Vec<&str> = programs.map(|p| p.example.as_str()).collect();
    let builds = program::build(root, &examples, false)?;
    let verdict = |program: &Program| {
        let executable = builds.executables.get(&program.example);
        judge(executable.map(PathBuf::as_path), TIME_LIMIT)
    };
    let mut problems = Vec::new();
    for exercise in &exercises {
        let why = fault_of_stub(&verdict(&exercise.stub)?, &builds.said);
        problems.extend(why.map(|why| exercise.stub.problem(why)));
        match &exercise.solution {
            Some(solution) => {
                let why = fault_of_solution(&verdict(solution)?, &builds.said);
                problems.extend(why.map(|why| solution.problem(why)));
            }
            None => problems.push(exercise.stub.problem("it has no kept solution")),
        }
    }
    Ok(problems)
}

fn fault_of_stub(verdict: &Verdict, said: &str) -> Option<String> {
    match verdict {
        Verdict::Failed(why) if !why.trim().is_empty() => None,
        Verdict::Failed(_) => Some("its check fails without a word".to_owned()),
        Verdict::Passed(_) => Some(
            "it passes its check. If you have just solved it: well done, and this test \
             is only for the book's authors, whose stubs are to fail"
                .to_owned(),
        ),
        Verdict::Hung(_) => Some("it hangs; its check is to find that out".to_owned()),
        Verdict::NotBuilt => Some(format!("it does not compile\n{said}")),
    }
}

fn fault_of_solution(verdict: &Verdict, said: &str) -> Option<String> {
    match verdict {
        Verdict::Passed(_) => None,
        Verdict::Failed(why) => Some(format!("its check fails:\n{why}")),
        Verdict::Hung(why) => Some(format!("it hangs, having said:\n{why}")),
        Verdict::NotBuilt => Some(format!("it does not compile\n{said}")),
    }
}
