//! A future that is ready when its deadline has passed.
//!
//! # Layer
//! 5: uses timers, the clock, wakers and the budget.

use std::marker::PhantomPinned;
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use super::entries::TimerKey;
use super::timers::{HOMES, Timers};
use crate::budget;
use crate::clock::Instant;
use crate::waker::{RuntimeId, ask, current};

/// Waits until `duration` has passed.
///
/// The time counts from the call, not from the first poll. It never ends early; it ends
/// late by a tick (16 µs) and the time that the thread is busy, and by up to a millisecond
/// where timers are dense. `Duration::ZERO` is over at the first poll; durations past the
/// end of the clock wait for some thirty years.
///
/// # Panics
/// When it is polled where no runtime with time enabled is current.
///
/// # Cancel safety
/// Dropping it cancels the wait, on any thread.
///
/// ```
/// # #[kettle::main]
/// # async fn main() {
/// use kettle::time::{Duration, Instant, sleep};
///
/// let start = Instant::now();
/// sleep(Duration::from_millis(5)).await;
/// assert!(start.elapsed() >= Duration::from_millis(5));
/// # }
/// ```
pub fn sleep(duration: Duration) -> Sleep {
    sleep_until(Instant::from_now(duration))
}

/// Waits until `deadline`; as [`sleep`] in all else.
pub fn sleep_until(deadline: Instant) -> Sleep {
    Sleep {
        wait: Wait::until(deadline),
        pinned: PhantomPinned,
    }
}

pin_project_lite::pin_project! {
    /// The future of [`sleep`] and [`sleep_until`].
    ///
    /// It belongs to no runtime until its first poll, then to the one that was current
    /// there. Polled in another one later, it cancels its timer and sets one there.
    #[must_use = "futures do nothing unless they are awaited or polled"]
    #[derive(Debug)]
    pub struct Sleep {
        wait: Wait,
        // tokio's `Sleep` is not `Unpin`; a program that moves there must not rely on it.
        #[pin]
        pinned: PhantomPinned,
    }
}

impl Sleep {
    /// When it will be, or was, over.
    pub fn deadline(&self) -> Instant {
        self.wait.deadline
    }

    /// Whether it is over.
    pub fn is_elapsed(&self) -> bool {
        self.wait.is_elapsed()
    }

    /// Gives it a new deadline, whether it is over or not. The task that waits for it is
    /// woken at the new one.
    pub fn reset(self: Pin<&mut Self>, deadline: Instant) {
        self.project().wait.reset(deadline);
    }
}

impl Future for Sleep {
    type Output = ();

    #[track_caller]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.project().wait.poll(cx)
    }
}

/// A deadline and somebody who waits for it: a [`Sleep`] that may be moved.
#[derive(Debug)]
pub(super) struct Wait {
    deadline: Instant,
    timer: Option<Timer>,
    elapsed: bool,
}

impl Wait {
    /// Nobody waits yet.
    pub(super) fn until(deadline: Instant) -> Wait {
        Wait {
            deadline,
            timer: None,
            elapsed: false,
        }
    }

    /// What it waits for.
    pub(super) fn deadline(&self) -> Instant {
        self.deadline
    }

    fn is_elapsed(&self) -> bool {
        self.elapsed || self.timer.as_ref().is_some_and(Timer::has_fired)
    }

    /// Waits for another one, whether the one before has passed or not.
    pub(super) fn reset(&mut self, deadline: Instant) {
        self.deadline = deadline;
        self.elapsed = false;
        self.timer.take_if(|timer| !timer.reset(deadline));
    }

    /// Ready when the deadline has passed.
    #[track_caller]
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        ready!(budget::poll_ready(cx));
        if !self.elapsed {
            ready!(self.poll_timer(cx));
            self.timer = None;
            self.elapsed = true;
        }
        budget::spend();
        Poll::Ready(())
    }

    /// Waits for the timer, or sets one if there is none in the runtime that is current.
    #[track_caller]
    fn poll_timer(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        // If it passes without a reading of the clock here, the loop's next look finds it.
        if self.deadline.is_known_to_have_passed() {
            return Poll::Ready(());
        }
        // On this thread there may be a second runtime, whose timers do not fire while
        // this one runs.
        if let Some(set) = &self.timer
            && current().is_none_or(|it| it == set.runtime)
            && let Some(timers) = Timers::of(set.runtime)
        {
            return match timers.wait(set.key, cx.waker()) {
                true => Poll::Pending,
                false => Poll::Ready(()),
            };
        }
        self.timer = None;
        self.timer = Timer::set(self.deadline, cx.waker());
        match self.timer {
            Some(_) => Poll::Pending,
            None => Poll::Ready(()),
        }
    }
}

/// A timer that is set; its drop cancels it, from any thread.
#[derive(Debug)]
struct Timer {
    runtime: RuntimeId,
    key: TimerKey,
}

impl Timer {
    /// Sets a timer in the current runtime; `None` if `deadline` has passed.
    #[track_caller]
    fn set(deadline: Instant, waker: &Waker) -> Option<Timer> {
        let found = current().and_then(|it| Some((it, Timers::of(it)?)));
        let Some((runtime, timers)) = found else {
            panic!(
                "a Sleep was polled where no Kettle runtime with timers is current; \
                 poll it inside block_on, and build the runtime with enable_time or \
                 enable_all"
            );
        };
        let key = timers.insert(deadline, waker)?;
        Some(Timer { runtime, key })
    }

    /// Whether it is known here that it has fired.
    fn has_fired(&self) -> bool {
        let timers = Timers::of(self.runtime);
        timers.is_some_and(|timers| !timers.is_pending(self.key))
    }

    /// Gives it a new deadline; false if a new one must be set instead.
    fn reset(&mut self, deadline: Instant) -> bool {
        let timers = Timers::of(self.runtime);
        timers.is_some_and(|timers| timers.reset(self.key, deadline))
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        let key = self.key;
        ask(&HOMES, self.runtime, move |timers| timers.cancel(key));
    }
}
