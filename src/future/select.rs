//! The first of two futures, and the other one back.
//!
//! A select polls both futures each time it is polled and is ready as soon as one of
//! them is. What becomes of the loser is the question that each API answers in its own
//! way: here it is handed back unharmed, to be awaited later. The macro
//! [`select!`](crate::select!) drops it.
//!
//! # Invariants
//! 1. Which future is polled first is a matter of chance, so that one that is always
//!    ready does not always win.
//! 2. With the budget of the task spent, no future is polled at all; a select that ends
//!    spends one unit. So a loop around a select gives way now and then, even if its
//!    futures are always ready and no leaves of ours.
//!
//! # Layer
//! 3: uses `order` and `budget`.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::order::{first, rounds};
use crate::budget;

/// Waits for whichever of `a` and `b` is ready first; gives its output and the other.
///
/// The loser must be movable to be handed back, so both are `Unpin`: pin what is not
/// with [`pin!`](crate::pin!) or `Box::pin`.
///
/// ```
/// # kettle::block_on(async {
/// use kettle::future::{Either, pending, ready, select};
///
/// match select(ready("tea"), pending::<()>()).await {
///     Either::Left((cup, _still_waiting)) => assert_eq!(cup, "tea"),
///     Either::Right(((), _)) => unreachable!("it is never ready"),
/// }
/// # });
/// ```
pub fn select<A, B>(a: A, b: B) -> Select<A, B>
where
    A: Future + Unpin,
    B: Future + Unpin,
{
    Select { both: Some((a, b)) }
}

/// One of two things.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Either<L, R> {
    /// The first one.
    Left(L),
    /// The second one.
    Right(R),
}

/// The future of [`select()`].
///
/// # Panics
/// When it is polled again after it was ready.
#[derive(Debug)]
#[must_use = "a future does nothing until it is polled"]
pub struct Select<A, B> {
    /// The two futures, until one is ready.
    both: Option<(A, B)>,
}

impl<A, B> Future for Select<A, B>
where
    A: Future + Unpin,
    B: Future + Unpin,
{
    type Output = Either<(A::Output, B), (B::Output, A)>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        ready!(budget::poll_ready(cx));
        let winner = ready!(self.poll_both(cx));
        budget::spend();
        // Taken apart only now, so that a panic in a poll loses neither.
        let (a, b) = self.both.take().expect("both were polled a line ago");
        Poll::Ready(match winner {
            Either::Left(output) => Either::Left((output, b)),
            Either::Right(output) => Either::Right((output, a)),
        })
    }
}

impl<A, B> Select<A, B>
where
    A: Future + Unpin,
    B: Future + Unpin,
{
    /// Polls both, in an order that chance picks, up to the first that is ready.
    fn poll_both(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Either<A::Output, B::Output>> {
        let Some((a, b)) = &mut self.both else {
            panic!("`Select` was polled after it had been ready");
        };
        let mut polled = Poll::Pending;
        for round in rounds::<2>(first(2)) {
            if round.contains(&0) && polled.is_pending() {
                polled = Pin::new(&mut *a).poll(cx).map(Either::Left);
            }
            if round.contains(&1) && polled.is_pending() {
                polled = Pin::new(&mut *b).poll(cx).map(Either::Right);
            }
        }
        polled
    }
}
