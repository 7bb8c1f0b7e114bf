//! A small seeded generator of random numbers, for fair choices.
//!
//! `select!` must not always ask its first branch first, and a reader who repeats a run
//! must be able to repeat the choice. A cryptographic generator would be a dependency
//! for nothing; [`below`] is the `xorshift64*` of Marsaglia and Vigna.
//!
//! A choice that is to be fair need not be a surprise. A processor guesses where a
//! program will jump, and what nobody can foresee it guesses wrong: in a `select!` of
//! eight ready futures that costs nearly as much as all the rest. So [`spread`] throws the
//! dice for every fifteenth number only. Those between follow in steps of the golden
//! section, which spread out most evenly: of fifteen in a row, each of eight branches is
//! one. Steps alone would not do. A program that takes every 89th number would meet
//! nearly the same one for a long time; a throw breaks the step.
//!
//! # Layer
//! 0: uses nothing of Kettle.

use std::cell::Cell;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

thread_local! {
    static STATE: Cell<u64> = const { Cell::new(0) };
    /// What `spread` gives out next, in the high half. The lowest four bits count up to
    /// the next throw of the dice, which is due when they are zero.
    static SPREAD: Cell<u64> = const { Cell::new(0) };
}

/// A golden section of 2^64, but for the lowest four bits, which count.
const STEP: u64 = 0x9E37_79B9_7F4A_7C11;

/// Sets this thread's generator; the same seed gives the same numbers.
pub(crate) fn seed(seed: u64) {
    // Zero is the one state that xorshift never leaves, and our sign for "not seeded".
    STATE.with(|state| state.set(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1));
    SPREAD.with(|spread| spread.set(0));
}

/// A number from `0..n`.
///
/// # Panics
/// If `n` is zero.
#[inline]
pub(crate) fn below(n: u32) -> u32 {
    assert!(n > 0, "there is no number below zero");
    multiplied_down(next(), n)
}

/// A number from `0..n`, too, for who begins: fair, but not independent of the ones
/// before.
#[inline]
pub(crate) fn spread(n: u32) -> u32 {
    SPREAD.with(|spread| {
        let mut number = spread.get();
        if number & 15 == 0 {
            number = throw();
        }
        spread.set(number.wrapping_add(STEP));
        multiplied_down(number >> 32, n)
    })
}

/// Where the next fifteen numbers begin.
#[inline(never)]
fn throw() -> u64 {
    (next() << 32) | 1
}

/// Brings a number of 32 bits below `n`, which is fair to 1 in four billion.
#[inline]
fn multiplied_down(number: u64, n: u32) -> u32 {
    ((number * u64::from(n)) >> 32) as u32
}

/// 32 random bits.
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
        // The high half is the better one.
        x.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 32
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_fifteen_spread_numbers_each_of_up_to_eleven_is_one() {
        for n in 1..=11 {
            seed(u64::from(n));
            for throw in 0..100 {
                let numbers: Vec<u32> = (0..15).map(|_| spread(n)).collect();
                let all = (0..n).all(|number| numbers.contains(&number));
                assert!(all, "throw {throw}, {n}: {numbers:?}");
            }
        }
    }

    #[test]
    fn no_rhythm_stays_in_step_with_spread_numbers() {
        for rhythm in (1..=16).chain([34, 55, 89, 144]) {
            seed(7);
            let beat = |_| {
                for _ in 1..rhythm {
                    spread(2);
                }
                spread(2)
            };
            let beats: Vec<u32> = (0..4_000).map(beat).collect();
            let same = beats.chunk_by(|one, next| one == next).map(<[_]>::len);
            // A fair coin's longest row is about twelve. Golden steps without a throw
            // make rows of a hundred, at each 89th.
            assert!(same.max() < Some(40), "every {rhythm}th");
            let ones = beats.iter().filter(|&&beat| beat == 1).count();
            assert!((1_800..2_200).contains(&ones), "every {rhythm}th: {ones}");
        }
    }
}
