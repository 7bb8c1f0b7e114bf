//! A future that may be polled after its end.
//!
//! Most futures panic when they are polled after they were ready. A loop with several
//! futures, of which some end earlier, wants one that is just pending from then on.
//!
//! # Layer
//! 3: uses nothing but the standard library.

use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

/// `future`, pending for ever after it was ready.
///
/// ```
/// # kettle::block_on(async {
/// use kettle::future::{fuse, ready};
///
/// let mut tea = fuse(ready("tea"));
/// assert_eq!((&mut tea).await, "tea");
/// kettle::select! {
///     _ = &mut tea => unreachable!("it has ended"),
///     () = ready(()) => {}
/// }
/// # });
/// ```
pub fn fuse<F: IntoFuture>(future: F) -> Fuse<F::IntoFuture> {
    Fuse {
        future: Some(future.into_future()),
    }
}

pin_project! {
    /// The future of [`fuse()`].
    #[derive(Clone, Debug)]
    #[must_use = "a future does nothing until it is polled"]
    pub struct Fuse<F> {
        // `None` from the end on: the future is dropped as soon as it is ready.
        #[pin]
        future: Option<F>,
    }
}

impl<F> Fuse<F> {
    /// One that has ended already.
    pub fn terminated() -> Fuse<F> {
        Fuse { future: None }
    }

    /// Whether the future was ready.
    pub fn is_terminated(&self) -> bool {
        self.future.is_none()
    }
}

impl<F: Future> Future for Fuse<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let mut this = self.project();
        let Some(future) = this.future.as_mut().as_pin_mut() else {
            return Poll::Pending;
        };
        let output = ready!(future.poll(cx));
        this.future.set(None);
        Poll::Ready(output)
    }
}
