//! `cargo kettle check`: the reader's exercises, built, run and judged.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anstream::println;
use kettle_lab::exercise::{self, Exercise, TIME_LIMIT, Verdict};
use kettle_lab::name::nearest;
use kettle_lab::program::{self, Kind, Program};

use super::{BAD, CODE, DIM, GOOD, failed, target};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The chapter, by name or number, and one of its exercises if not all; nothing for a
    /// list of all.
    #[arg(value_name = "CHAPTER[/EXERCISE]")]
    target: Option<String>,
    /// Check the book's own solutions instead of yours.
    #[arg(long)]
    solution: bool,
}

pub(crate) fn check(args: &Args) -> ExitCode {
    let root = kettle_lab::book::root();
    let Some(target) = &args.target else {
        return match list_all(&root) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => failed(&format!("the exercises are not found: {error}")),
        };
    };
    match find(&root, target).and_then(|all| which(all, args.solution)) {
        Ok(programs) => check_all(&root, &programs),
        Err(sentence) => failed(&sentence),
    }
}

/// Every exercise, with the first sentence of its stub.
fn list_all(root: &Path) -> io::Result<()> {
    let mut stubs = program::all(root)?;
    stubs.retain(|program| program.kind == Kind::Exercise);
    let width = stubs.iter().map(|it| it.target().len()).max();
    let width = width.unwrap_or(0);
    for stub in &stubs {
        let (target, about) = (stub.target(), stub.about(root)?);
        println!("  {CODE}{target:width$}{CODE:#}  {about}");
    }
    println!("\nCheck one with {CODE}cargo kettle check{CODE:#} and its name.");
    Ok(())
}

fn find(root: &Path, word: &str) -> Result<Vec<Exercise>, String> {
    let (slug, name) = target(root, word)?;
    let all =
        exercise::of_chapter(root, &slug).map_err(|error| error.to_string())?;
    if all.is_empty() {
        return Err(format!("the chapter `{slug}` has no exercises"));
    }
    let Some(name) = name else { return Ok(all) };
    let meant = |exercise: &&Exercise| exercise.stub.is_named(name);
    match all.iter().find(meant) {
        Some(exercise) => Ok(vec![exercise.clone()]),
        None => {
            let names: Vec<&str> =
                all.iter().map(|e| e.stub.name.as_str()).collect();
            let near = nearest(name, names.iter().copied());
            let near =
                near.map_or(String::new(), |n| format!(" (did you mean `{n}`?)"));
            let names = names.join(", ");
            Err(format!(
                "`{slug}` has no exercise `{name}`{near}; it has: {names}"
            ))
        }
    }
}

fn which(all: Vec<Exercise>, solution: bool) -> Result<Vec<Program>, String> {
    let chosen = all.into_iter().map(|exercise| match solution {
        false => Ok(exercise.stub),
        true => exercise.solution.ok_or(format!(
            "the exercise `{}` is open: it has no kept solution",
            exercise.stub.name
        )),
    });
    chosen.collect()
}

fn check_all(root: &Path, programs: &[Program]) -> ExitCode {
    let examples: Vec<&str> = programs.iter().map(|p| p.example.as_str()).collect();
    let builds = match program::build(root, &examples, true) {
        Ok(builds) => builds,
        Err(error) => return failed(&format!("cargo could not be run: {error}")),
    };
    let mut passed = 0;
    for program in programs {
        let executable = builds.executables.get(&program.example);
        match exercise::judge(executable.map(PathBuf::as_path), TIME_LIMIT) {
            Ok(verdict) => {
                passed += usize::from(matches!(verdict, Verdict::Passed(_)));
                report(program, &verdict);
            }
            Err(error) => return failed(&format!("{}: {error}", program.example)),
        }
    }
    println!("\n{passed} of {} right", programs.len());
    match passed == programs.len() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

fn report(program: &Program, verdict: &Verdict) {
    let name = format!("{}/{}", program.slug, program.name);
    let limit = TIME_LIMIT.as_secs();
    let (said, why) = match verdict {
        Verdict::Passed(said) => {
            println!("{GOOD}✓{GOOD:#} {name}");
            return indent(said);
        }
        Verdict::Failed(said) => (said.as_str(), String::new()),
        Verdict::Hung(said) => (
            said.as_str(),
            format!(
                "It was still running after {limit} s and was stopped.\n\
                 Who was to wake it, and did that happen before it went to sleep?"
            ),
        ),
        Verdict::NotBuilt => ("", "It does not compile; see above.".to_owned()),
    };
    println!("{BAD}✗{BAD:#} {name}");
    indent(said);
    indent(&why);
    let file = program.source.display();
    println!("  {DIM}your file{DIM:#} {file}");
    println!("  {DIM}then{DIM:#}      {CODE}cargo kettle check {name}{CODE:#}");
}

fn indent(text: &str) {
    for line in text.lines() {
        println!("  {line}");
    }
}
