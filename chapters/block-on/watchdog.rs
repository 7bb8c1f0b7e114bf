//! What to do with a program that may never end: wait elsewhere, and not for ever.

#![allow(dead_code, unreachable_pub, reason = "each program uses a part of it")]

use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

/// Does `work` on a thread of its own; `None` if it is not done within a second.
pub fn watched<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let (sender, done) = mpsc::channel();
    thread::spawn(move || sender.send(work()));
    match done.recv_timeout(Duration::from_secs(1)) {
        Ok(output) => Some(output),
        Err(RecvTimeoutError::Timeout) => None,
        Err(RecvTimeoutError::Disconnected) => panic!("the work panicked"),
    }
}
