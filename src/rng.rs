//! A small seeded generator of random numbers, for fair choices.
//!
//! `select!` must not always ask its first branch first, and a reader who repeats a run
//! must be able to repeat the choice. A cryptographic generator would be a dependency
//! for nothing; this is the `xorshift64*` of Marsaglia and Vigna.
//!
//! # Layer
//! 0: uses nothing of Kettle.

use std::cell::Cell;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

thread_local! {
    static STATE: Cell<u64> = const { Cell::new(0) };
}

/// Sets this thread's generator; the same seed gives the same numbers.
pub(crate) fn seed(seed: u64) {
    // Zero is the one state that xorshift never leaves, and our sign for "not seeded".
    STATE.with(|state| state.set(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1));
}

/// A number from `0..n`.
///
/// # Panics
/// If `n` is zero.
#[inline]
pub(crate) fn below(n: u32) -> u32 {
    assert!(n > 0, "there is no number below zero");
    // The high half is the better one; multiplying it down is fair to 1 in four billion.
    ((u64::from(next() as u32) * u64::from(n)) >> 32) as u32
}

#[inline]
fn next() -> u64 {
    STATE.with(|state| {
        if state.get() == 0 {
            seed(RandomState::new().hash_one(0));
        }
        let mut x = state.get();
        x ^= x >> 12;
        x ^= x << 25;
        x ^= x >> 27;
        state.set(x);
        x.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 32
    })
}
