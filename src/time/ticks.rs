//! From instants to ticks and back.
//!
//! The wheel counts in ticks from the moment when the runtime was built. A deadline is
//! rounded up to a tick and the clock down, so that nobody is woken early, and late by a
//! tick at most. While the clock is stopped a tick is a nanosecond: what is turned by hand
//! is exact, and there is nothing to be gained by gathering timers.
//!
//! # Layer
//! 5: uses the clock and levels.

use std::cell::Cell;
use std::time::Duration;

use super::level::Tick;
use crate::clock::Instant;

/// The wheel's clock.
#[derive(Debug)]
pub(super) struct Ticks {
    origin: Instant,
    /// Nanoseconds of a tick while the clock runs.
    usual: u64,
    /// Nanoseconds of a tick.
    length: Cell<u64>,
}

impl Ticks {
    pub(super) fn new(origin: Instant, length: Duration) -> Ticks {
        let usual = u64::try_from(length.as_nanos()).unwrap_or(u64::MAX);
        Ticks {
            origin,
            usual,
            length: Cell::new(usual),
        }
    }

    /// Makes ticks as long as they can be, or as short: the lengths before and after.
    pub(super) fn change(&self, exactly: bool) -> (u64, u64) {
        let after = if exactly { 1 } else { self.usual };
        (self.length.replace(after), after)
    }

    /// The first tick that is not before `deadline`.
    pub(super) fn deadline(&self, deadline: Instant) -> Tick {
        let nanos = (deadline - self.origin).as_nanos();
        match u64::try_from(nanos) {
            Ok(nanos) => Tick(nanos.div_ceil(self.length.get())),
            // Centuries away.
            Err(_) => saturated(nanos.div_ceil(self.length.get().into())),
        }
    }

    /// The last tick that is not after `now`.
    pub(super) fn elapsed(&self, now: Instant) -> Tick {
        let nanos = (now - self.origin).as_nanos();
        match u64::try_from(nanos) {
            Ok(nanos) => Tick(nanos / self.length.get()),
            Err(_) => saturated(nanos / u128::from(self.length.get())),
        }
    }

    /// When `tick` begins, or the end of what the clock can show.
    pub(super) fn instant(&self, tick: Tick) -> Instant {
        let nanos = u128::from(tick.0) * u128::from(self.length.get());
        let (secs, nanos) = (nanos / NANOS, nanos % NANOS);
        let secs = u64::try_from(secs).unwrap_or(u64::MAX);
        self.origin.far_add(Duration::new(secs, nanos as u32))
    }
}

const NANOS: u128 = 1_000_000_000;

fn saturated(ticks: u128) -> Tick {
    Tick(u64::try_from(ticks).unwrap_or(u64::MAX))
}
