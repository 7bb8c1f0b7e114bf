//! A future made of a closure.
//!
//! Most hand-written futures need no name: what they remember between two polls fits
//! into the captures of a closure.
//!
//! # Layer
//! 3: uses nothing but the standard library.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

/// A future whose `poll` is the closure `poll`.
///
/// ```
/// use std::task::Poll;
///
/// # kettle::block_on(async {
/// let mut left = 3;
/// let polls = kettle::future::poll_fn(|cx| {
///     if left == 0 {
///         return Poll::Ready("done");
///     }
///     left -= 1;
///     cx.waker().wake_by_ref();
///     Poll::Pending
/// });
/// assert_eq!(polls.await, "done");
/// # });
/// ```
pub fn poll_fn<T, F>(poll: F) -> PollFn<F>
where
    F: FnMut(&mut Context<'_>) -> Poll<T>,
{
    PollFn { poll }
}

/// The future of [`poll_fn()`].
///
/// It is `Unpin` whatever the closure captures: no capture is ever treated as pinned, so
/// moving the closure breaks no promise.
#[must_use = "a future does nothing until it is polled"]
pub struct PollFn<F> {
    poll: F,
}

impl<F> Unpin for PollFn<F> {}

impl<T, F> Future for PollFn<F>
where
    F: FnMut(&mut Context<'_>) -> Poll<T>,
{
    type Output = T;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        (self.get_mut().poll)(cx)
    }
}

impl<F> fmt::Debug for PollFn<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PollFn").finish_non_exhaustive()
    }
}
