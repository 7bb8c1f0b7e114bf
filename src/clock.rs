//! Kettle's own `Instant`: what the runtime's clock shows.
//!
//! A newtype and not std's, because a runtime under test wants a clock that it can stop
//! and turn by hand. Each runtime has a [`Clock`], which is shown on its thread while it
//! runs: what [`Instant::now`] reads is a thread's affair and costs no lookup.
//!
//! # Invariants
//! 1. What one thread reads from one clock never goes back.
//!
//! # Layer
//! 1: uses nothing but the standard library.

use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;
use std::ops::{Add, AddAssign, Sub, SubAssign};
use std::rc::Rc;
use std::time::Duration;

thread_local! {
    /// The hands of the clock that is shown here.
    static SHOWN: Cell<Hands> = const { Cell::new(Hands::Real) };
    /// The newest reading of the real clock on this thread.
    static LATEST: Cell<Option<std::time::Instant>> = const { Cell::new(None) };
}

/// A moment on the runtime's monotonic clock; tokio's `time::Instant` has the same shape.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(std::time::Instant);

impl Instant {
    /// The moment of the call.
    ///
    /// ```
    /// let start = kettle::time::Instant::now();
    /// assert!(start.elapsed() < std::time::Duration::from_secs(3600));
    /// ```
    pub fn now() -> Instant {
        let real = || {
            let now = std::time::Instant::now();
            LATEST.set(Some(now));
            now
        };
        SHOWN.get().read(real)
    }

    /// Whether this moment has passed, as far as this thread has seen: for the price of a
    /// load, where a reading of the clock costs 23 ns.
    pub(crate) fn is_known_to_have_passed(self) -> bool {
        let latest = LATEST.get();
        latest.is_some_and(|latest| self <= SHOWN.get().read(|| latest))
    }

    /// Kettle's view of a standard instant.
    pub fn from_std(instant: std::time::Instant) -> Instant {
        Instant(instant)
    }

    /// The standard library's view of this instant.
    pub fn into_std(self) -> std::time::Instant {
        self.0
    }

    /// The time since `earlier`, or zero if `earlier` is later.
    pub fn duration_since(&self, earlier: Instant) -> Duration {
        self.saturating_duration_since(earlier)
    }

    /// The time since `earlier`, or `None` if `earlier` is later.
    pub fn checked_duration_since(&self, earlier: Instant) -> Option<Duration> {
        self.0.checked_duration_since(earlier.0)
    }

    /// The time since `earlier`, or zero if `earlier` is later.
    pub fn saturating_duration_since(&self, earlier: Instant) -> Duration {
        self.0.saturating_duration_since(earlier.0)
    }

    /// The time that has passed since this instant.
    pub fn elapsed(&self) -> Duration {
        Instant::now().saturating_duration_since(*self)
    }

    /// This instant and `duration`, or `None` past the end of what the clock can show.
    pub fn checked_add(&self, duration: Duration) -> Option<Instant> {
        self.0.checked_add(duration).map(Instant)
    }

    /// `duration` before this instant, or `None` before the clock's beginning.
    pub fn checked_sub(&self, duration: Duration) -> Option<Instant> {
        self.0.checked_sub(duration).map(Instant)
    }

    /// `duration` from now, or some thirty years if that is further than a clock can show.
    pub(crate) fn from_now(duration: Duration) -> Instant {
        Instant::now().far_add(duration)
    }

    /// This instant and `duration`, or some thirty years if that is further than a clock
    /// can show.
    pub(crate) fn far_add(self, duration: Duration) -> Instant {
        self.checked_add(duration)
            .or_else(|| self.checked_add(FAR))
            .unwrap_or(self)
    }
}

/// Where the hands of a clock stand.
#[derive(Debug, Clone, Copy)]
enum Hands {
    /// Where those of the system's monotonic clock do.
    Real,
    /// They move as those of the system's clock do, but started elsewhere.
    Moved {
        /// What the system's clock showed when these were started.
        real: std::time::Instant,
        /// What these showed then.
        shown: Instant,
    },
    /// Here, and they do not move.
    Stopped(Instant),
}

