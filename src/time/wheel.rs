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
//! comes to a notch of a higher level, its timers **cascade**: each is put where it lies
//! from here, at least one level lower; only who is alone in its notch fires from there.
//! What comes to a notch of level 0 is due. Beyond the horizon there is one more notch,
//! looked through when time enters a new horizon.
//!
//! A timer that is set is **fresh** at first: it stands apart, and comes to its notch when
//! the wheel is next asked what is due. Many a timeout is over before that.
//!
//! The wheel knows neither the clock nor wakers. It is asked step by step
//! ([`Wheel::step`]), and hands out what the caller must wake, who then runs foreign code
//! while nothing is borrowed.
//!
//! # Invariants
//! 1. A slip that is not fresh lies where [`Place::of`] its deadline and `elapsed` says.
//!    As `elapsed` only moves up to the next occupied notch, that stays so until the notch
//!    is reached.
//! 2. A notch's bit is set exactly while somebody is due there.
//! 3. What is on level n is due before all that is on level n + 1, and that before all
//!    that lies beyond the horizon.
//! 4. Timers of one tick fire in the order in which they were set.
//!
//! # Layer
//! 5: uses entries, notches and levels.

use super::entries::{Entries, Slip, TimerKey};
use super::level::{LEVELS, NOTCHES, Place, Tick};
use super::notch::Notch;

/// Timers in the order of their deadlines, each with a `T` that waits for it.
#[derive(Debug)]
pub(crate) struct Wheel<T> {
    entries: Entries<T>,
    /// What has been set since the wheel was last asked.
    fresh: Notch,
    /// The timers with this serial number and higher ones are fresh.
    fresh_from: u64,
    /// For each level, a bit for each notch (invariant 2).
    occupied: [u64; LEVELS],
    /// Level by level, and last the one beyond the horizon.
    notches: Vec<Notch>,
    /// Empty notches whose memory the next ones take over.
    spare: Vec<Notch>,
    /// No deadline beyond the horizon is before this one, which may be that of a timer
    /// that was taken back.
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
    /// It waits for the new one, under this key.
    Moved(TimerKey),
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
        let notches = LEVELS * NOTCHES + 1;
        Wheel {
            entries: Entries::new(),
            fresh: Notch::default(),
            fresh_from: 0,
            occupied: [0; LEVELS],
            notches: (0..notches).map(|_| Notch::default()).collect(),
            spare: Vec::new(),
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
        let (key, slip) = self.entries.add(deadline, item);
        self.fresh.push(slip);
        Ok(key)
    }

    /// Takes a timer back, unless it has fired.
    #[inline]
    pub(crate) fn cancel(&mut self, key: TimerKey) -> Option<T> {
        let (deadline, item) = self.entries.take(key)?;
        if key.serial >= self.fresh_from {
            self.fresh.void(key.slot, &mut self.entries);
            return Some(item);
        }
        let place = Place::of(deadline, self.elapsed);
        let notch = &mut self.notches[place.index()];
        notch.void(key.slot, &mut self.entries);
        if notch.is_empty() {
            notch.save_memory();
            self.vacate(place);
        }
        Some(item)
    }

