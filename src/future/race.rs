//! The first of two futures with the same output; the other one is dropped.
//!
//! [`select`](super::select()) hands the loser back and so must tell which one won.
//! Where both futures are ways to the same thing, a cache and the network, nobody asks.
//!
//! # Invariants
//! 1. [`race()`] begins each poll with one that chance picks, [`or()`] with the first.
//!
//! # Layer
//! 3: uses `order`.

use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use super::order::{first, rounds};

/// Waits for whichever of `a` and `b` is ready first. If both are, chance decides.
///
/// ```
/// # kettle::block_on(async {
/// use kettle::future::{pending, race, ready};
///
/// assert_eq!(race(pending(), ready("cache")).await, "cache");
/// # });
/// ```
pub fn race<A, B>(a: A, b: B) -> Race<A::IntoFuture, B::IntoFuture>
where
    A: IntoFuture,
    B: IntoFuture<Output = A::Output>,
{
    Race::new(a.into_future(), b.into_future(), false)
}

/// Waits for whichever of `a` and `b` is ready first. If both are, `a` wins.
///
/// ```
/// # kettle::block_on(async {
/// use kettle::future::{or, ready};
///
/// assert_eq!(or(ready("tea"), ready("coffee")).await, "tea");
/// # });
/// ```
pub fn or<A, B>(a: A, b: B) -> Race<A::IntoFuture, B::IntoFuture>
where
    A: IntoFuture,
    B: IntoFuture<Output = A::Output>,
{
    Race::new(a.into_future(), b.into_future(), true)
}

pin_project! {
    /// The future of [`race()`] and [`or()`].
    ///
    /// # Panics
    /// When it is polled again after it was ready.
    #[derive(Debug)]
    #[must_use = "a future does nothing until it is polled"]
    pub struct Race<A, B> {
        #[pin]
        a: A,
        #[pin]
        b: B,
        // Whether `a` is always polled first: invariant 1.
        biased: bool,
        over: bool,
    }
}

impl<A, B> Race<A, B> {
    fn new(a: A, b: B, biased: bool) -> Race<A, B> {
        Race {
            a,
            b,
            biased,
            over: false,
        }
    }
}

impl<A, B> Future for Race<A, B>
where
    A: Future,
    B: Future<Output = A::Output>,
{
    type Output = A::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<A::Output> {
        let mut this = self.project();
        assert!(!*this.over, "`Race` was polled after it had been ready");
        let begin = if *this.biased { 0 } else { first(2) };
        let mut polled = Poll::Pending;
        for round in rounds::<2>(begin) {
            if round.contains(&0) && polled.is_pending() {
                polled = this.a.as_mut().poll(cx);
            }
            if round.contains(&1) && polled.is_pending() {
                polled = this.b.as_mut().poll(cx);
            }
        }
        *this.over = polled.is_ready();
        polled
    }
}
