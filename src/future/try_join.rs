//! Both of two futures that may fail, or the first error.
//!
//! Like [`join()`](super::join()), but an error ends the wait at once: the other future
//! is then dropped with the `TryJoin`, unfinished.
//!
//! # Invariants
//! 1. A future is not polled again after it was ready.
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
use super::support::{failure, success};

/// Waits for `a` and `b` at the same time: both values, or the first error.
///
/// ```
/// # kettle::block_on(async {
/// use kettle::future::{pending, ready, try_join};
///
/// let both = try_join(ready(Ok::<_, &str>(1)), ready(Ok(2)));
/// assert_eq!(both.await, Ok((1, 2)));
///
/// let broken = try_join(pending::<Result<(), _>>(), ready(Err::<(), _>("no milk")));
/// assert_eq!(broken.await, Err("no milk"));
/// # });
/// ```
pub fn try_join<A, B, T, U, E>(a: A, b: B) -> TryJoin<A::IntoFuture, B::IntoFuture>
where
    A: IntoFuture<Output = Result<T, E>>,
    B: IntoFuture<Output = Result<U, E>>,
{
    TryJoin {
        a: maybe_done(a),
        b: maybe_done(b),
        rotation: Rotation::default(),
    }
}

pin_project! {
    /// The future of [`try_join()`].
    ///
    /// # Panics
    /// When it is polled again after it was ready.
    #[derive(Debug)]
    #[must_use = "a future does nothing until it is polled"]
    pub struct TryJoin<A: Future, B: Future> {
        #[pin]
        a: MaybeDone<A>,
        #[pin]
        b: MaybeDone<B>,
        // Who begins: invariant 2.
        rotation: Rotation<2>,
    }
}

impl<A, B, T, U, E> Future for TryJoin<A, B>
where
    A: Future<Output = Result<T, E>>,
    B: Future<Output = Result<U, E>>,
{
    type Output = Result<(T, U), E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let mut waiting = false;
        for round in this.rotation.turn() {
            if round.contains(&0) {
                waiting |= this.a.as_mut().poll(cx).is_pending();
                if let Some(error) = failure(this.a.as_mut()) {
                    return Poll::Ready(Err(error));
                }
            }
            if round.contains(&1) {
                waiting |= this.b.as_mut().poll(cx).is_pending();
                if let Some(error) = failure(this.b.as_mut()) {
                    return Poll::Ready(Err(error));
                }
            }
        }
        if waiting {
            return Poll::Pending;
        }
        Poll::Ready(Ok((success(this.a), success(this.b))))
    }
}
