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
use crate::waker::{Homes, RuntimeId, ask, current};

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

    /// Ready when it is over, at no cost to the budget.
    #[track_caller]
    #[inline]
    pub(super) fn poll_unlimited(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<()> {
        self.project().wait.poll_unlimited(cx)
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
    state: State,
}

/// How far a wait has come.
#[derive(Debug, Clone, Copy)]
enum State {
    /// No timer is set.
    New,
    /// A timer of `runtime` is set. Its key stands here in parts: so it is a word less.
    Set {
        runtime: RuntimeId,
        serial: u64,
        slot: u32,
    },
    /// The deadline has passed.
    Over,
}

impl State {
    #[inline]
    fn set(runtime: RuntimeId, key: TimerKey) -> State {
        let TimerKey { slot, serial } = key;
        State::Set {
            runtime,
            serial,
            slot,
        }
    }
}

// It lies in every task that sleeps.
const _: () = assert!(size_of::<Wait>() == 40);

impl Wait {
    /// Nobody waits yet.
    pub(super) fn until(deadline: Instant) -> Wait {
        let state = State::New;
        Wait { deadline, state }
    }

    /// What it waits for.
    pub(super) fn deadline(&self) -> Instant {
        self.deadline
    }

    /// The timer that is set, and whose it is.
    #[inline]
    fn timer(&self) -> Option<(RuntimeId, TimerKey)> {
        match self.state {
            State::Set {
                runtime,
                serial,
                slot,
            } => Some((runtime, TimerKey { slot, serial })),
            State::New | State::Over => None,
        }
    }

    fn is_elapsed(&self) -> bool {
        match self.timer() {
            None => matches!(self.state, State::Over),
            // Whether it is known here that it has fired.
            Some((runtime, key)) => {
                Timers::of(runtime).is_some_and(|it| !it.is_pending(key))
            }
        }
    }

    /// Waits for another one, whether the one before has passed or not.
    pub(super) fn reset(&mut self, deadline: Instant) {
        self.deadline = deadline;
        let moved = self.timer().and_then(|(runtime, key)| {
            let key = Timers::of(runtime)?.reset(key, deadline)?;
            Some(State::set(runtime, key))
        });
        if moved.is_none() {
            self.cancel();
        }
        self.state = moved.unwrap_or(State::New);
    }

    /// Ready when the deadline has passed.
    #[track_caller]
    #[inline]
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        ready!(budget::poll_ready(cx));
        ready!(self.poll_unlimited(cx));
        budget::spend();
        Poll::Ready(())
    }

    /// The same, at no cost to the budget.
    #[track_caller]
    pub(super) fn poll_unlimited(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        match self.timer() {
            None if matches!(self.state, State::Over) => return Poll::Ready(()),
            Some((runtime, key)) if self.is_set_here(runtime) => {
                if let Some(timers) = Timers::of(runtime) {
                    return self.poll_set(&timers, key, cx.waker());
                }
                self.cancel();
            }
            _ => self.cancel(),
        }
        // If it passes without a reading of the clock here, the loop's next look finds it.
        if self.deadline.is_known_to_have_passed() || !self.set(cx.waker()) {
            self.state = State::Over;
            return Poll::Ready(());
        }
        Poll::Pending
    }

    /// On this thread there may be a second runtime, whose timers do not fire while the
    /// current one runs.
    #[inline]
    fn is_set_here(&self, runtime: RuntimeId) -> bool {
        current().is_none_or(|it| it == runtime)
    }

    /// Looks after the timer that is set.
    #[inline]
    fn poll_set(
        &mut self,
        timers: &Timers,
        key: TimerKey,
        waker: &Waker,
    ) -> Poll<()> {
        // The first question spares a look at the entry, which is far away in memory.
        if !timers.has_passed(self.deadline) {
            if self.deadline.is_known_to_have_passed() {
                drop(timers.cancel(key));
            } else if timers.wait(key, waker) {
                return Poll::Pending;
            }
        }
        self.state = State::Over;
        Poll::Ready(())
    }

    /// Sets a timer in the current runtime; false if the deadline has passed.
    #[track_caller]
    #[inline]
    fn set(&mut self, waker: &Waker) -> bool {
        let found = current().and_then(|it| Some((it, Timers::of(it)?)));
        let Some((runtime, timers)) = found else {
            panic!(
                "a Sleep was polled where no Kettle runtime with timers is current; \
                 poll it inside block_on, and build the runtime with enable_time or \
                 enable_all"
            );
        };
        let Some(key) = timers.insert(self.deadline, waker) else {
            return false;
        };
        self.state = State::set(runtime, key);
        true
    }

    /// Takes back the timer that is set, if there is one: at once at home, in the next
    /// turn from elsewhere.
    #[inline]
    fn cancel(&self) {
        let Some((runtime, key)) = self.timer() else {
            return;
        };
        let home = |homes: &Homes<Timers>| homes.with(runtime, |it| it.cancel(key));
        match HOMES.try_with(home).ok().flatten() {
            Some(waker) => drop(waker),
            None => cancel_elsewhere(runtime, key),
        }
    }
}

impl Drop for Wait {
    #[inline]
    fn drop(&mut self) {
        self.cancel();
    }
}

#[cold]
fn cancel_elsewhere(runtime: RuntimeId, key: TimerKey) {
    ask(&HOMES, runtime, move |timers| drop(timers.cancel(key)));
}
