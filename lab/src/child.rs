//! A program run to its end, or to a limit, with what it printed.
//!
//! Broken async programs rarely crash; they wait for ever. So whoever runs one needs a
//! limit, and needs the output read all the while, or a full pipe would be the reason
//! for the waiting.

use std::io::{self, PipeReader, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

/// How much of a stream is kept: more than anyone reads, less than hurts.
pub(crate) const KEPT: usize = 64 * 1024;

/// How a program ended.
#[derive(Debug)]
pub(crate) struct Ended {
    /// None if it was stopped at the limit.
    pub(crate) status: Option<ExitStatus>,
    /// The beginning of its standard output.
    pub(crate) stdout: String,
    /// The beginning of its standard error; with `merged`, it is in `stdout`.
    pub(crate) stderr: String,
}

/// Runs a program, without input; `merged` keeps both streams as one, in their order.
pub(crate) fn run(
    program: &Path,
    merged: bool,
    limit: Duration,
) -> io::Result<Ended> {
    let deadline = Instant::now() + limit;
    let (out, out_writer) = io::pipe()?;
    let (err, err_writer) = io::pipe()?;
    let stderr = match merged {
        true => out_writer.try_clone()?,
        false => err_writer,
    };
    let mut child = Command::new(program)
        .stdin(Stdio::null())
        .stdout(out_writer)
        .stderr(stderr)
        .spawn()?;
    let (out, err) = (read_aside(out), read_aside(err));
    let status = match out.recv_timeout(limit) {
        Ok(stdout) => {
            let status = wait_until(&mut child, deadline)?;
            return Ok(Ended {
                status,
                stdout: stdout?,
                stderr: last_words(&err)?,
            });
        }
        Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
            stop(&mut child)?;
            None
        }
    };
    Ok(Ended {
        status,
        stdout: last_words(&out)?,
        stderr: last_words(&err)?,
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
            stop(child)?;
            return Ok(None);
        }
        thread::sleep(Duration::from_millis(5));
    }
}

fn stop(child: &mut Child) -> io::Result<()> {
    child.kill()?;
    child.wait()?;
    Ok(())
}

/// Reads to the end on a thread, so that the child never blocks, and keeps the
/// beginning.
fn read_aside(mut stream: PipeReader) -> Receiver<io::Result<String>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        // Nobody listens any more if the child was stopped; that is no error.
        let _ = sender.send(read(&mut stream));
    });
    receiver
}

/// What a stream held when its program was gone. A grandchild may keep it open; it
/// gets a second.
fn last_words(stream: &Receiver<io::Result<String>>) -> io::Result<String> {
    let said = stream.recv_timeout(Duration::from_secs(1)).ok();
    Ok(said.transpose()?.unwrap_or_default())
}

fn read(stream: &mut impl Read) -> io::Result<String> {
    let mut kept = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let count = stream.read(&mut buffer)?;
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
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    const LONG: Duration = Duration::from_secs(60);

    fn script(text: &str, merged: bool, limit: Duration) -> Ended {
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        fs::write(file.path(), format!("#!/bin/sh\n{text}\n"))
            .expect("our own file");
        let mode = fs::Permissions::from_mode(0o755);
        fs::set_permissions(file.path(), mode).expect("our own file");
        // Linux does not execute a file that is open for writing; this closes it.
        let path = file.into_temp_path();
        run(&path, merged, limit).expect("sh can be started")
    }

    #[test]
    fn both_streams_are_kept_apart_or_as_one() {
        let both = "echo out; echo err >&2; exit 3";
        let apart = script(both, false, LONG);
        assert_eq!((&*apart.stdout, &*apart.stderr), ("out\n", "err\n"));
        assert_eq!(apart.status.and_then(|status| status.code()), Some(3));
        assert_eq!(script(both, true, LONG).stdout, "out\nerr\n");
    }

    #[test]
    fn what_waits_for_ever_is_stopped() {
        let hung = script(
            "echo so far; exec sleep 1000",
            true,
            Duration::from_millis(200),
        );
        assert!(hung.status.is_none(), "{hung:?}");
        assert_eq!(hung.stdout, "so far\n");
        let mute = script(
            "exec >&- 2>&-; exec sleep 1000",
            true,
            Duration::from_millis(200),
        );
        assert!(mute.status.is_none(), "{mute:?}");
    }

    #[test]
    fn a_flood_is_read_to_its_end_and_cut() {
        let flood = script("yes | head -c 1000000", true, LONG);
        assert!(flood.status.is_some_and(|status| status.success()));
        assert_eq!(flood.stdout.len(), KEPT);
    }
}
