//! A future that is ready at once.
//!
//! Where a branch must be a future and the value is already there, this is the adapter.
//!
//! # Layer
//! 3: uses nothing but the standard library.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

/// A future that is ready with `value` at its first poll.
///
/// ```
/// # kettle::block_on(async {
/// assert_eq!(kettle::future::ready("tea").await, "tea");
/// # });
/// ```
pub fn ready<T>(value: T) -> Ready<T> {
    Ready { value: Some(value) }
}

/// The future of [`ready()`].
///
/// # Panics
/// When it is polled again after it gave its value.
#[derive(Clone, Debug)]
#[must_use = "a future does nothing until it is polled"]
pub struct Ready<T> {
    /// The value, until the first poll takes it.
    value: Option<T>,
}

/// The value is handed out, never looked at in place, so it may move.
impl<T> Unpin for Ready<T> {}

impl<T> Future for Ready<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<T> {
        match self.value.take() {
            Some(value) => Poll::Ready(value),
            None => panic!("`Ready` was polled after it had given its value"),
        }
    }
}
