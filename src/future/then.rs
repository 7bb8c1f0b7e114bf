//! A future, and a second one made of its output.
//!
//! In an `async fn` this is two `.await`s. Written out it is the smallest state machine
//! with a change of state: the first future is dropped before the second one begins.
//!
//! # How it works
//! ```text
//!   First ──ready: next(output)──▶ Second ──ready──▶ Over
//! ```
//!
//! # Layer
//! 3: uses nothing but the standard library.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

pin_project! {
    /// The future of [`FutureExt::then`](super::FutureExt::then).
    ///
    /// # Panics
    /// When it is polled again after it was ready, or after `next` panicked.
    #[must_use = "a future does nothing until it is polled"]
    pub struct Then<F, G, N> {
        #[pin]
        stage: Stage<F, G>,
        // `None` once it was called.
        next: Option<N>,
    }
}

pin_project! {
    /// Which of the two futures is under way.
    #[project = Now]
    enum Stage<F, G> {
        // The first. Goes to `Second`, or to `Over` if `next` panics.
        First { #[pin] future: F },
        // The second. Goes to `Over`.
        Second { #[pin] future: G },
        // Both are dropped. The end.
        Over,
    }
}

impl<F, G, N> Then<F, G, N> {
    pub(super) fn new(future: F, next: N) -> Then<F, G, N> {
        Then {
            stage: Stage::First { future },
            next: Some(next),
        }
    }
}

impl<F, G, N, I> Future for Then<F, G, N>
where
    F: Future,
    G: Future,
    N: FnOnce(F::Output) -> I,
    I: IntoFuture<IntoFuture = G, Output = G::Output>,
{
    type Output = G::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<G::Output> {
        let mut this = self.project();
        loop {
            match this.stage.as_mut().project() {
                Now::First { future } => {
                    let output = ready!(future.poll(cx));
                    this.stage.set(Stage::Over);
                    let next = this.next.take().expect("the first stage ends once");
                    let future = next(output).into_future();
                    this.stage.set(Stage::Second { future });
                }
                Now::Second { future } => {
                    let output = ready!(future.poll(cx));
                    this.stage.set(Stage::Over);
                    return Poll::Ready(output);
                }
                Now::Over => panic!("`Then` was polled after it had been ready"),
            }
        }
    }
}

impl<F, G, N> fmt::Debug for Then<F, G, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stage = match self.stage {
            Stage::First { .. } => "First",
            Stage::Second { .. } => "Second",
            Stage::Over => "Over",
        };
        f.debug_tuple("Then").field(&stage).finish()
    }
}
