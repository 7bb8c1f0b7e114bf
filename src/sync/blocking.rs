//! Waiting with the whole thread, for code that is not async.
//!
//! # Layer
//! 4: uses the thread parker.

use crate::waker;

/// Runs `future` on this thread; `call` and `instead` are the names of the function that
/// was called and of its async counterpart.
///
/// # Panics
/// If a Kettle runtime is running on this thread, which would stop with it.
#[track_caller]
pub(super) fn block_on<F: Future>(
    call: &str,
    instead: &str,
    future: F,
) -> F::Output {
    assert!(
        !waker::is_running(),
        "{call} was called inside a future that a Kettle runtime is polling on this \
         thread, which would stop that runtime; await {instead} instead, or use another \
         thread"
    );
    waker::block_on(future)
}
