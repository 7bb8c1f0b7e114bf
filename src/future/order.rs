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
pub struct Order {
    /// The branch to poll next.
    next: u32,
    /// How many branches have not had their poll.
    left: u32,
    /// How many branches there are.
    branches: u32,
}

impl Order {
    /// `first`, the ones behind it, then the ones before it.
    #[inline]
    pub fn starting_with(first: u32, branches: u32) -> Order {
        Order {
            next: first,
            left: branches,
            branches,
        }
    }
}

impl Iterator for Order {
    type Item = u32;

    #[inline]
    fn next(&mut self) -> Option<u32> {
        self.left = self.left.checked_sub(1)?;
        let branch = self.next;
        self.next = following(branch, self.branches);
        Some(branch)
    }
}

/// A branch at random, as the first one of a fair choice.
#[inline]
pub(super) fn first(branches: u32) -> u32 {
    rng::below(branches)
}

/// Lets another branch begin at each poll.
#[derive(Debug)]
pub struct Rotation {
    /// The branch that begins the next poll.
    first: u32,
    /// By how many branches `first` moves on after a poll: none if the order is fixed.
    step: u32,
    branches: u32,
}

impl Rotation {
    /// Each branch in turn begins.
    #[inline]
    pub fn fair(branches: u32) -> Rotation {
        Rotation {
            first: 0,
            step: 1,
            branches,
        }
    }

    /// The first branch always begins.
    #[inline]
    pub fn biased(branches: u32) -> Rotation {
        Rotation {
            first: 0,
            step: 0,
            branches,
        }
    }

    /// The order of this poll.
    #[inline]
    pub fn turn(&mut self) -> Order {
        let order = Order::starting_with(self.first, self.branches);
        if self.step != 0 {
            self.first = following(self.first, self.branches);
        }
        order
    }
}

/// The branch after `branch`, round the corner.
#[inline]
fn following(branch: u32, branches: u32) -> u32 {
    let next = branch + 1;
    if next == branches { 0 } else { next }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_names_each_branch_once_and_goes_round_the_corner() {
        assert_eq!(Order::starting_with(2, 4).collect::<Vec<_>>(), [2, 3, 0, 1]);
        assert_eq!(Order::starting_with(0, 1).collect::<Vec<_>>(), [0]);
    }

    #[test]
    fn a_fair_rotation_lets_each_branch_begin_in_turn() {
        let mut rotation = Rotation::fair(3);
        let firsts = (0..4).map(|_| rotation.turn().next());
        assert_eq!(
            firsts.collect::<Vec<_>>(),
            [Some(0), Some(1), Some(2), Some(0)]
        );
    }

    #[test]
    fn a_biased_rotation_always_begins_with_the_first_branch() {
        let mut rotation = Rotation::biased(3);
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
