//! Giving way: back to the end of the run queue, once.
//!
//! An `async fn` that computes for long without waiting keeps the thread. This future is
//! the polite pause: it wakes its own task and is `Pending` once, so everybody who is
//! runnable comes first.
//!
//! # Layer
//! 3: uses nothing but the standard library.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Lets the other runnable tasks run before this one goes on.
///
/// It does not promise more than that: which task runs next is the executor's choice.
///
/// ```
/// # kettle::block_on(async {
/// for _ in 0..3 {
///     // … a stretch of computing …
///     kettle::future::yield_now().await;
/// }
/// # });
/// ```
pub fn yield_now() -> YieldNow {
    YieldNow { yielded: false }
}

/// The future of [`yield_now()`].
#[derive(Debug)]
#[must_use = "a future does nothing until it is polled"]
pub struct YieldNow {
    /// Whether the one `Pending` has been given.
    yielded: bool,
}

impl Future for YieldNow {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.yielded {
            return Poll::Ready(());
        }
        self.yielded = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}
