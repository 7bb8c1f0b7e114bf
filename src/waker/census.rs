//! How many tasks a runtime has, told to other threads.
//!
//! Home counts in plain numbers, and shows them here once a turn: so counting costs no
//! atomic operation, and who asks from elsewhere gets an answer that may be a turn old.
//!
//! # Invariants
//! 1. Nobody ever reads more ends than spawns.
//!
//! # Layer
//! 3: uses nothing of Kettle.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

/// Tasks of one runtime, from its beginning; main futures do not count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Census {
    /// Tasks that have got a slot.
    pub(crate) spawned: u64,
    /// Those of them that are done, by whatever end.
    pub(crate) ended: u64,
}

/// The census as home has last shown it.
#[derive(Debug, Default)]
pub(super) struct Published {
    spawned: AtomicU64,
    /// Written after `spawned` with Release and read before it with Acquire, for
    /// invariant 1.
    ended: AtomicU64,
}

impl Published {
    /// Shows `census`; only home does.
    pub(super) fn show(&self, census: Census) {
        self.spawned.store(census.spawned, Relaxed);
        self.ended.store(census.ended, Release);
    }

    /// What was shown last.
    pub(super) fn read(&self) -> Census {
        let ended = self.ended.load(Acquire);
        let spawned = self.spawned.load(Relaxed);
        Census { spawned, ended }
    }
}
