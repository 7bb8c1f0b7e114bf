//! The allocator of every side: glibc's or mimalloc, with counters in front.
//!
//! Allocations repeat exactly from run to run, so they are the first thing to print.
//! Counting is off while times are taken: then a call costs one load of a
//! thread-local flag and a branch that never changes, for each side alike.
//!
//! # Invariants
//! 1. Every method passes its arguments to [`INNER`] unchanged and returns what
//!    `INNER` returned: the wrapper adds numbers and decides nothing.
//! 2. Counting itself never allocates: the counters are plain cells of the thread,
//!    with no destructor and a constant initial value.
#![expect(
    unsafe_code,
    reason = "GlobalAlloc is an unsafe trait; a counting allocator has no safe form"
)]

use std::alloc::{GlobalAlloc, Layout};
use std::cell::Cell;
use std::ops::Sub;

/// The name of the allocator under the counters, for the table's head.
pub const NAME: &str = if cfg!(feature = "mimalloc") {
    "mimalloc"
} else if cfg!(target_env = "gnu") {
    "glibc"
} else {
    "system"
};

#[cfg(feature = "mimalloc")]
static INNER: mimalloc::MiMalloc = mimalloc::MiMalloc;
#[cfg(not(feature = "mimalloc"))]
static INNER: std::alloc::System = std::alloc::System;

#[global_allocator]
static COUNTING: Counting = Counting;

thread_local! {
    static ENABLED: Cell<bool> = const { Cell::new(false) };
    static TALLY: Cell<Tally> = const { Cell::new(Tally { calls: 0, bytes: 0, live: 0 }) };
}

/// What one thread has asked of the allocator while counting was on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Allocations; a growing reallocation is one too.
    pub calls: i64,
    /// Bytes asked for; of a reallocation, its new size.
    pub bytes: i64,
    /// Bytes asked for and not given back. The requested sizes, not what the
    /// allocator rounds them up to.
    pub live: i64,
}

impl Sub for Tally {
    type Output = Tally;

    fn sub(self, earlier: Tally) -> Tally {
        Tally {
            calls: self.calls - earlier.calls,
            bytes: self.bytes - earlier.bytes,
            live: self.live - earlier.live,
        }
    }
}

/// This thread's counters now.
pub fn tally() -> Tally {
    TALLY.get()
}

/// Runs `work` with counting on and returns what this thread allocated meanwhile.
pub fn counted<T>(work: impl FnOnce() -> T) -> (T, Tally) {
    let before = tally();
    ENABLED.set(true);
    let value = work();
    ENABLED.set(false);
    (value, tally() - before)
}

fn note(allocated: usize, freed: usize, calls: i64) {
    if ENABLED.get() {
        let mut tally = TALLY.get();
        tally.calls += calls;
        tally.bytes += allocated as i64;
        tally.live += allocated as i64 - freed as i64;
        TALLY.set(tally);
    }
}

/// The counters in front of [`INNER`].
#[derive(Debug)]
struct Counting;

// SAFETY: the contract of `GlobalAlloc` (layouts honoured, blocks valid until freed,
// no unwinding) is kept by `INNER`, which sees the very same calls (invariant 1);
// `note` neither unwinds nor allocates (invariant 2), so it cannot re-enter.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        note(layout.size(), 0, 1);
        // SAFETY: the caller promised a layout of non-zero size; it is passed on
        // unchanged (invariant 1).
        unsafe { INNER.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        note(0, layout.size(), 0);
        // SAFETY: the caller got `block` from this allocator with this layout, and
        // every block of this allocator is one of `INNER`'s (invariant 1).
        unsafe { INNER.dealloc(block, layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        note(layout.size(), 0, 1);
        // SAFETY: as in `alloc`.
        unsafe { INNER.alloc_zeroed(layout) }
    }

    unsafe fn realloc(
        &self,
        block: *mut u8,
        layout: Layout,
        size: usize,
    ) -> *mut u8 {
        note(size, layout.size(), 1);
        // SAFETY: as in `dealloc`; that `size` is non-zero and does not overflow is
        // the caller's promise, passed on unchanged.
        unsafe { INNER.realloc(block, layout, size) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::hint::black_box;

    #[test]
    fn a_box_kept_is_one_call_and_its_bytes_stay_live() {
        let (kept, tally) = counted(|| black_box(Box::new([0_u8; 40])));
        assert_eq!(
            tally,
            Tally {
                calls: 1,
                bytes: 40,
                live: 40
            }
        );
        drop(kept);
    }

    #[test]
    fn a_box_dropped_leaves_nothing_live() {
        let ((), tally) = counted(|| drop(black_box(Box::new([0_u8; 40]))));
        assert_eq!(
            tally,
            Tally {
                calls: 1,
                bytes: 40,
                live: 0
            }
        );
    }

    #[test]
    fn a_vector_that_grows_counts_its_reallocation() {
        let (kept, tally) = counted(|| {
            let mut list: Vec<u64> = Vec::with_capacity(1);
            list.push(1);
            list.reserve_exact(1);
            black_box(list)
        });
        assert_eq!(
            tally,
            Tally {
                calls: 2,
                bytes: 8 + 16,
                live: 16
            }
        );
        drop(kept);
    }
}
