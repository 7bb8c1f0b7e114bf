//! The hierarchical wheel: who is due at which tick.
//!
//! A `BinaryHeap` finds the nearest timer as well, but most timers are timeouts that never
//! fire: they are set, and taken back. A heap cannot take one back without a search; a
//! `BTreeMap` can, and walks a tree for it. The wheel does both in a few instructions, for
//! it does not keep order among timers that are far off. The bench `time` has the rivals.
//!
//! # How it works
//! Eight levels of 64 notches. A notch of level 0 is one tick, a notch of level 1 is 64 of
//! them, and so on; [`level`](super::level) says which notch a deadline lies in. When time
//! comes to a notch of a higher level, its entries **cascade**: each is put where it lies
//! from here, at least one level lower; only who is alone in its notch fires from there.
//! What comes to a notch of level 0 is due. Beyond the horizon there is a plain list,
//! looked through when time enters a new horizon.
//!
//! The wheel knows neither the clock nor wakers. It is asked step by step
//! ([`Wheel::step`]), and hands out what the caller must wake, who then runs foreign code
//! while nothing is borrowed.
//!
//! # Invariants
//! 1. An entry lies where [`Place::of`] its deadline and `elapsed` says. As `elapsed` only
//!    moves up to the next occupied notch, that stays so until the notch is reached.
//! 2. A notch's bit is set exactly while its list is not empty.
//! 3. What is on level n is due before all that is on level n + 1, and that before all
//!    that lies beyond the horizon.
//! 4. Entries of one tick fire in the order in which they were set.
//!
//! # Layer
//! 5: uses entries and levels.

use super::entries::{Entries, List, TimerKey};
use super::level::{LEVELS, NOTCHES, Place, Tick};

/// Timers in the order of their deadlines, each with a `T` that waits for it.
#[derive(Debug)]
pub(crate) struct Wheel<T> {
    entries: Entries<T>,
    /// For each level, a bit for each notch with entries (invariant 2).
    occupied: [u64; LEVELS],
    notches: [[List; NOTCHES]; LEVELS],
    /// What lies beyond the horizon.
    beyond: List,
    /// No deadline beyond the horizon is before this one.
    beyond_from: Tick,
    /// Where the wheel has come to: all that is due by then has been handed out.
    elapsed: Tick,
}

/// What a step of the wheel did, and what the caller must do.
#[derive(Debug)]
#[must_use]
pub(crate) enum Step<T> {
    /// A timer is due: wake it, and take another step.
    Fire(TimerKey, T),
    /// So many timers have moved down from this level: take another step. The level
    /// above the highest is what lies beyond the horizon.
    Cascade(usize, usize),
    /// Nothing more is due.
    Rest,
}

/// What became of a timer that was given a new deadline.
#[derive(Debug)]
#[must_use]
pub(crate) enum Reset<T> {
    /// It waits for the new one.
    Moved,
    /// That has passed, so the timer is gone: wake this.
    Due(T),
    /// It had fired, or was cancelled, before.
    Gone,
}

impl<T> Default for Wheel<T> {
    fn default() -> Wheel<T> {
        Wheel::new(Tick(0))
    }
}

impl<T> Wheel<T> {
    /// An empty wheel that has come to `elapsed`.
    pub(crate) fn new(elapsed: Tick) -> Wheel<T> {
        Wheel {
            entries: Entries::new(),
            occupied: [0; LEVELS],
            notches: [[List::EMPTY; NOTCHES]; LEVELS],
            beyond: List::EMPTY,
            beyond_from: Tick(u64::MAX),
            elapsed,
        }
    }

    /// How many timers wait.
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// How many notches of the lowest level are occupied: how often a loop would wake up
    /// that wakes up for each of them.
    pub(crate) fn crowd(&self) -> u32 {
        self.occupied[0].count_ones()
    }

    /// Sets a timer.
    ///
    /// # Errors
    /// Hands `item` back if the deadline has passed.
    pub(crate) fn insert(
        &mut self,
        deadline: Tick,
        item: T,
    ) -> Result<TimerKey, T> {
        if deadline <= self.elapsed {
            return Err(item);
        }
        let key = self.entries.add(item);
        self.file(key.slot, deadline);
        Ok(key)
    }

    /// Takes a timer back, unless it has fired.
    pub(crate) fn cancel(&mut self, key: TimerKey) -> Option<T> {
        self.entries.item_mut(key)?;
        self.unfile(key.slot);
        let (_, item) = self.entries.remove(key.slot)?;
        Some(item)
    }

    /// Gives a timer a new deadline, unless it has fired.
    pub(crate) fn reset(&mut self, key: TimerKey, deadline: Tick) -> Reset<T> {
        if self.entries.item_mut(key).is_none() {
            return Reset::Gone;
        }
        self.unfile(key.slot);
        if deadline > self.elapsed {
            self.file(key.slot, deadline);
            return Reset::Moved;
        }
        match self.entries.remove(key.slot) {
            Some((_, item)) => Reset::Due(item),
            None => Reset::Gone,
        }
    }

