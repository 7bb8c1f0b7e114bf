//! The exercises of the chapters: is mine right, and if not, what is wrong?
//!
//! An exercise is three files: a stub that compiles and is the reader's to change, a
//! kept solution, and the check that both include. The check is code, not a comparison
//! of outputs, because only code can say what is wrong. It explains, and exits non-zero.
//!
//! A mistake in a runtime often shows as a program that waits for ever, so a check
//! has a time limit; reaching it is an answer like any other.

use std::io::{self, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use crate::program::{self, Kind, Program};

/// How long a check may run. The honest ones are done within a second; the rest is
/// for a busy machine.
pub const TIME_LIMIT: Duration = Duration::from_secs(10);

/// How much of a check's output is kept: more than anyone reads, less than hurts.
const KEPT: usize = 64 * 1024;

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
    let mut all = program::all(root)?;
    all.retain(|program| program.slug == slug);
    let stubs = all.iter().filter(|program| program.kind == Kind::Exercise);
    let exercises = stubs.map(|stub| Exercise {
        stub: stub.clone(),
        solution: all
            .iter()
            .find(|other| other.kind == Kind::Solution && other.name == stub.name)
            .cloned(),
    });
    Ok(exercises.collect())
}

/// Runs a built exercise and judges it.
///
/// # Errors
/// If the executable cannot be started.
pub fn run(executable: &Path, limit: Duration) -> io::Result<Verdict> {
    let (mut output, writer) = io::pipe()?;
    let mut child = Command::new(executable)
        .stdin(Stdio::null())
        .stdout(writer.try_clone()?)
        .stderr(writer)
        .spawn()?;
    let (sender, said) = mpsc::channel();
    thread::spawn(move || {
        // Nobody listens any more if the reader below gave up; that is no error.
        let _ = sender.send(read(&mut output));
    });
    let deadline = Instant::now() + limit;
    let text = match said.recv_timeout(limit) {
        Ok(text) => text?,
        Err(RecvTimeoutError::Timeout) => {
            child.kill()?;
            child.wait()?;
            let rest = said.recv_timeout(Duration::from_secs(1));
            return Ok(Verdict::Hung(rest.ok().transpose()?.unwrap_or_default()));
        }
        Err(RecvTimeoutError::Disconnected) => String::new(),
    };
    Ok(match wait_until(&mut child, deadline)? {
        Some(status) if status.success() => Verdict::Passed(text),
        Some(_) => Verdict::Failed(text),
        None => Verdict::Hung(text),
    })
}

/// Waits for a child whose output has ended; one that goes on without it is stopped.
fn wait_until(
    child: &mut Child,
    deadline: Instant,
) -> io::Result<Option<ExitStatus>> {
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() >= deadline {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(Duration::from_millis(5));
    }
}

/// Reads to the end, so that the child never blocks, and keeps the beginning.
fn read(output: &mut impl Read) -> io::Result<String> {
    let mut kept = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let count = output.read(&mut buffer)?;
        if count == 0 {
            return Ok(String::from_utf8_lossy(&kept).into_owned());
        }
        let room = KEPT - kept.len();
        kept.extend_from_slice(&buffer[..count.min(room)]);
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn script(text: &str) -> tempfile::TempPath {
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        std::fs::write(file.path(), format!("#!/bin/sh\n{text}\n"))
            .expect("written");
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(file.path(), mode).expect("our own file");
        file.into_temp_path()
    }

    fn verdict(text: &str, limit: Duration) -> Verdict {
        run(&script(text), limit).expect("sh can be started")
    }

    #[test]
    fn the_exit_code_decides_and_both_streams_are_kept() {
        let said = "out\nerr\n".to_owned();
        let long = Duration::from_secs(60);
        let both = "echo out; echo err >&2";
        assert_eq!(verdict(both, long), Verdict::Passed(said.clone()));
        assert_eq!(
            verdict(&format!("{both}; exit 3"), long),
            Verdict::Failed(said)
        );
    }

    #[test]
    fn what_waits_for_ever_is_stopped() {
        let hung = verdict("exec sleep 1000", Duration::from_millis(50));
        assert_eq!(hung, Verdict::Hung(String::new()));
        let mute =
            verdict("exec >&- 2>&-; exec sleep 1000", Duration::from_millis(200));
        assert_eq!(mute, Verdict::Hung(String::new()));
    }

    #[test]
    fn a_flood_is_read_to_its_end_and_cut() {
        let flood = verdict("yes | head -c 1000000", Duration::from_secs(60));
        assert!(matches!(flood, Verdict::Passed(text) if text.len() == KEPT));
    }
}
