//! A set of futures that gives each output when it comes.
//!
//! A join answers when the last future is ready. A set answers each time one is, and
//! more can be pushed meanwhile: a crawler that always keeps ten pages in the air.
//!
//! # Invariants
//! 1. A future is polled once after its push, and then as often as it was woken.
//! 2. One poll of the set polls each future at most twice: what an early end of the last
//!    poll left over, and what was woken since. Each output costs one unit of the budget.
//! 3. No waker is kept when nobody awaits `next`.
//!
//! # Layer
//! 3: uses `children` and `budget`.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::children::Children;
use crate::budget;

/// Futures whose outputs come in the order in which they are ready.
///
/// The set polls only while somebody awaits [`next`](FuturesUnordered::next): while the
/// loop body awaits something else, its futures stand still. Dropping the set drops its
/// futures. The name is that of the crate `futures`.
///
/// ```
/// # kettle::block_on(async {
/// use kettle::future::{FuturesUnordered, ready};
///
/// let mut pages: FuturesUnordered<_> = (1..=3).map(ready).collect();
/// let mut sum = 0;
/// while let Some(page) = pages.next().await {
///     sum += page;
///     if page == 3 {
///         pages.push(ready(36));
///     }
/// }
/// assert_eq!(sum, 42);
/// # });
/// ```
pub struct FuturesUnordered<F> {
    children: Children<F>,
}

/// The futures lie in boxes, so the set may move.
impl<F> Unpin for FuturesUnordered<F> {}

impl<F: Future> FuturesUnordered<F> {
    /// An empty set.
    pub fn new() -> FuturesUnordered<F> {
        FuturesUnordered {
            children: Children::with_capacity(0),
        }
    }

    /// Takes in a future. It is polled first when somebody awaits `next`.
    pub fn push(&mut self, future: F) {
        self.children.insert(future);
    }

    /// Waits for the next output; `None` if the set is empty.
    ///
    /// # Cancel safety
    /// Dropping the future that it returns loses nothing.
    #[expect(
        clippy::should_implement_trait,
        reason = "it is the stream's `next`, which a reader of tokio looks for"
    )]
    pub fn next(&mut self) -> Next<'_, F> {
        Next { set: self }
    }

    /// The next output, if one is there: what `next` asks.
    pub fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<F::Output>> {
        ready!(budget::poll_ready(cx));
        if self.is_empty() {
            return Poll::Ready(None);
        }
        self.children.begin(cx);
        let (_, output) = ready!(self.children.poll_one(cx));
        self.children.forget();
        budget::spend();
        Poll::Ready(Some(output))
    }
}

impl<F> FuturesUnordered<F> {
    /// How many futures are not ready yet.
    pub fn len(&self) -> usize {
        self.children.len()
    }

    /// Whether there is nothing to wait for.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Drops all futures.
    pub fn clear(&mut self) {
        self.children.clear();
    }
}

impl<F: Future> Default for FuturesUnordered<F> {
    fn default() -> FuturesUnordered<F> {
        FuturesUnordered::new()
    }
}

impl<F: Future> Extend<F> for FuturesUnordered<F> {
    fn extend<I: IntoIterator<Item = F>>(&mut self, futures: I) {
        futures.into_iter().for_each(|future| self.push(future));
    }
}

impl<F: Future> FromIterator<F> for FuturesUnordered<F> {
    fn from_iter<I: IntoIterator<Item = F>>(futures: I) -> FuturesUnordered<F> {
        let mut set = FuturesUnordered::new();
        set.extend(futures);
        set
    }
}

impl<F> fmt::Debug for FuturesUnordered<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FuturesUnordered")
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}

/// The future of [`FuturesUnordered::next`].
#[derive(Debug)]
#[must_use = "a future does nothing until it is polled"]
pub struct Next<'a, F> {
    set: &'a mut FuturesUnordered<F>,
}

impl<F: Future> Future for Next<'_, F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.set.poll_next(cx)
    }
}

impl<F> Drop for Next<'_, F> {
    fn drop(&mut self) {
        self.set.children.forget();
    }
}
