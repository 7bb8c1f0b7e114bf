//! In which order the branches of a `join` or a `select` are polled.
//!
//! A branch that spends the whole budget of a poll starves those behind it, if it is
//! always polled first. So somebody else begins each time: in turn where all branches
//! must finish ([`Rotation`]), by chance where the first one ends the matter ([`first`]).
//!
//! # Layer
//! 3: uses `rng`.

use std::ops::Range;

use crate::rng;

/// The numbers of all branches once: `first` and the ones behind it, then those before.
///
/// Who polls asks in each round for each branch in turn whether the round has it. That is
/// straight code; a loop over the numbers would jump to another place for each of them.
#[inline]
pub(super) fn rounds<const BRANCHES: u32>(first: u32) -> [Range<u32>; 2] {
    [first..BRANCHES, 0..first]
}

/// A branch by chance, as the first one of a fair choice.
#[inline]
pub(super) fn first(branches: u32) -> u32 {
    rng::spread(branches)
}

/// Lets another branch begin at each poll, if it is fair.
///
/// How many branches there are and whether it is fair are part of its type: so the
/// compiler knows them where they are used, and makes straight code of a loop over them.
#[derive(Debug, Default)]
pub struct Rotation<const BRANCHES: u32, const FAIR: bool = true> {
    /// The branch that begins the next poll.
    first: u32,
}

impl<const BRANCHES: u32, const FAIR: bool> Rotation<BRANCHES, FAIR> {
    /// The order of this poll.
    #[inline]
    pub fn turn(&mut self) -> [Range<u32>; 2] {
        if !FAIR {
            return rounds::<BRANCHES>(0);
        }
        let first = self.first;
        // A constant to the compiler: a mask, where it is a power of two.
        self.first = (first + 1) % BRANCHES;
        rounds::<BRANCHES>(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rounds_name_each_branch_once_and_go_round_the_corner() {
        let of_four = rounds::<4>(2).into_iter().flatten();
        assert_eq!(of_four.collect::<Vec<_>>(), [2, 3, 0, 1]);
        let of_one = rounds::<1>(0).into_iter().flatten();
        assert_eq!(of_one.collect::<Vec<_>>(), [0]);
    }

    #[test]
    fn a_fair_rotation_lets_each_branch_begin_in_turn() {
        let mut rotation = Rotation::<3>::default();
        let firsts = (0..4).map(|_| rotation.turn().into_iter().flatten().next());
        assert_eq!(
            firsts.collect::<Vec<_>>(),
            [Some(0), Some(1), Some(2), Some(0)]
        );
    }

    #[test]
    fn a_biased_rotation_always_begins_with_the_first_branch() {
        let mut rotation = Rotation::<3, false>::default();
        let firsts = (0..4).map(|_| rotation.turn().into_iter().flatten().next());
        assert_eq!(firsts.collect::<Vec<_>>(), [Some(0); 4]);
    }

    #[test]
    fn a_seed_repeats_the_firsts() {
        rng::seed(7);
        let once: Vec<u32> = (0..50).map(|_| first(8)).collect();
        rng::seed(7);
        let again: Vec<u32> = (0..50).map(|_| first(8)).collect();
        assert_eq!(once, again);
        assert!((0..8).all(|branch| once.contains(&branch)), "{once:?}");
    }
}
