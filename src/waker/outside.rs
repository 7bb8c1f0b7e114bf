//! Work that is done for a runtime, but outside of it.
//!
//! While a thread of the blocking pool computes for a task, the runtime may have nothing
//! to do, and yet time must not be made to jump: the answer is on its way. So whoever
//! works outside holds an [`OutsideWork`], and the runtime's inbox counts them.
//!
//! # Layer
//! 3: uses the registry and the inbox.

use super::{RuntimeId, inbox_of};

/// While it lives, work for `runtime` is under way outside of it.
#[derive(Debug)]
pub(crate) struct OutsideWork {
    runtime: RuntimeId,
}

impl OutsideWork {
    /// Work for `runtime` begins.
    pub(crate) fn begin(runtime: RuntimeId) -> OutsideWork {
        if let Some(inbox) = inbox_of(runtime) {
            inbox.outside_begins();
        }
        OutsideWork { runtime }
    }
}

impl Drop for OutsideWork {
    fn drop(&mut self) {
        // A runtime that has ended has no clock to hold.
        if let Some(inbox) = inbox_of(self.runtime) {
            inbox.outside_ends();
        }
    }
}