impl Hands {
    /// What they show when the system's clock shows what `now` says.
    #[inline]
    fn read(self, now: impl FnOnce() -> std::time::Instant) -> Instant {
        match self {
            Hands::Real => Instant(now()),
            Hands::Moved { real, shown } => {
                shown.far_add(now().saturating_duration_since(real))
            }
            Hands::Stopped(at) => at,
        }
    }
}

/// The clock of a runtime: its hands while it is not shown.
#[derive(Debug)]
pub(crate) struct Clock(Cell<Hands>);

impl Clock {
    /// A clock that goes as the system's does, or one that stands still at this moment.
    pub(crate) fn new(stopped: bool) -> Rc<Clock> {
        let hands = match stopped {
            true => Hands::Stopped(Instant::now()),
            false => Hands::Real,
        };
        Rc::new(Clock(Cell::new(hands)))
    }

    /// What it shows while it is not shown on this thread.
    pub(crate) fn now(&self) -> Instant {
        self.0.get().read(std::time::Instant::now)
    }

    /// Shows this clock on this thread until the guard is dropped.
    #[inline]
    pub(crate) fn show(self: &Rc<Clock>) -> Shown {
        self.exchange();
        Shown {
            clock: Rc::clone(self),
            here_only: PhantomData,
        }
    }

    /// Shows these hands, and keeps those that were shown. Where both are the system's,
    /// which is nearly always, there is nothing to do.
    #[inline]
    fn exchange(&self) {
        SHOWN.with(|shown| match (self.0.get(), shown.get()) {
            (Hands::Real, Hands::Real) => {}
            _ => shown.swap(&self.0),
        });
    }
}

/// While it lives, a runtime's clock is what [`Instant::now`] reads on this thread.
#[derive(Debug)]
pub(crate) struct Shown {
    /// It keeps the hands that were shown before.
    clock: Rc<Clock>,
    here_only: PhantomData<*const ()>,
}

impl Drop for Shown {
    #[inline]
    fn drop(&mut self) {
        // It may have been stopped or turned meanwhile.
        self.clock.exchange();
    }
}

/// Whether the clock that is shown here stands still.
pub(crate) fn is_stopped() -> bool {
    matches!(SHOWN.get(), Hands::Stopped(_))
}

/// Stops the clock that is shown here, or turns one that stands still: not back.
pub(crate) fn stop_at(at: Instant) {
    SHOWN.set(Hands::Stopped(at.max(Instant::now())));
}

/// Lets the clock that is shown here go on from where it stands.
pub(crate) fn go_on() {
    let shown = Instant::now();
    let real = std::time::Instant::now();
    SHOWN.set(Hands::Moved { real, shown });
}

/// What stands in for a duration too long to add: nobody waits thirty years to complain.
const FAR: Duration = Duration::from_secs(86_400 * 365 * 30);

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<std::time::Instant> for Instant {
    fn from(instant: std::time::Instant) -> Instant {
        Instant(instant)
    }
}

impl From<Instant> for std::time::Instant {
    fn from(instant: Instant) -> std::time::Instant {
        instant.0
    }
}

impl Add<Duration> for Instant {
    type Output = Instant;

    /// # Panics
    /// Past the end of what the clock can show, as std's does.
    fn add(self, duration: Duration) -> Instant {
        Instant(self.0 + duration)
    }
}

impl AddAssign<Duration> for Instant {
    fn add_assign(&mut self, duration: Duration) {
        *self = *self + duration;
    }
}

impl Sub for Instant {
    type Output = Duration;

    fn sub(self, earlier: Instant) -> Duration {
        self.saturating_duration_since(earlier)
    }
}

impl Sub<Duration> for Instant {
    type Output = Instant;

    /// # Panics
    /// Before the clock's beginning, as std's does.
    fn sub(self, duration: Duration) -> Instant {
        Instant(self.0 - duration)
    }
}

impl SubAssign<Duration> for Instant {
    fn sub_assign(&mut self, duration: Duration) {
        *self = *self - duration;
    }
}
