//! The bridges to std's futures and back.
//!
//! Each side's future can be polled by the other, and each side's waker wakes through
//! the other: one wake here is one wake there. The waker is wrapped in an `Arc` of the
//! other side, once for each waker that comes along, not once a poll: so a future that
//! compares its waker with the one before finds it to be the same.
//!
//! A [`PinnedFuture`](super::PinnedFuture) crosses in a [`PinnedBox`](super::PinnedBox).
//! A std future crosses in std's own `Pin<Box<…>>`. Boxes may move, so neither direction
//! needs unsafe code.
//!
//! # Invariants
//! 1. A bridge keeps one waker of the other side: that of its last poll.
//!
//! # Layer
//! 0: uses nothing of Kettle. It is the one file of the machinery that names items of
//! `std::future`, `std::task` and `std::pin`.

use std::fmt;
use std::pin;
use std::sync::Arc;
use std::{future as std_future, task as std_task};

use super::{Context, Future, Poll, Wake, Waker};

/// A future of ours as one of std's: it can be awaited.
///
/// ```
/// use kettle::machinery::{Context, Future, IntoStd, Poll};
///
/// struct Tea;
///
/// impl Future for Tea {
///     type Output = &'static str;
///
///     fn poll(&mut self, _cx: &mut Context<'_>) -> Poll<&'static str> {
///         Poll::Ready("tea")
///     }
/// }
///
/// assert_eq!(kettle::block_on(async { IntoStd::new(Tea).await }), "tea");
/// ```
#[must_use = "a future does nothing until it is polled"]
pub struct IntoStd<F> {
    future: F,
    /// The waker of the last poll, as it came and as one of ours.
    last: Option<(Arc<FromStdWaker>, Waker)>,
}

impl<F: Future> IntoStd<F> {
    /// Wraps a future of ours.
    pub fn new(future: F) -> IntoStd<F> {
        IntoStd { future, last: None }
    }
}

/// Our futures may move between two polls, whatever they are made of.
impl<F> Unpin for IntoStd<F> {}

impl<F: Future> std_future::Future for IntoStd<F> {
    type Output = F::Output;

    fn poll(
        self: pin::Pin<&mut Self>,
        cx: &mut std_task::Context<'_>,
    ) -> std_task::Poll<F::Output> {
        let this = self.get_mut();
        let theirs = cx.waker();
        if !matches!(&this.last, Some((last, _)) if last.0.will_wake(theirs)) {
            let wake = Arc::new(FromStdWaker(theirs.clone()));
            this.last = Some((Arc::clone(&wake), Waker::from(wake)));
        }
        let Some((_, waker)) = &this.last else {
            unreachable!("it was set two lines ago");
        };
        match this.future.poll(&mut Context::from_waker(waker)) {
            Poll::Ready(output) => std_task::Poll::Ready(output),
            Poll::Pending => std_task::Poll::Pending,
        }
    }
}

/// A future of std's as one of ours.
#[must_use = "a future does nothing until it is polled"]
pub struct FromStd<F> {
    future: pin::Pin<Box<F>>,
    /// The waker of the last poll, as it came and as one of std's.
    last: Option<(Arc<IntoStdWaker>, std_task::Waker)>,
}

impl<F: std_future::Future> FromStd<F> {
    /// Wraps a future of std's, in a box that pins it.
    pub fn new(future: F) -> FromStd<F> {
        FromStd {
            future: Box::pin(future),
            last: None,
        }
    }
}

impl<F: std_future::Future> Future for FromStd<F> {
    type Output = F::Output;

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<F::Output> {
        let ours = cx.waker();
        if !matches!(&self.last, Some((last, _)) if last.0.will_wake(ours)) {
            let wake = Arc::new(IntoStdWaker(ours.clone()));
            self.last = Some((Arc::clone(&wake), std_task::Waker::from(wake)));
        }
        let Some((_, waker)) = &self.last else {
            unreachable!("it was set two lines ago");
        };
        let mut cx = std_task::Context::from_waker(waker);
        match self.future.as_mut().poll(&mut cx) {
            std_task::Poll::Ready(output) => Poll::Ready(output),
            std_task::Poll::Pending => Poll::Pending,
        }
    }
}

/// A waker of std's, to be woken as one of ours.
struct FromStdWaker(std_task::Waker);

impl Wake for FromStdWaker {
    fn wake(self: Arc<FromStdWaker>) {
        self.0.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<FromStdWaker>) {
        self.0.wake_by_ref();
    }
}

/// A waker of ours, to be woken as one of std's.
struct IntoStdWaker(Waker);

impl std_task::Wake for IntoStdWaker {
    fn wake(self: Arc<IntoStdWaker>) {
        self.0.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<IntoStdWaker>) {
        self.0.wake_by_ref();
    }
}

impl<F> fmt::Debug for IntoStd<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IntoStd").finish_non_exhaustive()
    }
}

impl<F> fmt::Debug for FromStd<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FromStd").finish_non_exhaustive()
    }
}
