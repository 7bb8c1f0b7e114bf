//! Notices that a file of the book has changed, and has the book built again.
//!
//! A thread of its own looks at the files' times twice a second. That is a few hundred
//! calls of `stat`, works on every system and file system, and needs no library; the
//! alternative, to be told by the kernel, differs on each. Building takes its time too,
//! and the thread that answers readers must not stand still for it.

use super::listen::Handle;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::thread::{self, JoinHandle};
use std::time::{Duration, SystemTime};
use std::{fs, io};

/// A file's time and length: what tells that it has changed.
type Look = BTreeMap<PathBuf, (Option<SystemTime>, u64)>;

/// Without a change for this long, a file counts as written.
const SETTLING: Duration = Duration::from_millis(30);

/// Builds again whenever something under `watched` has changed, and has `handle`'s server
/// show it, or show the reason why not. Ends, at the next look, when the server is told
/// to stop.
///
/// `build` returns the folder of the built pages.
pub fn watch<B, E>(
    handle: Handle,
    watched: Vec<PathBuf>,
    every: Duration,
    mut build: B,
) -> JoinHandle<()>
where
    B: FnMut() -> Result<PathBuf, E> + Send + 'static,
    E: std::fmt::Display,
{
    let mut seen = look_at(&watched);
    thread::spawn(move || {
        while !handle.is_stopped() {
            thread::sleep(every);
            if look_at(&watched) == seen {
                continue;
            }
            // Taken before the build: a change during it is another change.
            seen = settled(&watched);
            let built = build().map_err(|error| error.to_string());
            let shown = built.and_then(|dir| {
                handle.show(&dir).map_err(|error| error.to_string())
            });
            if let Err(problem) = shown {
                eprintln!("{problem}\nThe pages before this change stay.");
                handle.report(&problem);
            }
        }
    })
}

/// Editors write a file in several steps; this waits until they are done.
fn settled(watched: &[PathBuf]) -> Look {
    let mut look = look_at(watched);
    loop {
        thread::sleep(SETTLING);
        let next = look_at(watched);
        if next == look {
            return look;
        }
        look = next;
    }
}

/// What cannot be looked at is not there: a file may go between two looks.
fn look_at(watched: &[PathBuf]) -> Look {
    let mut look = Look::new();
    for path in watched {
        let _ = add(path, &mut look);
    }
    look
}

fn add(path: &Path, look: &mut Look) -> io::Result<()> {
    let metadata = fs::metadata(path)?;
    if !metadata.is_dir() {
        let seen = (metadata.modified().ok(), metadata.len());
        look.insert(path.to_path_buf(), seen);
        return Ok(());
    }
    for entry in fs::read_dir(path)? {
        let _ = add(&entry?.path(), look);
    }
    Ok(())
}
