//! Futures with a name behind functions that could be `async`.
//!
//! An `async fn` that does nothing but await one future is a state machine around a state
//! machine: its poll is a function of its own, which asks where it stands before it asks
//! the other the same. In a semaphore or a channel that is contended that is a tenth of
//! the time. So the functions that are called most give the future itself.
//!
//! # Layer
//! 4: uses nothing of the primitives.

use std::marker::PhantomPinned;
use std::pin::Pin;
use std::task::{Context, Poll};

pin_project_lite::pin_project! {
    /// A future that is not `Unpin`, as an `async fn`'s is not.
    // Nothing in here needs a fixed place. In tokio's it does, and code that leans on
    // `Unpin` could not move there.
    pub(super) struct NotUnpin<F> {
        future: F,
        #[pin]
        pinned: PhantomPinned,
    }
}

impl<F: Future + Unpin> NotUnpin<F> {
    /// Does what `future` does.
    #[inline]
    pub(super) fn new(future: F) -> NotUnpin<F> {
        NotUnpin {
            future,
            pinned: PhantomPinned,
        }
    }
}

impl<F: Future + Unpin> Future for NotUnpin<F> {
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        Pin::new(self.project().future).poll(cx)
    }
}
