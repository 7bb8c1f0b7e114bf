//! In which order the branches of a `join` or a `select` are polled.
//!
//! A branch that spends the whole budget of a poll starves those behind it, if it is
//! always polled first. So somebody else begins each time: in turn where all branches
//! must finish ([`Rotation`]), at random where the first one ends the matter ([`first`]).
//!
//! # Layer
//! 3: uses `rng`.

use crate::rng;

/// The numbers of all branches once, from a first one on, round the corner.
#[derive(Clone, Debug)]
pub struct Order<const BRANCHES: u32> {
    /// The branch to poll next.
    next: u32,
    /// How many branches have not had their poll.
    left: u32,
}

impl<const BRANCHES: u32> Order<BRANCHES> {
    /// `first`, the ones behind it, then the ones before it.
    #[inline]
    pub fn starting_with(first: u32) -> Order<BRANCHES> {
        let (next, left) = (first, BRANCHES);
        Order { next, left }
    }
}

impl<const BRANCHES: u32> Iterator for Order<BRANCHES> {
    type Item = u32;

    #[inline]
    fn next(&mut self) -> Option<u32> {
        self.left = self.left.checked_sub(1)?;
        let branch = self.next;
        self.next = following(branch, BRANCHES);
        Some(branch)
    }
}

/// A branch at random, as the first one of a fair choice.
#[inline]
pub(super) fn first(branches: u32) -> u32 {
    rng::below(branches)
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
    pub fn turn(&mut self) -> Order<BRANCHES> {
        if !FAIR {
            return Order::starting_with(0);
        }
        let order = Order::starting_with(self.first);
        self.first = following(self.first, BRANCHES);
        order
    }
}

/// The branch after `branch`, round the corner.
#[inline]
fn following(branch: u32, branches: u32) -> u32 {
    // A constant to the compiler: a mask, where it is a power of two.
    (branch + 1) % branches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_names_each_branch_once_and_goes_round_the_corner() {
        assert_eq!(
            Order::<4>::starting_with(2).collect::<Vec<_>>(),
            [2, 3, 0, 1]
        );
        assert_eq!(Order::<1>::starting_with(0).collect::<Vec<_>>(), [0]);
    }

    #[test]
    fn a_fair_rotation_lets_each_branch_begin_in_turn() {
        let mut rotation = Rotation::<3>::default();
        let firsts = (0..4).map(|_| rotation.turn().next());
        assert_eq!(
            firsts.collect::<Vec<_>>(),
            [Some(0), Some(1), Some(2), Some(0)]
        );
    }

    #[test]
    fn a_biased_rotation_always_begins_with_the_first_branch() {
        let mut rotation = Rotation::<3, false>::default();
        let firsts = (0..4).map(|_| rotation.turn().next());
        assert_eq!(firsts.collect::<Vec<_>>(), [Some(0); 4]);
    }

    #[test]
    fn a_seed_repeats_the_random_firsts() {
        rng::seed(7);
        let once: Vec<u32> = (0..50).map(|_| first(8)).collect();
        rng::seed(7);
        let again: Vec<u32> = (0..50).map(|_| first(8)).collect();
        assert_eq!(once, again);
        assert!((0..8).all(|branch| once.contains(&branch)), "{once:?}");
    }
}
