//! Something to do each so often.
//!
//! # Layer
//! 5: uses `Wait`, which is what a `Sleep` is made of.

use std::future::poll_fn;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use super::sleep::Wait;
use crate::clock::Instant;

/// How late a tick may be before it counts as missed: as late as in tokio. A busy loop is
/// late by that much all the time, and that is no reason to change the beat.
const LATE: Duration = Duration::from_millis(5);

/// Ticks at once, and then each `period`.
///
/// # Panics
/// If `period` is zero; and its `tick` as [`sleep`](super::sleep()) does.
///
/// ```
/// # #[kettle::main]
/// # async fn main() {
/// use kettle::time::{Duration, interval};
///
/// let mut beat = interval(Duration::from_millis(2));
/// let first = beat.tick().await;
/// assert_eq!(beat.tick().await, first + Duration::from_millis(2));
/// # }
/// ```
#[track_caller]
pub fn interval(period: Duration) -> Interval {
    interval_at(Instant::now(), period)
}

/// Ticks at `start`, and then each `period`; as [`interval`] in all else.
///
/// # Panics
/// If `period` is zero.
#[track_caller]
pub fn interval_at(start: Instant, period: Duration) -> Interval {
    assert!(
        !period.is_zero(),
        "interval with a period of zero: it would tick all the time; yield_now is for \
         that"
    );
    Interval {
        next: Wait::until(start),
        period,
        behavior: MissedTickBehavior::default(),
    }
}

/// When the next tick is, after one that was missed: it was more than five milliseconds
/// late, because the task did something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MissedTickBehavior {
    /// The missed ticks follow at once, until all have been made up for.
    ///
    /// ```text
    /// planned   |     |     |     |     |     |
    /// ticks     |           |||   |     |     |
    /// ```
    #[default]
    Burst,
    /// A period after the late one: the beat is moved for good.
    ///
    /// ```text
    /// planned   |     |     |     |     |     |
    /// ticks     |        |     |     |     |
    /// ```
    Delay,
    /// At the next planned time: the missed ones are left out, and the beat stays.
    ///
    /// ```text
    /// planned   |     |     |     |     |     |
    /// ticks     |        |  |     |     |     |
    /// ```
    Skip,
}

impl MissedTickBehavior {
    /// The tick after the one that was due at `due` and happens at `now`, too late.
    fn after(self, due: Instant, now: Instant, period: Duration) -> Instant {
        match self {
            MissedTickBehavior::Burst => due.far_add(period),
            MissedTickBehavior::Delay => now.far_add(period),
            MissedTickBehavior::Skip => {
                let late = (now - due).as_nanos() % period.as_nanos();
                // Less than the period, which is a `Duration`.
                let late = Duration::new(
                    (late / 1_000_000_000) as u64,
                    (late % 1_000_000_000) as u32,
                );
                now.far_add(period - late)
            }
        }
    }
}

/// Ticks each so often; made by [`interval`] and [`interval_at`].
#[derive(Debug)]
pub struct Interval {
    next: Wait,
    period: Duration,
    behavior: MissedTickBehavior,
}

impl Interval {
    /// Waits for the next tick, and returns the moment that it was planned for.
    ///
    /// # Cancel safety
    /// A tick that nobody waited for is there for the next call.
    pub async fn tick(&mut self) -> Instant {
        poll_fn(|cx| self.poll_tick(cx)).await
    }

    /// The next tick, or a wake when it has come.
    pub fn poll_tick(&mut self, cx: &mut Context<'_>) -> Poll<Instant> {
        ready!(self.next.poll(cx));
        let (due, now) = (self.next.deadline(), Instant::now());
        let next = match now > due.far_add(LATE) {
            true => self.behavior.after(due, now, self.period),
            false => due.far_add(self.period),
        };
        self.next.reset(next);
        Poll::Ready(due)
    }

    /// The next tick is a period from now.
    pub fn reset(&mut self) {
        self.reset_after(self.period);
    }

    /// The next tick is now.
    pub fn reset_immediately(&mut self) {
        self.reset_at(Instant::now());
    }

    /// The next tick is `after` from now, and the others follow it.
    pub fn reset_after(&mut self, after: Duration) {
        self.reset_at(Instant::from_now(after));
    }

    /// The next tick is at `deadline`, and the others follow it.
    pub fn reset_at(&mut self, deadline: Instant) {
        self.next.reset(deadline);
    }

    /// What happens after a tick that was missed.
    pub fn missed_tick_behavior(&self) -> MissedTickBehavior {
        self.behavior
    }

    /// Says what is to happen after a tick that was missed;
    /// [`Burst`](MissedTickBehavior::Burst) if nothing is said.
    pub fn set_missed_tick_behavior(&mut self, behavior: MissedTickBehavior) {
        self.behavior = behavior;
    }

    /// The time between two ticks.
    pub fn period(&self) -> Duration {
        self.period
    }
}
