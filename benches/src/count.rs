//! Counts polls and wakes of the futures that a scenario spawns.
//!
//! Two runtimes may need the same time for different work. Before their times are
//! set side by side, this tells how often each one polled and how often a waker was
//! called. The wrapper stands only in the counted copy of a scenario: the timed copy
//! spawns the bare futures.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

thread_local! {
    static POLLS: Cell<u64> = const { Cell::new(0) };
    static WAKES: Cell<u64> = const { Cell::new(0) };
}

/// Polls and wakes seen on this thread so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Polls of spawned futures.
    pub polls: u64,
    /// Calls of the wakers those polls were given, or of clones of them. A runtime
    /// that schedules without calling a waker counts less here; that is no error.
    pub wakes: u64,
}

/// The counters of this thread now.
#[must_use]
pub fn seen() -> Seen {
    Seen {
        polls: POLLS.get(),
        wakes: WAKES.get(),
    }
}

/// The timed copy's wrapper: none.
#[inline(always)]
pub fn plain<F: Future>(body: F) -> F {
    body
}

/// The counted copy's wrapper.
pub fn counted<F: Future>(body: F) -> Counted<F> {
    Counted {
        body: Box::pin(body),
    }
}

/// A future whose polls and wakes are counted.
#[derive(Debug)]
pub struct Counted<F> {
    body: Pin<Box<F>>,
}

impl<F: Future> Future for Counted<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        POLLS.set(POLLS.get() + 1);
        let counting = Arc::new(CountedWaker {
            waker: cx.waker().clone(),
        })
        .into();
        self.body.as_mut().poll(&mut Context::from_waker(&counting))
    }
}

struct CountedWaker {
    waker: Waker,
}

impl Wake for CountedWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        WAKES.set(WAKES.get() + 1);
        self.waker.wake_by_ref();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_lite::future::{block_on, yield_now};

    #[test]
    fn two_yields_are_three_polls_and_two_wakes() {
        let before = seen();
        block_on(counted(async {
            yield_now().await;
            yield_now().await;
        }));
        let after = seen();
        assert_eq!(after.polls - before.polls, 3);
        assert_eq!(after.wakes - before.wakes, 2);
    }
}
