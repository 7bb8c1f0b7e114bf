//! A deadlock as a failure instead of a test that never ends.

use std::panic::resume_unwind;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

/// Long enough for any machine; only a deadlock waits for it.
const FAR: Duration = Duration::from_secs(120);

/// Runs `test` on a thread of its own; its panic is the caller's.
///
/// # Panics
/// If it has not ended after two minutes.
pub(crate) fn watched(test: impl FnOnce() + Send + 'static) {
    let (sender, receiver) = channel();
    let thread = thread::spawn(move || {
        let _alive = sender;
        test();
    });
    // Nothing is ever sent: the sender is dropped when the test ends, however it ends.
    if receiver.recv_timeout(FAR) == Err::<(), _>(RecvTimeoutError::Timeout) {
        panic!("the test has not ended after {FAR:?}: a deadlock");
    }
    if let Err(panic) = thread.join() {
        resume_unwind(panic);
    }
}
