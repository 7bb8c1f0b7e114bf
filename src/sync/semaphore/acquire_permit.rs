//! The future that takes permits and gives them in one that borrows its semaphore.
//!
//! An `async fn` would say the same in two lines. But it is a state machine around a state
//! machine, and its poll is a function of its own: in a semaphore that is contended that
//! was a tenth of the time.
//!
//! # Layer
//! 4: uses `Acquire`.

use std::marker::PhantomPinned;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::{Acquire, AcquireError, Semaphore, SemaphorePermit};

pin_project_lite::pin_project! {
    /// The future of [`Semaphore::acquire`] and [`Semaphore::acquire_many`].
    pub(super) struct AcquirePermit<'a> {
        acquire: Acquire<'a>,
        permits: u32,
        // Nothing in here needs a fixed place. In tokio's it does, and code that leans on
        // `Unpin` could not move there.
        #[pin]
        pinned: PhantomPinned,
    }
}

impl<'a> AcquirePermit<'a> {
    /// Will take so many permits of `semaphore`.
    pub(super) fn new(semaphore: &'a Semaphore, permits: u32) -> AcquirePermit<'a> {
        AcquirePermit {
            acquire: Acquire::new(semaphore, permits as usize),
            permits,
            pinned: PhantomPinned,
        }
    }
}

impl<'a> Future for AcquirePermit<'a> {
    type Output = Result<SemaphorePermit<'a>, AcquireError>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let semaphore = this.acquire.semaphore();
        let acquired = Pin::new(this.acquire).poll(cx);
        acquired.map_ok(|()| SemaphorePermit::new(semaphore, *this.permits))
    }
}
