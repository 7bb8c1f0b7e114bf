//! `cargo kettle run`: one program of a chapter, with this terminal as its own; or the
//! list of all.

use std::io;
use std::path::Path;
use std::process::{Command, ExitCode};

use anstream::{eprintln, println};
use kettle_lab::name::nearest;
use kettle_lab::{book, program};
use program::{Kind, Program};

use super::{CODE, DIM, failed, target};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The chapter, by name or number, and one of its programs if not the first; nothing
    /// for a list of all.
    #[arg(value_name = "CHAPTER[/PROGRAM]")]
    target: Option<String>,
}

pub(crate) fn run(args: &Args) -> ExitCode {
    let root = book::root();
    let Some(target) = &args.target else {
        return match list_all(&root) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => failed(&format!("the programs are not found: {error}")),
        };
    };
    match find(&root, target) {
        Ok((program, others)) => {
            let code = start(&root, &program);
            list(&others);
            code
        }
        Err(sentence) => failed(&sentence),
    }
}

/// The program that is meant, and the chapter's others.
fn find(root: &Path, word: &str) -> Result<(Program, Vec<Program>), String> {
    let (slug, name) = target(root, word)?;
    let all =
        program::of_chapter(root, &slug).map_err(|error| error.to_string())?;
    let wanted = name.unwrap_or("");
    match all.iter().position(|program| program.is_named(wanted)) {
        Some(found) => {
            let mut others = all;
            Ok((others.remove(found), others))
        }
        None => Err(unknown(&slug, name, &all)),
    }
}

fn unknown(slug: &str, name: Option<&str>, all: &[Program]) -> String {
    let commands: Vec<_> =
        all.iter().map(|p| format!("\n  {}", p.command())).collect();
    let commands = commands.concat();
    match (name, all) {
        (_, []) => format!("the chapter `{slug}` has no program to run"),
        (None, _) => format!("which one? The programs of `{slug}` are:{commands}"),
        (Some(name), _) => {
            let names = all.iter().map(|program| program.name.as_str());
            let near = nearest(name, names);
            let near =
                near.map_or(String::new(), |n| format!(" (did you mean `{n}`?)"));
            format!("`{slug}` has no program `{name}`{near}; it has:{commands}")
        }
    }
}

fn start(root: &Path, program: &Program) -> ExitCode {
    let builds = match program::build(root, &[&program.example], true) {
        Ok(builds) => builds,
        Err(error) => return failed(&format!("cargo could not be run: {error}")),
    };
    let Some(executable) = builds.executables.get(&program.example) else {
        return failed(&format!("{} does not compile", program.source.display()));
    };
    match Command::new(executable).status() {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(status) => {
            let code = status.code().and_then(|code| u8::try_from(code).ok());
            code.map_or(ExitCode::FAILURE, ExitCode::from)
        }
        Err(error) => {
            failed(&format!("{} did not start: {error}", program.example))
        }
    }
}

/// Every program, by chapter, with the first line of what it says of itself.
fn list_all(root: &Path) -> io::Result<()> {
    let mut programs = program::all(root)?;
    programs.retain(|program| program.kind == Kind::Program);
    let width = programs.iter().map(|it| it.target().len()).max();
    let width = width.unwrap_or(0);
    let mut chapter = "";
    for program in &programs {
        if program.slug != chapter {
            chapter = &program.slug;
            println!("{DIM}{chapter}{DIM:#}");
        }
        let (target, about) = (program.target(), program.about(root)?);
        println!("  {CODE}{target:width$}{CODE:#}  {about}");
    }
    println!("\nRun one with {CODE}cargo kettle run{CODE:#} and its name.");
    Ok(())
}

fn list(others: &[Program]) {
    if others.is_empty() {
        return;
    }
    eprintln!("\n{DIM}The chapter's other programs:{DIM:#}");
    for program in others {
        eprintln!("  {CODE}{}{CODE:#}", program.command());
    }
}
