//! The free permits of a semaphore that nobody waits for: the one atomic fast path.
//!
//! Locking and unlocking costs two atomic operations, and a semaphore that is not
//! contended needs none of what the lock protects. So while nobody waits, the free
//! permits lie in a till: one word, changed by one atomic operation.
//!
//! # How it works
//! ```text
//!            take, give: one compare-and-swap
//!                 +-----+
//!                 |     v      shut (under the lock)
//!                 +--- open ------------------------> shut: take and give refuse
//!                       ^                               |
//!                       +-------------------------------+
//!                              open (under the lock)
//! ```
//! Whoever has the lock shuts the till, carries the permits in, and carries them out
//! again only if nobody waits.
//!
//! # Invariants
//! 1. `shut` and `open` are called under the semaphore's lock, in turns.
//! 2. A shut till is empty: the permits are under the lock.
//!
//! # Layer
//! 4: uses nothing but the standard library.

use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};

/// Set while the till is shut. The permits stand above it.
const SHUT: usize = 1;
/// One permit.
const ONE: usize = 2;

/// A count of free permits that can be shut.
#[derive(Debug)]
pub(super) struct Till {
    /// Who takes permits (Acquire) sees all that was done before they were given
    /// (Release), as with a lock. `shut` does both, for it takes and later gives.
    word: AtomicUsize,
}

impl Till {
    /// An open till with `permits` in it.
    pub(super) const fn new(permits: usize) -> Till {
        Till {
            word: AtomicUsize::new(permits * ONE),
        }
    }

    /// Takes `n` permits, if it is open and has as many.
    pub(super) fn take(&self, n: usize) -> bool {
        let less =
            |word| (word & SHUT == 0 && word / ONE >= n).then(|| word - n * ONE);
        self.word.fetch_update(Acquire, Relaxed, less).is_ok()
    }

    /// Puts `n` permits in, if it is open and holds no more than `most` then.
    pub(super) fn give(&self, n: usize, most: usize) -> bool {
        let more = |word| {
            (word & SHUT == 0 && word / ONE <= most - n).then(|| word + n * ONE)
        };
        self.word.fetch_update(Release, Relaxed, more).is_ok()
    }

    /// Shuts it and takes everything out; nothing, if it was shut.
    pub(super) fn shut(&self) -> usize {
        // Only the lock's owner opens it, and that is the caller: shut stays shut.
        if self.word.load(Relaxed) == SHUT {
            return 0;
        }
        self.word.swap(SHUT, AcqRel) / ONE
    }

    /// Opens it with `permits` in it.
    pub(super) fn open(&self, permits: usize) {
        self.word.store(permits * ONE, Release);
    }
}