    /// Gives a timer a new deadline, unless it has fired.
    pub(crate) fn reset(&mut self, key: TimerKey, deadline: Tick) -> Reset<T> {
        let Some(item) = self.cancel(key) else {
            return Reset::Gone;
        };
        match self.insert(deadline, item) {
            Ok(key) => Reset::Moved(key),
            Err(item) => Reset::Due(item),
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
        self.settle();
        let fresh = Wheel::new(elapsed);
        let before = std::mem::replace(self, fresh);
        self.entries = before.entries;
        self.fresh_from = before.fresh_from;
        for mut notch in before.notches {
            notch.tidy_up(&mut self.entries);
            while let Some(Slip { deadline, slot }) = notch.pop() {
                let slip = self.entries.defer(slot, translate(deadline));
                self.file(slip);
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
    pub(crate) fn next(&mut self) -> Option<Tick> {
        self.settle();
        let place = self.first_place()?;
        Some(self.only(place).unwrap_or_else(|| self.start_of(place)))
    }

    /// Asks memory for what the next steps will want to know of up to `most` timers, all at
    /// once: one after the other, each step would wait for its own.
    pub(crate) fn look_ahead(&self, now: Tick, most: usize) {
        let mut occupied = self.occupied[0];
        let mut left = most;
        while occupied != 0 && left > 0 {
            let notch = occupied.trailing_zeros() as usize;
            if self.elapsed.start_of(0, notch) > now {
                return;
            }
            occupied &= occupied - 1;
            left -= self.notches[notch].look_ahead(&self.entries, left);
        }
    }

    /// Does one thing that is due at `now`, if there is any.
    pub(crate) fn step(&mut self, now: Tick) -> Step<T> {
        self.settle();
        let place = self.first_place();
        let due = place.filter(|place| self.start_of(*place) <= now);
        let Some(place) = due else {
            self.elapsed = self.elapsed.max(now);
            return Step::Rest;
        };
        if let Place::Notch(0, _) = place {
            return self.fire(place);
        }
        // Whoever is alone need not come down step by step: nobody else is due before it.
        if self.only(place).is_some_and(|only| only <= now) {
            return self.fire(place);
        }
        self.elapsed = self.start_of(place);
        self.cascade(place)
    }

    /// The first of a notch, which is due.
    #[inline]
    fn fire(&mut self, place: Place) -> Step<T> {
        let notch = &mut self.notches[place.index()];
        let first = notch.fire(&mut self.entries);
        let (key, deadline, item) = first.expect("somebody is due: invariant 2");
        self.elapsed = deadline;
        if notch.is_empty() {
            let notch = std::mem::take(notch);
            self.recycle(notch);
            self.vacate(place);
        }
        Step::Fire(key, item)
    }

    /// Puts each timer of a notch where it lies from here, and counts them.
    fn cascade(&mut self, place: Place) -> Step<T> {
        self.vacate(place);
        let mut notch = std::mem::take(&mut self.notches[place.index()]);
        notch.tidy_up(&mut self.entries);
        let mut moved = 0;
        while let Some(slip) = notch.pop() {
            self.file(slip);
            moved += 1;
        }
        self.recycle(notch);
        Step::Cascade(place.level(), moved)
    }

    /// Where the next thing to do lies (invariant 3).
    fn first_place(&self) -> Option<Place> {
        for (level, occupied) in self.occupied.iter().enumerate() {
            if *occupied != 0 {
                let notch = occupied.trailing_zeros() as usize;
                return Some(Place::Notch(level, notch));
            }
        }
        let beyond = &self.notches[Place::Beyond.index()];
        (!beyond.is_empty()).then_some(Place::Beyond)
    }

    /// When the stretch of time of a place begins.
    fn start_of(&self, place: Place) -> Tick {
        match place {
            Place::Notch(level, notch) => self.elapsed.start_of(level, notch),
            Place::Beyond => self.beyond_from.start_of_horizon(),
        }
    }

    /// The deadline of the only timer of a place, if there is only one.
    fn only(&self, place: Place) -> Option<Tick> {
        self.notches[place.index()].only()
    }

    /// Puts a slip where its deadline lies.
    #[inline]
    fn file(&mut self, slip: Slip) {
        let place = Place::of(slip.deadline, self.elapsed);
        match place {
            Place::Notch(level, notch) => self.occupied[level] |= 1 << notch,
            Place::Beyond => {
                self.beyond_from = self.beyond_from.min(slip.deadline);
            }
        }
        let notch = &mut self.notches[place.index()];
        if !notch.has_memory() {
            *notch = self.spare.pop().unwrap_or_default();
        }
        notch.push(slip);
    }

    /// Puts what is fresh where it lies.
    #[inline]
    fn settle(&mut self) {
        if !self.fresh.is_empty() {
            self.settle_fresh();
        }
    }

    fn settle_fresh(&mut self) {
        self.fresh_from = self.entries.next_serial();
        self.fresh.tidy_up(&mut self.entries);
        while let Some(slip) = self.fresh.pop() {
            self.file(slip);
        }
        self.fresh.save_memory();
    }

    /// Nobody is due at `place` any more.
    #[inline]
    fn vacate(&mut self, place: Place) {
        match place {
            Place::Notch(level, notch) => self.occupied[level] &= !(1 << notch),
            Place::Beyond => self.beyond_from = Tick(u64::MAX),
        }
    }

    /// Time has come to a notch, and it is empty: its memory is for the next one that
    /// needs some, unless it is so large that few would.
    fn recycle(&mut self, notch: Notch) {
        if notch.is_small() {
            self.spare.push(notch);
        }
    }
}
