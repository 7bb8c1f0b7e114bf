//! What a semaphore shows to who does not lock it: the one atomic fast path.
//!
//! Locking and unlocking costs two atomic operations, and a semaphore that is not
//! contended needs none of what the lock protects. So while nobody waits, the free
//! permits lie in a till: one word, changed by one atomic operation. While somebody waits
//! the till is shut, and its word says which ticket was granted last: who sees that his
//! own has been need not lock either.
//!
//! # How it works
//! ```text
//!            take, give: one compare-and-swap
//!                 +-----+
//!                 |     v      shut (under the lock)
//!                 +--- open ------------------------> shut: take and give refuse,
//!                       ^                               |   a number is shown
//!                       +-------------------------------+
//!                              open (under the lock)
//! ```
//! Whoever has the lock shuts the till, carries the permits in, and carries them out
//! again only if nobody waits. If somebody does, it shows up to which number all tickets
//! have been granted.
//!
//! # Invariants
//! 1. `shut`, and then `open` or `show`, are called under the semaphore's lock.
//! 2. A shut till is empty: the permits are under the lock.
//! 3. While it is open, all tickets that were drawn and not given up have been granted.
//!
//! # Layer
//! 4: uses the tickets of the wait list.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};

use crate::sync::wait_list::Ticket;

/// Set while the till is shut. The permits stand above it, or else the number.
const SHUT: u64 = 1;
/// One permit, or one more of the number.
const ONE: u64 = 2;

/// A count of free permits that can be shut.
#[derive(Debug)]
pub(super) struct Till {
    /// Who takes permits, or sees that they were granted (Acquire), sees all that was done
    /// before they were given (Release), as with a lock. `shut` does both, for it takes
    /// and later gives.
    word: AtomicU64,
}

impl Till {
    /// An open till with `permits` in it.
    pub(super) const fn new(permits: usize) -> Till {
        Till {
            word: AtomicU64::new(permits as u64 * ONE),
        }
    }

    /// Takes `n` permits, if it is open and has as many.
    pub(super) fn take(&self, n: usize) -> bool {
        let n = n as u64;
        let less =
            |word| (word & SHUT == 0 && word / ONE >= n).then(|| word - n * ONE);
        self.word.fetch_update(Acquire, Relaxed, less).is_ok()
    }

    /// Puts `n` permits in, if it is open and holds no more than `most` then.
    pub(super) fn give(&self, n: usize, most: usize) -> bool {
        let (n, most) = (n as u64, most as u64);
        let more = |word| {
            (word & SHUT == 0 && word / ONE <= most - n).then(|| word + n * ONE)
        };
        self.word.fetch_update(Release, Relaxed, more).is_ok()
    }

    /// Whether what `ticket` waits for is known to have been granted to it. If not, the
    /// lock knows more.
    #[inline]
    pub(super) fn has_granted(&self, ticket: Ticket) -> bool {
        let word = self.word.load(Acquire);
        word & SHUT == 0 || ticket.number() <= word / ONE
    }

    /// Shuts it and takes everything out; nothing, if it was shut.
    pub(super) fn shut(&self) -> usize {
        // Only the lock's owner opens it, and that is the caller: shut stays shut.
        if self.word.load(Relaxed) & SHUT != 0 {
            return 0;
        }
        (self.word.swap(SHUT, AcqRel) / ONE) as usize
    }

    /// Stays shut, and shows that all tickets up to this number have been granted.
    pub(super) fn show(&self, granted: u64) {
        self.word.store((granted * ONE) | SHUT, Release);
    }

    /// Opens it with `permits` in it.
    pub(super) fn open(&self, permits: usize) {
        self.word.store(permits as u64 * ONE, Release);
    }
}
