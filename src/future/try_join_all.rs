//! All of many futures of one type that may fail, or the first error.
//!
//! # Invariants
//! 1. Each future is polled once at the start, and then as often as it was woken.
//! 2. The values come in the order of the futures.
//! 3. The first error ends the wait: the futures that are not ready are dropped before
//!    it is handed out.
//!
//! # Layer
//! 3: uses `children` and `outputs`.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::task::{Context, Poll};

use super::children::Children;
use super::outputs::Outputs;

/// Waits for all of `futures` at the same time: all values in order, or the first error.
///
/// A future is polled only when it was woken. See [`join_all`](super::join_all()).
///
/// ```
/// # kettle::block_on(async {
/// use kettle::future::{ready, try_join_all};
///
/// let cups = try_join_all((1..=3).map(|cup| ready(Ok::<_, String>(cup)))).await;
/// assert_eq!(cups, Ok(vec![1, 2, 3]));
///
/// let broken = try_join_all([ready(Ok(1)), ready(Err("no milk"))]).await;
/// assert_eq!(broken, Err("no milk"));
/// # });
/// ```
pub fn try_join_all<I, T, E>(
    futures: I,
) -> TryJoinAll<<I::Item as IntoFuture>::IntoFuture, T>
where
    I: IntoIterator,
    I::Item: IntoFuture<Output = Result<T, E>>,
{
    let futures = futures.into_iter();
    let mut children = Children::with_capacity(futures.size_hint().0);
    futures.for_each(|future| children.insert(future.into_future()));
    TryJoinAll {
        outputs: Outputs::with_places(children.len()),
        children,
    }
}

/// The future of [`try_join_all()`].
///
/// # Panics
/// When it is polled again after it was ready, or after one of its futures panicked.
#[must_use = "a future does nothing until it is polled"]
pub struct TryJoinAll<F, T> {
    children: Children<F>,
    outputs: Outputs<T>,
}

/// The futures lie in boxes and the values are handed out, so both may move.
impl<F, T> Unpin for TryJoinAll<F, T> {}

impl<F, T, E> Future for TryJoinAll<F, T>
where
    F: Future<Output = Result<T, E>>,
{
    type Output = Result<Vec<T>, E>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        this.children.begin(cx);
        while let Poll::Ready((place, output)) = this.children.poll_one(cx) {
            match output {
                Ok(value) => this.outputs.put(place, value),
                Err(error) => {
                    this.children.forget();
                    this.children.clear();
                    this.outputs.close();
                    return Poll::Ready(Err(error));
                }
            }
        }
        if this.children.len() > 0 {
            return Poll::Pending;
        }
        this.children.forget();
        Poll::Ready(Ok(this.outputs.take("TryJoinAll")))
    }
}

impl<F, T> fmt::Debug for TryJoinAll<F, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TryJoinAll")
            .field("waiting_for", &self.children.len())
            .finish_non_exhaustive()
    }
}
