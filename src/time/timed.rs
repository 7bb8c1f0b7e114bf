//! The loop's sleep, with timers over whatever else it sleeps on.
//!
//! # Layer
//! 5: uses timers, the clock and the park seam.

use std::rc::Rc;

use super::Timers;
use super::pause::turn;
use crate::clock::{self, Instant};
use crate::trace::Why;
use crate::waker::Park;

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
        self.timers.close();
    }

    /// Time passes by itself only if there is nothing else to wait for.
    fn park_while_stopped(&self) -> Why {
        let next = match self.timers.has_work_outside() {
            true => None,
            false => self.timers.next(),
        };
        let Some(next) = next else {
            return self.park.park(None);
        };
        // What has happened outside comes first.
        let why = self.park.park(Some(Instant::now()));
        if why == Why::Deadline {
            turn(&self.timers, next);
        }
        why
    }

    fn fire(&self) {
        // No timers, no clock reading: that is 23 ns a turn.
        if !self.timers.is_empty() {
            self.timers.fire_some(Instant::now());
        }
    }
}

impl<P: Park> Park for Timed<P> {
    fn look(&self) {
        self.fire();
        self.park.look();
    }

    fn park(&self, deadline: Option<Instant>) -> Why {
        if self.timers.is_behind() {
            // Nobody sleeps while others wait to be woken.
            self.look();
            return Why::Deadline;
        }
        if clock::is_stopped() {
            return self.park_while_stopped();
        }
        let next = self.timers.wake_at();
        let nearest = match (deadline, next) {
            (Some(deadline), Some(next)) => Some(deadline.min(next)),
            (deadline, next) => deadline.or(next),
        };
        let why = self.park.park(nearest);
        self.fire();
        why
    }
}
