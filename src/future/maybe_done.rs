//! A future that keeps its own output until somebody fetches it.
//!
//! `join` polls several futures and answers when the last is ready. What the first ones
//! gave has to lie somewhere until then, and they must not be polled again. Both jobs
//! fit into the place where the future itself lay.
//!
//! # How it works
//! ```text
//!   Running ──poll: ready──▶ Done ──take_output──▶ Taken
//! ```
//!
//! # Layer
//! 3: uses nothing but the standard library.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

/// `future`, with room for its output.
///
/// ```
/// use std::pin::pin;
///
/// # kettle::block_on(async {
/// let mut tea = pin!(kettle::future::maybe_done(async { "tea" }));
/// tea.as_mut().await;
/// assert_eq!(tea.as_mut().take_output(), Some("tea"));
/// assert_eq!(tea.take_output(), None);
/// # });
/// ```
pub fn maybe_done<F: IntoFuture>(future: F) -> MaybeDone<F::IntoFuture> {
    MaybeDone {
        stage: Stage::Running {
            future: future.into_future(),
        },
    }
}

pin_project! {
    /// A future, then its output, then nothing. See [`maybe_done()`].
    ///
    /// As a future it is ready with `()` as soon as the output is there, however often
    /// it is polled.
    ///
    /// # Panics
    /// When it is polled after the output was taken.
    #[must_use = "a future does nothing until it is polled"]
    pub struct MaybeDone<F: Future> {
        #[pin]
        stage: Stage<F>,
    }
}

pin_project! {
    /// Where a `MaybeDone` is in its life.
    #[project = Now]
    #[project_replace = Before]
    enum Stage<F: Future> {
        // Not ready yet. Goes to `Done`.
        Running { #[pin] future: F },
        // Ready, and the future is dropped. Goes to `Taken`.
        Done { output: F::Output },
        // The output was fetched. The end.
        Taken,
    }
}

impl<F: Future> MaybeDone<F> {
    /// The output where it lies; `None` before it is there and after it was taken.
    #[inline]
    pub fn output_mut(self: Pin<&mut Self>) -> Option<&mut F::Output> {
        match self.project().stage.project() {
            Now::Done { output } => Some(output),
            Now::Running { .. } | Now::Taken => None,
        }
    }

    /// Takes the output; `None` before it is there and after it was taken.
    #[inline]
    pub fn take_output(self: Pin<&mut Self>) -> Option<F::Output> {
        let stage = self.project().stage;
        if !matches!(*stage, Stage::Done { .. }) {
            return None;
        }
        match stage.project_replace(Stage::Taken) {
            Before::Done { output } => Some(output),
            Before::Running { .. } | Before::Taken => None,
        }
    }
}

impl<F: Future> Future for MaybeDone<F> {
    type Output = ();

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut stage = self.project().stage;
        let output = match stage.as_mut().project() {
            Now::Running { future } => ready!(future.poll(cx)),
            Now::Done { .. } => return Poll::Ready(()),
            Now::Taken => {
                panic!("`MaybeDone` was polled after its output had been taken")
            }
        };
        stage.set(Stage::Done { output });
        Poll::Ready(())
    }
}

/// It names the stage and no more, so that neither future nor output need be `Debug`.
impl<F: Future> fmt::Debug for MaybeDone<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stage = match self.stage {
            Stage::Running { .. } => "Running",
            Stage::Done { .. } => "Done",
            Stage::Taken => "Taken",
        };
        f.debug_tuple("MaybeDone").field(&stage).finish()
    }
}
