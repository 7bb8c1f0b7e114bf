//! A panic of a future as a value.
//!
//! A task of Kettle does this for its future; this does it inside of one, where one part
//! may fail without the rest.
//!
//! # Layer
//! 3: uses nothing but the standard library.

use std::any::Any;
use std::future::{Future, IntoFuture};
use std::panic::{self, AssertUnwindSafe, UnwindSafe};
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

/// `future`, with its panic as an `Err` that holds the payload.
///
/// A future that panicked is not polled again, but what it shares with others can be
/// half changed: that is what the bound [`UnwindSafe`] reminds of. Where you know better,
/// wrap the future in [`AssertUnwindSafe`].
///
/// ```
/// # kettle::block_on(async {
/// let broken = kettle::future::catch_unwind(async { panic!("the cup fell") });
/// let payload = broken.await.unwrap_err();
/// assert_eq!(payload.downcast_ref(), Some(&"the cup fell"));
/// # });
/// ```
pub fn catch_unwind<F>(future: F) -> CatchUnwind<F::IntoFuture>
where
    F: IntoFuture<IntoFuture: UnwindSafe>,
{
    CatchUnwind {
        future: future.into_future(),
        over: false,
    }
}

pin_project! {
    /// The future of [`catch_unwind()`].
    ///
    /// # Panics
    /// When it is polled again after it was ready.
    #[derive(Debug)]
    #[must_use = "a future does nothing until it is polled"]
    pub struct CatchUnwind<F> {
        #[pin]
        future: F,
        over: bool,
    }
}

impl<F: Future + UnwindSafe> Future for CatchUnwind<F> {
    type Output = Result<F::Output, Box<dyn Any + Send>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        assert!(
            !*this.over,
            "`CatchUnwind` was polled after it had been ready"
        );
        // The bound on `F` is what the assertion asserts for the future; of the context
        // only the waker is shared, and a waker has no half-changed state to see.
        let polled = panic::catch_unwind(AssertUnwindSafe(|| this.future.poll(cx)));
        let result = match polled {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(output)) => Ok(output),
            Err(payload) => Err(payload),
        };
        *this.over = true;
        Poll::Ready(result)
    }
}
