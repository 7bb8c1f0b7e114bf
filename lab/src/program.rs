//! The programs of the chapters: which there are, and how one is built and run.
//!
//! A chapter's program is an ordinary Cargo example, declared in the root's
//! `Cargo.toml`; that list is the only one. So `cargo test` compiles every program,
//! and a name is looked up and never joined to a path.
//!
//! # Names
//! `chapters/SLUG/PROGRAM.rs` is the example `SLUG-PROGRAM`, with `-` for `_`; the one
//! called as its chapter is the chapter's principal program, the example `SLUG`.
//! Exercises are `SLUG-exercise-NAME`, their kept solutions `SLUG-solution-NAME`.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::book::Problem;
use crate::child::{self, Ended};

/// What a program is to its chapter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// It is run and read.
    Program,
    /// The reader completes it.
    Exercise,
    /// An exercise, completed.
    Solution,
}

/// A declared program of a chapter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Program {
    /// Its chapter.
    pub slug: String,
    /// What it is.
    pub kind: Kind,
    /// Its name within the chapter, with `-`.
    pub name: String,
    /// The name of the Cargo example.
    pub example: String,
    /// Its file, seen from the root.
    pub source: PathBuf,
}

impl Program {
    /// Takes the declaration of an example apart; none if it is not a chapter's.
    fn declared(example: &str, path: &str) -> Option<Program> {
        let source = PathBuf::from(path);
        let parts: Vec<&str> = path.strip_prefix("chapters/")?.split('/').collect();
        let (slug, kind, file) = match parts[..] {
            [slug, file] => (slug, Kind::Program, file),
            [slug, "exercises", file] => (slug, Kind::Exercise, file),
            [slug, "solutions", file] => (slug, Kind::Solution, file),
            _ => return None,
        };
        Some(Program {
            slug: slug.to_owned(),
            kind,
            name: file.strip_suffix(".rs")?.replace('_', "-"),
            example: example.to_owned(),
            source,
        })
    }

    /// The name its example must have.
    pub fn expected_example(&self) -> String {
        match self.kind {
            Kind::Program if self.is_principal() => self.slug.clone(),
            Kind::Program => format!("{}-{}", self.slug, self.name),
            Kind::Exercise => format!("{}-exercise-{}", self.slug, self.name),
            Kind::Solution => format!("{}-solution-{}", self.slug, self.name),
        }
    }

    /// Whether it is the one that `cargo kettle run SLUG` means.
    pub fn is_principal(&self) -> bool {
        self.name == self.slug
    }

    /// Whether the reader's word means this program; `_` and `-` are the same.
    pub fn is_named(&self, word: &str) -> bool {
        let word = word.trim_end_matches(".rs").replace('_', "-");
        self.name == word || (word.is_empty() && self.is_principal())
    }

    /// What `cargo kettle run` calls it.
    pub fn target(&self) -> String {
        match self.is_principal() {
            true => self.slug.clone(),
            false => format!("{}/{}", self.slug, self.name),
        }
    }

    /// The command that runs it.
    pub fn command(&self) -> String {
        format!("cargo kettle run {}", self.target())
    }

    /// The first sentence of its header: what it is about.
    ///
    /// # Errors
    /// If the source cannot be read.
    pub fn about(&self, root: &Path) -> io::Result<String> {
        let text = fs::read_to_string(root.join(&self.source))?;
        let header = text.lines().map_while(|line| line.strip_prefix("//!"));
        let words = header.flat_map(str::split_whitespace);
        let mut sentence = String::new();
        for word in words {
            sentence.push_str(word);
            if word.ends_with(['.', '?']) {
                break;
            }
            sentence.push(' ');
        }
        Ok(sentence.trim_end().to_owned())
    }

    /// Where its output is stored, seen from the root.
    pub fn output(&self) -> PathBuf {
        self.source.with_extension("out")
    }

    pub(crate) fn problem(&self, why: impl Into<String>) -> Problem {
        Problem::of(&self.source.display().to_string(), why)
    }

    fn fault(&self, root: &Path, ended: &Ended) -> io::Result<Option<String>> {
        let Some(status) = ended.status else {
            return Ok(Some("it hangs".to_owned()));
        };
        if !status.success() {
            return Ok(Some(format!("it ends with {status}\n{}", ended.stderr)));
        }
        match self.varies(root)? {
            Some(reason) if !reason.is_empty() => return Ok(None),
            Some(_) => return Ok(Some("say why its output varies".to_owned())),
            None => {}
        }
        let file = self.output();
        let hint = format!("`{} > {}` stores it", self.command(), file.display());
        Ok(match fs::read_to_string(root.join(&file)) {
            Ok(stored) if stored == ended.stdout => None,
            Ok(stored) => Some(format!(
                "its output is not the stored one; {hint}, if it is right\n\
                 stored:\n{stored}printed:\n{}",
                ended.stdout
            )),
            Err(_) => Some(format!("its output is not stored; {hint}")),
        })
    }

    /// Why its output varies from run to run, if it says so in its header:
    /// `//! output: varies, because …`.
    ///
    /// # Errors
    /// If the source cannot be read.
    pub fn varies(&self, root: &Path) -> io::Result<Option<String>> {
        let text = fs::read_to_string(root.join(&self.source))?;
        let mut header = text.lines().take_while(|line| line.starts_with("//!"));
        let reason =
            header.find_map(|line| line.strip_prefix("//! output: varies"));
        Ok(reason
            .map(|reason| reason.trim_matches([',', ':', ' ', '.']).to_owned()))
    }
}

