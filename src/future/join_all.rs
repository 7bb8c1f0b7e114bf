//! All of many futures of one type.
//!
//! # Invariants
//! 1. Each future is polled once at the start, and then as often as it was woken.
//! 2. The outputs come in the order of the futures.
//!
//! # Layer
//! 3: uses `children` and `outputs`.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::task::{Context, Poll};

use super::children::Children;
use super::outputs::Outputs;

/// Waits for all of `futures` at the same time, and gives their outputs in order.
///
/// A future is polled only when it was woken, so the whole costs as much as its wakes,
/// however many futures there are. Dropping it drops the futures that are not ready.
/// tokio's world has it in the crate `futures`.
///
/// ```
/// # kettle::block_on(async {
/// use kettle::future::{join_all, ready};
///
/// let cups = join_all((1..=3).map(|cup| ready(cup * 10))).await;
/// assert_eq!(cups, [10, 20, 30]);
/// # });
/// ```
pub fn join_all<I>(futures: I) -> JoinAll<<I::Item as IntoFuture>::IntoFuture>
where
    I: IntoIterator,
    I::Item: IntoFuture,
{
    let futures = futures.into_iter();
    let mut children = Children::with_capacity(futures.size_hint().0);
    futures.for_each(|future| children.insert(future.into_future()));
    JoinAll {
        outputs: Outputs::with_places(children.len()),
        children,
    }
}

/// The future of [`join_all()`].
///
/// # Panics
/// When it is polled again after it was ready, or after one of its futures panicked.
#[must_use = "a future does nothing until it is polled"]
pub struct JoinAll<F: Future> {
    children: Children<F>,
    outputs: Outputs<F::Output>,
}

/// The futures lie in boxes and the outputs are handed out, so both may move.
impl<F: Future> Unpin for JoinAll<F> {}

impl<F: Future> Future for JoinAll<F> {
    type Output = Vec<F::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        this.children.begin(cx);
        while let Poll::Ready((place, output)) = this.children.poll_one(cx) {
            this.outputs.put(place, output);
        }
        if this.children.len() > 0 {
            return Poll::Pending;
        }
        this.children.forget();
        Poll::Ready(this.outputs.take("JoinAll"))
    }
}

impl<F: Future> fmt::Debug for JoinAll<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JoinAll")
            .field("waiting_for", &self.children.len())
            .finish_non_exhaustive()
    }
}
