//! A future and what to make of its output.
//!
//! # Layer
//! 3: uses nothing but the standard library.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

pin_project! {
    /// The future of [`FutureExt::map`](super::FutureExt::map).
    ///
    /// # Panics
    /// When it is polled again after it was ready.
    #[must_use = "a future does nothing until it is polled"]
    pub struct Map<F, C> {
        #[pin]
        future: F,
        // `None` once it was called.
        change: Option<C>,
    }
}

impl<F, C> Map<F, C> {
    pub(super) fn new(future: F, change: C) -> Map<F, C> {
        Map {
            future,
            change: Some(change),
        }
    }
}

impl<F, C, T> Future for Map<F, C>
where
    F: Future,
    C: FnOnce(F::Output) -> T,
{
    type Output = T;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        let this = self.project();
        assert!(
            this.change.is_some(),
            "`Map` was polled after it had been ready"
        );
        let output = ready!(this.future.poll(cx));
        let change = this.change.take().expect("it was there a line ago");
        Poll::Ready(change(output))
    }
}

impl<F: fmt::Debug, C> fmt::Debug for Map<F, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Map")
            .field("future", &self.future)
            .finish_non_exhaustive()
    }
}