/// How long a program of the book may run before it counts as hanging.
const TIME_LIMIT: Duration = Duration::from_secs(60);

/// What is wrong with the programs of the book: one that fails, or does not print what
/// is stored. A test asserts that there is nothing.
///
/// # Errors
/// If Cargo or a program cannot be run.
pub fn faults(root: &Path) -> io::Result<Vec<Problem>> {
    let mut programs = all(root)?;
    programs.retain(|program| program.kind == Kind::Program);
    let examples: Vec<&str> = programs.iter().map(|p| p.example.as_str()).collect();
    let builds = build(root, &examples, false)?;
    let mut problems = Vec::new();
    for program in &programs {
        let fault = match builds.executables.get(&program.example) {
            Some(executable) => {
                let ended = child::run(executable, false, TIME_LIMIT)?;
                program.fault(root, &ended)?
            }
            None => Some(format!("it does not compile\n{}", builds.said)),
        };
        problems.extend(fault.map(|why| program.problem(why)));
    }
    Ok(problems)
}

/// Every chapter program that the root's `Cargo.toml` declares, in its order.
///
/// # Errors
/// If the manifest cannot be read or is not TOML.
pub fn all(root: &Path) -> io::Result<Vec<Program>> {
    let text = fs::read_to_string(root.join("Cargo.toml"))?;
    let manifest: toml::Table = text.parse().map_err(io::Error::other)?;
    let examples = manifest.get("example").and_then(|value| value.as_array());
    let declared = examples.into_iter().flatten().filter_map(|example| {
        Program::declared(
            example.get("name")?.as_str()?,
            example.get("path")?.as_str()?,
        )
    });
    Ok(declared.collect())
}

/// The programs of a chapter that are run and read, the principal one first.
///
/// # Errors
/// As [`all`].
pub fn of_chapter(root: &Path, slug: &str) -> io::Result<Vec<Program>> {
    let mut programs = all(root)?;
    programs
        .retain(|program| program.slug == slug && program.kind == Kind::Program);
    programs.sort_by_key(|program| !program.is_principal());
    Ok(programs)
}

/// What Cargo made of some examples.
#[derive(Debug, Default)]
pub struct Builds {
    /// The executables, by example; what does not compile is missing.
    pub executables: BTreeMap<String, PathBuf>,
    /// What the compiler said, unless it was said aloud.
    pub said: String,
}

/// Builds examples in one call of Cargo. What Cargo has to say while it works goes
/// to standard error if `aloud`, and into [`Builds`] otherwise.
///
/// # Errors
/// If Cargo cannot be run. An example that does not compile is no error here.
pub fn build(root: &Path, examples: &[&str], aloud: bool) -> io::Result<Builds> {
    if examples.is_empty() {
        // To Cargo, no example named means all of them, and the library.
        return Ok(Builds::default());
    }
    let profile = if cfg!(debug_assertions) {
        "dev"
    } else {
        "release"
    };
    let output = cargo(root)
        .args([
            "build",
            "--package",
            "kettle",
            "--keep-going",
            "--profile",
            profile,
        ])
        .args(examples.iter().flat_map(|example| ["--example", example]))
        .arg("--message-format=json-render-diagnostics")
        .args(if aloud { &[][..] } else { &["--quiet"] })
        .stderr(if aloud {
            Stdio::inherit()
        } else {
            Stdio::piped()
        })
        .output()?;
    let messages = String::from_utf8_lossy(&output.stdout);
    Ok(Builds {
        executables: messages.lines().filter_map(executable).collect(),
        said: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}

/// The Cargo that runs us, so that a reader's toolchain choice holds for programs too.
fn cargo(root: &Path) -> Command {
    let cargo =
        std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(cargo);
    command.current_dir(root);
    command
}

/// The example and its executable, if this message of Cargo's announces one.
fn executable(message: &str) -> Option<(String, PathBuf)> {
    let message: Value = serde_json::from_str(message).ok()?;
    let example = message["target"]["name"].as_str()?;
    let path = message["executable"].as_str()?;
    Some((example.to_owned(), PathBuf::from(path)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declared(path: &str) -> Option<Program> {
        Program::declared("an-example", path)
    }

    #[test]
    fn a_file_says_what_its_example_is_called() {
        let expected =
            |path| declared(path).map(|program| program.expected_example());
        let principal = expected("chapters/block-on/block_on.rs");
        assert_eq!(principal.as_deref(), Some("block-on"));
        let other = expected("chapters/block-on/lost_wake_up.rs");
        assert_eq!(other.as_deref(), Some("block-on-lost-wake-up"));
        let exercise = expected("chapters/block-on/exercises/token.rs");
        assert_eq!(exercise.as_deref(), Some("block-on-exercise-token"));
        let solution = expected("chapters/block-on/solutions/token.rs");
        assert_eq!(solution.as_deref(), Some("block-on-solution-token"));
        assert_eq!(expected("examples/echo.rs"), None);
    }

    #[test]
    fn a_program_answers_to_its_file_name_too() {
        let program =
            declared("chapters/block-on/lost_wake_up.rs").expect("a program");
        for word in ["lost-wake-up", "lost_wake_up", "lost_wake_up.rs"] {
            assert!(program.is_named(word), "{word}");
        }
        assert!(!program.is_named("lost"));
        assert!(
            !program.is_named(""),
            "only the principal program needs no name"
        );
    }
}
