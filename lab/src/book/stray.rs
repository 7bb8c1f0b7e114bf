//! Rust files of the chapters that nothing compiles.
//!
//! "Each line was compiled" holds only if each file is: as a declared example under
//! the name its path asks for, or as a module of one.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use syn::{Expr, ExprLit, Item, ItemMod, Lit, Meta};

use super::problem::Problem;
use super::summary::SOURCES;
use crate::program::{self, Program};

/// What is wrong with the chapters' Rust files and their declarations.
pub(super) fn strays(root: &Path) -> io::Result<Vec<Problem>> {
    let programs = program::all(root)?;
    let mut problems: Vec<Problem> = programs.iter().filter_map(misnamed).collect();
    let mut compiled = BTreeSet::new();
    for program in &programs {
        reach(root, program.source.clone(), &mut compiled);
    }
    let mut files = Vec::new();
    rust_files(root, Path::new(SOURCES), &mut files)?;
    files.sort();
    for file in files.iter().filter(|file| !compiled.contains(*file)) {
        let sentence = "nothing compiles this file; declare it as an [[example]] in \
                        Cargo.toml, or name it with `mod` in one that is";
        problems.push(Problem::of(&file.display().to_string(), sentence));
    }
    Ok(problems)
}

fn misnamed(program: &Program) -> Option<Problem> {
    let expected = program.expected_example();
    let sentence = format!(
        "call the example of {} `{expected}`, not `{}`",
        program.source.display(),
        program.example
    );
    (program.example != expected).then(|| Problem::of("Cargo.toml", sentence))
}

/// Adds a file and the modules it names. A file that does not parse names none: its
/// reader is in the middle of an exercise.
fn reach(root: &Path, file: PathBuf, compiled: &mut BTreeSet<PathBuf>) {
    let text = fs::read_to_string(root.join(&file)).unwrap_or_default();
    let parsed = syn::parse_file(&text);
    if !compiled.insert(file.clone()) {
        return;
    }
    let folder = file.parent().unwrap_or(Path::new(""));
    for item in parsed.into_iter().flat_map(|file| file.items) {
        let Item::Mod(item) = item else { continue };
        if item.content.is_none() {
            reach(root, plain(&folder.join(module_file(&item))), compiled);
        }
    }
}

fn module_file(item: &ItemMod) -> String {
    let paths = item
        .attrs
        .iter()
        .filter_map(|attribute| match &attribute.meta {
            Meta::NameValue(pair) if pair.path.is_ident("path") => {
                Some(&pair.value)
            }
            _ => None,
        });
    let mut paths = paths.filter_map(|value| match value {
        Expr::Lit(ExprLit {
            lit: Lit::Str(path),
            ..
        }) => Some(path.value()),
        _ => None,
    });
    paths.next().unwrap_or_else(|| format!("{}.rs", item.ident))
}

fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => drop(plain.pop()),
            other => plain.push(other),
        }
    }
    plain
}

/// Lists the Rust files below `at`.
pub(super) fn rust_files(
    root: &Path,
    at: &Path,
    files: &mut Vec<PathBuf>,
) -> io::Result<()> {
    for entry in fs::read_dir(root.join(at))? {
        let entry = entry?;
        let file = at.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            rust_files(root, &file, files)?;
        } else if file.extension().is_some_and(|extension| extension == "rs") {
            files.push(file);
        }
    }
    Ok(())
}
