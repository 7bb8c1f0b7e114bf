//! A future that a token can cut short.
//!
//! # Layer
//! 4: uses the future that waits for the token.

use std::pin::Pin;
use std::task::{Context, Poll};

use super::WaitForCancellationFuture;

pin_project_lite::pin_project! {
    /// Runs `future` until it is ready or `cancelled` is.
    pub(super) struct RunUntil<'a, F> {
        #[pin]
        future: F,
        #[pin]
        cancelled: WaitForCancellationFuture<'a>,
    }
}

impl<'a, F> RunUntil<'a, F> {
    /// Both of them, not polled yet.
    pub(super) fn new(
        future: F,
        cancelled: WaitForCancellationFuture<'a>,
    ) -> RunUntil<'a, F> {
        RunUntil { future, cancelled }
    }
}

impl<F: Future> Future for RunUntil<'_, F> {
    type Output = Option<F::Output>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<F::Output>> {
        let this = self.project();
        match this.future.poll(cx) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending => this.cancelled.poll(cx).map(|()| None),
        }
    }
}
