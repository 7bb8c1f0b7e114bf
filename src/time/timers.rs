//! The timers of one runtime, in order of their deadlines.
//!
//! A `BTreeMap` gives the nearest deadline and removes any entry in O(log n). tokio keeps
//! a hierarchical wheel instead, which does both in O(1) and pays for it in pages of
//! reasoning.
//!
//! # Layer
//! 5: uses the clock and the park seam.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;
use std::rc::Rc;
use std::task::Waker;

use crate::clock::Instant;
use crate::trace::{self, Event};
use crate::waker::{Homes, Park, quietly};

thread_local! {
    /// The timers of the runtimes at home on this thread.
    pub(crate) static HOMES: Homes<Timers> = const { Homes::new() };
}

/// An entry's number: its deadline, and a serial number for those that share it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TimerKey {
    deadline: Instant,
    serial: u64,
}

impl TimerKey {
    /// The timer in the eyes of the recorder.
    fn traced(self) -> trace::Timer {
        trace::Timer(self.serial)
    }
}

/// All timers of a runtime.
#[derive(Default)]
pub(crate) struct Timers {
    queue: RefCell<BTreeMap<TimerKey, Waker>>,
    next: Cell<u64>,
}

impl Timers {
    /// Wakes `waker` once when `deadline` has passed.
    pub(super) fn insert(&self, deadline: Instant, waker: Waker) -> TimerKey {
        let serial = self.next.get();
        self.next.set(serial + 1);
        let key = TimerKey { deadline, serial };
        self.queue.borrow_mut().insert(key, waker);
        trace::emit(|by| Event::TimerSet {
            timer: key.traced(),
            by,
        });
        key
    }

    /// Whether the entry has not fired; if so, it wakes `current` from now on.
    pub(super) fn is_pending(&self, key: TimerKey, current: &Waker) -> bool {
        let fits = match self.queue.borrow().get(&key) {
            None => return false,
            Some(waker) => waker.will_wake(current),
        };
        if !fits {
            let fresh = current.clone();
            drop(self.replace(key, fresh));
        }
        true
    }

    /// The waker that was replaced, to be dropped unborrowed.
    fn replace(&self, key: TimerKey, fresh: Waker) -> Option<Waker> {
        match self.queue.borrow_mut().entry(key) {
            Entry::Occupied(mut entry) => Some(entry.insert(fresh)),
            Entry::Vacant(_) => Some(fresh),
        }
    }

    /// Takes an entry out; nothing happens if it has fired.
    pub(super) fn cancel(&self, key: TimerKey) {
        let waker = self.queue.borrow_mut().remove(&key);
        if waker.is_some() {
            trace::emit(|_| Event::TimerCancel {
                timer: key.traced(),
            });
        }
        drop(waker);
    }

    /// The nearest deadline.
    fn next_deadline(&self) -> Option<Instant> {
        let queue = self.queue.borrow();
        queue.first_key_value().map(|(key, _)| key.deadline)
    }

    /// Wakes, in order, everyone whose deadline is not after `now`.
    fn fire(&self, now: Instant) {
        while let Some(waker) = self.take_due(now) {
            // The rest is woken even if one waker panics, and that one is nobody's here.
            quietly(|| waker.wake());
        }
    }

    fn take_due(&self, now: Instant) -> Option<Waker> {
        let mut queue = self.queue.borrow_mut();
        let entry = queue.first_entry()?;
        if entry.key().deadline > now {
            return None;
        }
        let (key, waker) = entry.remove_entry();
        trace::emit(|_| Event::TimerFire {
            timer: key.traced(),
        });
        Some(waker)
    }
}

impl fmt::Debug for Timers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Timers").finish_non_exhaustive()
    }
}

/// Sleeps on `P`, but not past the next timer, and wakes those that are due.
#[derive(Debug)]
pub(crate) struct Timed<P> {
    timers: Rc<Timers>,
    park: P,
}

impl<P: Park> Timed<P> {
    /// `park`, with `timers` over it.
    pub(crate) fn new(timers: Rc<Timers>, park: P) -> Timed<P> {
        Timed { timers, park }
    }

    /// What it sleeps on.
    pub(crate) fn inner(&self) -> &P {
        &self.park
    }

    /// The end: whoever still waits is told to look again.
    pub(crate) fn close(&self) {
        for (_, waker) in self.timers.queue.take() {
            quietly(|| waker.wake());
        }
    }

    fn fire(&self) {
        // No timers, no clock reading: that is 23 ns a turn.
        if self.timers.next_deadline().is_some() {
            self.timers.fire(Instant::now());
        }
    }
}

impl<P: Park> Park for Timed<P> {
    fn look(&self) {
        self.fire();
        self.park.look();
    }

    fn park(&self, deadline: Option<Instant>) {
        let next = self.timers.next_deadline();
        let nearest = match (deadline, next) {
            (Some(deadline), Some(next)) => Some(deadline.min(next)),
            (deadline, next) => deadline.or(next),
        };
        self.park.park(nearest);
        self.fire();
    }
}
