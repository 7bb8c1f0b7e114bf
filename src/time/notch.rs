//! A notch of the wheel: the slips of the timers that are due in its stretch of time.
//!
//! It is a queue in one piece of memory, and no list of links. A link is a wait for memory
//! where there are many timers, a hundred nanoseconds each; the next slip of a queue is
//! there already when it is asked for. What a queue cannot do is let go of one in its
//! middle. So the slip of a timer that is cancelled there stays behind, void, until half
//! of the notch is void: then all that is void is thrown out, two looks for each.
//!
//! # Invariants
//! 1. Fewer than half of its slips are void. So where there is a slip, there is a
//!    timer.
//!
//! # Layer
//! 5: uses entries.

use std::collections::VecDeque;

use super::entries::{Entries, Slip, TimerKey};
use super::level::Tick;

/// So many slips are a page of memory. Each notch of the wheel may come to have so much.
const SMALL: usize = 256;

/// Timers in the order in which they were set.
#[derive(Debug, Default)]
pub(super) struct Notch {
    slips: VecDeque<Slip>,
    /// How many of them are void.
    void: usize,
}

impl Notch {
    /// Whether nobody is due here.
    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.slips.is_empty()
    }

    /// Whether it has memory for slips.
    #[inline]
    pub(super) fn has_memory(&self) -> bool {
        self.slips.capacity() > 0
    }

    /// Whether its memory is worth keeping while it is empty.
    #[inline]
    pub(super) fn is_small(&self) -> bool {
        self.slips.capacity() <= SMALL
    }

    /// Looks at the entries of up to `most` slips, and counts these.
    #[inline]
    pub(super) fn look_ahead<T>(&self, entries: &Entries<T>, most: usize) -> usize {
        for slip in self.slips.iter().take(most) {
            entries.look_at(slip.slot);
        }
        self.slips.len().min(most)
    }

    /// Gives its memory back, if that is not worth keeping.
    #[inline]
    pub(super) fn save_memory(&mut self) {
        if !self.is_small() {
            self.slips = VecDeque::new();
        }
    }

    /// One more, behind the others.
    #[inline]
    pub(super) fn push(&mut self, slip: Slip) {
        self.slips.push_back(slip);
    }

    /// The first slip, where none is void.
    #[inline]
    pub(super) fn pop(&mut self) -> Option<Slip> {
        debug_assert_eq!(self.void, 0, "it has been tidied up");
        self.slips.pop_front()
    }

    /// Takes off the first slip that is not void, and what stands before it.
    #[inline]
    pub(super) fn fire<T>(
        &mut self,
        entries: &mut Entries<T>,
    ) -> Option<(TimerKey, Tick, T)> {
        loop {
            let Slip { deadline, slot } = self.slips.pop_front()?;
            match entries.leave(slot) {
                Some((key, item)) => {
                    self.keep_tidy(entries);
                    return Some((key, deadline, item));
                }
                None => self.void -= 1,
            }
        }
    }

    /// The timer of `slot` was cancelled. Its slip is void from here on, and gone where
    /// it is at an end: most timers are taken back soon after they were set, or in the
    /// order in which they were.
    #[inline]
    pub(super) fn void<T>(&mut self, slot: u32, entries: &mut Entries<T>) {
        let is_it = |slip: Option<&Slip>| slip.is_some_and(|it| it.slot == slot);
        if is_it(self.slips.back()) {
            self.slips.pop_back();
            entries.free(slot);
        } else if is_it(self.slips.front()) {
            self.slips.pop_front();
            entries.free(slot);
        } else {
            self.void += 1;
        }
        self.keep_tidy(entries);
    }

    /// Keeps invariant 1, after a slip has left or become void.
    #[inline]
    fn keep_tidy<T>(&mut self, entries: &mut Entries<T>) {
        if 2 * self.void >= self.slips.len() {
            self.tidy_up(entries);
        }
    }

    /// Throws out what is void.
    #[inline]
    pub(super) fn tidy_up<T>(&mut self, entries: &mut Entries<T>) {
        if self.void > 0 {
            self.throw_out(entries);
        }
    }

    fn throw_out<T>(&mut self, entries: &mut Entries<T>) {
        self.void = 0;
        self.slips.retain(|slip| {
            let stays = entries.is_valid(slip.slot);
            if !stays {
                entries.free(slip.slot);
            }
            stays
        });
    }

    /// The deadline of the only timer here, if there is only one: beside two slips or
    /// more there are two timers (invariant 1).
    pub(super) fn only(&self) -> Option<Tick> {
        let first = self.slips.front();
        let only = first.filter(|_| self.slips.len() == 1);
        only.map(|it| it.deadline)
    }
}
