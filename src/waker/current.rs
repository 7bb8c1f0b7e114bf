//! Which runtime is *current* on this thread, and whether one is *running* here.
//!
//! Current is what `spawn` and `sleep` mean when they name no runtime: `Handle::enter`
//! makes a runtime current, on any thread, and so does `block_on` while it runs. Running
//! is narrower: a `block_on` is on the stack, and a second one inside it would put the
//! first to sleep with it.
//!
//! # Layer
//! 3: uses `scoped`.

use std::cell::Cell;

use super::RuntimeId;
use crate::scoped::{self, Entered, Scoped};

thread_local! {
    static CURRENT: Scoped<Option<RuntimeId>> = const { Scoped::new(None) };
    static RUNNING: Cell<bool> = const { Cell::new(false) };
}

/// While it lives, a runtime is current here.
pub(crate) type Current = Entered<Option<RuntimeId>>;

/// The runtime that is current on this thread.
pub(crate) fn current() -> Option<RuntimeId> {
    CURRENT.with(Scoped::get)
}

/// Makes `runtime` current until the guard is dropped.
pub(crate) fn enter(runtime: RuntimeId) -> Current {
    scoped::enter(&CURRENT, Some(runtime))
}

/// While it lives, a runtime is running here, and current.
#[derive(Debug)]
pub(crate) struct Running {
    _current: Current,
}

/// Marks `runtime` as running on this thread.
///
/// # Panics
/// If one is running here already.
#[track_caller]
pub(crate) fn run(runtime: RuntimeId) -> Running {
    assert!(
        !RUNNING.with(|running| running.replace(true)),
        "block_on was called inside a future that a Kettle runtime is polling on this \
         thread, which would stop that runtime; await the future instead, or use \
         another thread"
    );
    Running {
        _current: enter(runtime),
    }
}

/// Whether a runtime is running on this thread.
pub(crate) fn is_running() -> bool {
    RUNNING.with(Cell::get)
}

impl Drop for Running {
    fn drop(&mut self) {
        // There is at most one, so there is no value from before to restore.
        RUNNING.with(|running| running.set(false));
    }
}
