//! Giving way: the budget of a poll, for futures of one's own.
//!
//! Kettle's own operations (a read, a receive, a join) spend from a budget of 128 a poll,
//! and give way when it is spent, so that a task whose sockets are never empty does not
//! keep the thread. A future that is always ready and asks nothing of Kettle has no such
//! brake; these functions are for it, and [`unconstrained`] for one that must not brake.
//!
//! # Layer
//! 4: uses the budget.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use crate::budget;

/// Spends one unit of the budget, and gives way where none is left.
///
/// Outside of a Kettle runtime there is no limit, and it is ready at once.
///
/// # Cancel safety
/// Dropping it before it is ready has spent nothing.
///
/// ```
/// # let runtime = kettle::runtime::Builder::new_current_thread().build()?;
/// # runtime.block_on(async {
/// let mut sum = 0_u64;
/// for number in 0..10_000 {
///     sum += number;
///     // Others run after each 128 rounds.
///     kettle::task::consume_budget().await;
/// }
/// assert_eq!(sum, 49_995_000);
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
pub async fn consume_budget() {
    poll_fn(|cx| {
        ready!(budget::poll_ready(cx));
        budget::spend();
        Poll::Ready(())
    })
    .await;
}

/// Whether the poll under way may do one more operation.
pub fn has_budget_remaining() -> bool {
    !budget::is_spent()
}

/// Runs `future` without a limit to what one poll may do.
///
/// It is for a future that must get as far as it can, and that waits of itself before
/// long. One that never waits keeps the thread for ever.
///
/// ```
/// # let runtime = kettle::runtime::Builder::new_current_thread().build()?;
/// # runtime.block_on(async {
/// use kettle::task::{coop, unconstrained};
///
/// unconstrained(async {
///     for _ in 0..1_000 {
///         coop::consume_budget().await;
///     }
///     assert!(coop::has_budget_remaining());
/// })
/// .await;
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn unconstrained<F>(future: F) -> Unconstrained<F> {
    Unconstrained { future }
}

pin_project_lite::pin_project! {
    /// The future of [`unconstrained`].
    #[derive(Debug)]
    #[must_use = "a future does nothing until it is polled"]
    pub struct Unconstrained<F> {
        #[pin] future: F,
    }
}

impl<F: Future> Future for Unconstrained<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let _unlimited = budget::unlimited();
        self.project().future.poll(cx)
    }
}

/// Makes `future` an operation like Kettle's own: it gives way where the budget is spent,
/// and spends one unit when it is ready.
///
/// ```
/// # let runtime = kettle::runtime::Builder::new_current_thread().build()?;
/// # runtime.block_on(async {
/// let tea = kettle::task::coop::cooperative(std::future::ready("tea"));
/// assert_eq!(tea.await, "tea");
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn cooperative<F: Future>(future: F) -> Coop<F> {
    Coop { future }
}

pin_project_lite::pin_project! {
    /// The future of [`cooperative`].
    #[derive(Debug)]
    #[must_use = "a future does nothing until it is polled"]
    pub struct Coop<F> {
        #[pin] future: F,
    }
}

impl<F: Future> Future for Coop<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        ready!(budget::poll_ready(cx));
        let output = ready!(self.project().future.poll(cx));
        budget::spend();
        Poll::Ready(output)
    }
}
