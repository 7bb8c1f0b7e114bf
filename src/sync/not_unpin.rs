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
    /// A future that is not `Unpin`, as an `async fn`'s is not, and that panics if it is
    /// polled after it was ready, as an `async fn`'s does: a `send` that went on would
    /// take a slot for nothing.
    // Nothing in here needs a fixed place. In tokio's it does, and code that leans on
    // `Unpin` could not move there.
    pub(super) struct NotUnpin<F> {
        future: F,
        done: bool,
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
            done: false,
            pinned: PhantomPinned,
        }
    }
}

impl<F: Future + Unpin> Future for NotUnpin<F> {
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        assert!(
            !*this.done,
            "a future of kettle::sync was polled after it had been ready; `fuse()` it, or \
             make a new one"
        );
        let poll = Pin::new(this.future).poll(cx);
        *this.done = poll.is_ready();
        poll
    }
}