    /// Counts in other ticks from here on: it has come to `elapsed` of them, and
    /// `translate` makes one of theirs out of a deadline. It must keep their order, and
    /// keep them ahead.
    pub(crate) fn count_in(
        &mut self,
        elapsed: Tick,
        translate: impl Fn(Tick) -> Tick,
    ) {
        let fresh = Wheel::new(elapsed);
        let before = std::mem::replace(self, fresh);
        self.entries = before.entries;
        let levels = before.notches.into_iter().flatten();
        for mut list in levels.chain([before.beyond]) {
            while let Some((slot, deadline)) = self.entries.split_first(&mut list) {
                self.file(slot, translate(deadline));
            }
        }
    }

    /// Where it has come to.
    pub(crate) fn elapsed(&self) -> Tick {
        self.elapsed
    }

    /// What waits for a timer, unless it has fired.
    pub(crate) fn item_mut(&mut self, key: TimerKey) -> Option<&mut T> {
        self.entries.item_mut(key)
    }

    /// Any item that is left, for the end: after this the wheel tells no time.
    pub(crate) fn take_any(&mut self) -> Option<T> {
        self.entries.take_any()
    }

    /// When there is something to do: no deadline is before that. It is exact on level 0
    /// and for a timer that is alone in its notch; else it is the notch's beginning.
    pub(crate) fn next(&self) -> Option<Tick> {
        match self.first_place() {
            Some(Place::Notch(0, notch)) => Some(self.elapsed.start_of(0, notch)),
            Some(Place::Notch(level, notch)) => {
                let only = self.entries.only(self.notches[level][notch]);
                Some(only.unwrap_or_else(|| self.elapsed.start_of(level, notch)))
            }
            Some(Place::Beyond) => {
                let only = self.entries.only(self.beyond);
                Some(only.unwrap_or_else(|| self.beyond_from.start_of_horizon()))
            }
            None => None,
        }
    }

    /// Does one thing that is due at `now`, if there is any.
    pub(crate) fn step(&mut self, now: Tick) -> Step<T> {
        let place = self.first_place();
        let start = match place {
            Some(Place::Notch(level, notch)) => self.elapsed.start_of(level, notch),
            Some(Place::Beyond) => self.beyond_from.start_of_horizon(),
            None => Tick(u64::MAX),
        };
        let (Some(place), true) = (place, start <= now) else {
            self.elapsed = self.elapsed.max(now);
            return Step::Rest;
        };
        if let Place::Notch(level @ 1.., notch) = place
            && let Some(only) = self.entries.only(self.notches[level][notch])
            && only <= now
        {
            // Nobody else is due before it, so it need not come down step by step.
            self.elapsed = only;
            return self.fire(level, notch);
        }
        // `beyond_from` may speak of a timer that was taken back long ago.
        self.elapsed = self.elapsed.max(start);
        match place {
            Place::Notch(0, notch) => self.fire(0, notch),
            Place::Notch(level, notch) => {
                self.occupied[level] &= !(1 << notch);
                let list = self.notches[level][notch].take();
                Step::Cascade(level, self.cascade(list))
            }
            Place::Beyond => {
                self.beyond_from = Tick(u64::MAX);
                let list = self.beyond.take();
                Step::Cascade(LEVELS, self.cascade(list))
            }
        }
    }

    /// The first of a notch, which is due.
    #[inline]
    fn fire(&mut self, level: usize, notch: usize) -> Step<T> {
        let list = &mut self.notches[level][notch];
        let first = self.entries.first(*list);
        let (slot, deadline) = first.expect("the notch is occupied: invariant 2");
        debug_assert_eq!(deadline, self.elapsed, "invariant 1");
        self.entries.unlink(list, slot);
        if list.is_empty() {
            self.occupied[level] &= !(1 << notch);
        }
        let due = self.entries.remove(slot);
        let (key, item) = due.expect("who is on a list has an item");
        Step::Fire(key, item)
    }

    /// Puts each of `list` where it lies from here, and counts them.
    fn cascade(&mut self, mut list: List) -> usize {
        let mut moved = 0;
        while let Some((slot, deadline)) = self.entries.split_first(&mut list) {
            self.file(slot, deadline);
            moved += 1;
        }
        moved
    }

    /// Where the next thing to do lies (invariant 3).
    fn first_place(&self) -> Option<Place> {
        for (level, occupied) in self.occupied.iter().enumerate() {
            if *occupied != 0 {
                let notch = occupied.trailing_zeros() as usize;
                return Some(Place::Notch(level, notch));
            }
        }
        (!self.beyond.is_empty()).then_some(Place::Beyond)
    }

    /// Puts `slot` on the list where `deadline` lies.
    #[inline]
    fn file(&mut self, slot: u32, deadline: Tick) {
        match Place::of(deadline, self.elapsed) {
            Place::Notch(level, notch) => {
                self.occupied[level] |= 1 << notch;
                let list = &mut self.notches[level][notch];
                self.entries.push(list, slot, deadline);
            }
            Place::Beyond => {
                self.beyond_from = self.beyond_from.min(deadline);
                self.entries.push(&mut self.beyond, slot, deadline);
            }
        }
    }

    /// Takes `slot` off the list where its deadline lies.
    #[inline]
    fn unfile(&mut self, slot: u32) {
        match Place::of(self.entries.deadline(slot), self.elapsed) {
            Place::Notch(level, notch) => {
                let list = &mut self.notches[level][notch];
                self.entries.unlink(list, slot);
                if list.is_empty() {
                    self.occupied[level] &= !(1 << notch);
                }
            }
            Place::Beyond => self.entries.unlink(&mut self.beyond, slot),
        }
    }
}
