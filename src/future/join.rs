//! Both of two futures, at the same time.
//!
//! `a.await; b.await` starts `b` only when `a` is done. A join polls both each time it
//! is polled, so that both wait at the same time, on one thread and in one task. It does
//! not know which of them was woken, and asks both: with two that is cheaper than to
//! find out. For many futures there is `join_all`.
//!
//! # Invariants
//! 1. A future is not polled again after it was ready ([`MaybeDone`] sees to it).
//! 2. Each poll begins with the other future than the poll before.
//!
//! # Layer
//! 3: uses `order`.

use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use super::maybe_done::{MaybeDone, maybe_done};
use super::order::Rotation;
use super::support::taken;

/// Waits for `a` and `b` at the same time, and gives both outputs.
///
/// Dropping it drops both. The macro [`join!`](crate::join!) takes any number.
///
/// ```
/// # kettle::block_on(async {
/// use kettle::future::{join, ready};
///
/// assert_eq!(join(ready("milk"), ready("tea")).await, ("milk", "tea"));
/// # });
/// ```
pub fn join<A, B>(a: A, b: B) -> Join<A::IntoFuture, B::IntoFuture>
where
    A: IntoFuture,
    B: IntoFuture,
{
    Join {
        a: maybe_done(a),
        b: maybe_done(b),
        rotation: Rotation::default(),
    }
}

pin_project! {
    /// The future of [`join()`].
    ///
    /// # Panics
    /// When it is polled again after it was ready.
    #[derive(Debug)]
    #[must_use = "a future does nothing until it is polled"]
    pub struct Join<A: Future, B: Future> {
        #[pin]
        a: MaybeDone<A>,
        #[pin]
        b: MaybeDone<B>,
        // Who begins: invariant 2.
        rotation: Rotation<2>,
    }
}

impl<A: Future, B: Future> Future for Join<A, B> {
    type Output = (A::Output, B::Output);

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let mut waiting = false;
        for round in this.rotation.turn() {
            if round.contains(&0) {
                waiting |= this.a.as_mut().poll(cx).is_pending();
            }
            if round.contains(&1) {
                waiting |= this.b.as_mut().poll(cx).is_pending();
            }
        }
        if waiting {
            return Poll::Pending;
        }
        Poll::Ready((taken(this.a), taken(this.b)))
    }
}
