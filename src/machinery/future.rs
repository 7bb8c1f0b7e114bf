//! Something that can be asked for its value again and again, until it is there.
//!
//! There are two of them. The first is asked through `&mut self`, so it may be moved
//! between two polls: enough for every state machine that is written by hand. A machine
//! that borrows from itself, as `async fn` makes them, must stay where it is once it was
//! polled. It is asked through [`Pin`], which is the promise that it stays.
//!
//! # Layer
//! 0: uses nothing of Kettle.

use super::{Context, Pin, Poll};

/// A value to come, made by a machine that may move.
///
/// ```
/// use kettle::machinery::{Context, Future, Poll, Waker};
///
/// struct Countdown(u32);
///
/// impl Future for Countdown {
///     type Output = &'static str;
///
///     fn poll(&mut self, cx: &mut Context<'_>) -> Poll<&'static str> {
///         if self.0 == 0 {
///             return Poll::Ready("lift off");
///         }
///         self.0 -= 1;
///         cx.waker().wake_by_ref();
///         Poll::Pending
///     }
/// }
///
/// let mut future = Countdown(1);
/// let waker = Waker::noop();
/// let mut cx = Context::from_waker(&waker);
/// assert_eq!(future.poll(&mut cx), Poll::Pending);
/// assert_eq!(future.poll(&mut cx), Poll::Ready("lift off"));
/// ```
#[must_use = "a future does nothing until it is polled"]
pub trait Future {
    /// What it gives.
    type Output;

    /// Gets as far as it can without waiting.
    ///
    /// If that is not the end, it is `Pending`, and wakes the waker of `cx` when it is
    /// worth asking again: the waker of the last poll, not of the ones before.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Self::Output>;
}

impl<F: Future + ?Sized> Future for Box<F> {
    type Output = F::Output;

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<F::Output> {
        (**self).poll(cx)
    }
}

impl<F: Future + ?Sized> Future for &mut F {
    type Output = F::Output;

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<F::Output> {
        (**self).poll(cx)
    }
}

/// A value to come, made by a machine that stays where it is from its first poll on.
///
/// There is no `dyn PinnedFuture`: a method of a trait object finds its vtable through
/// `self`, and our `Pin` may not stand there. [`PinnedBox`](super::PinnedBox) is the way
/// round.
#[must_use = "a future does nothing until it is polled"]
pub trait PinnedFuture {
    /// What it gives.
    type Output;

    /// As [`Future::poll`].
    fn poll(this: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output>;
}
