//! The future that takes permits and gives them in one that borrows its semaphore.
//!
//! # Layer
//! 4: uses `Acquire`.

use std::pin::Pin;
use std::task::{Context, Poll};

use super::{Acquire, AcquireError, Semaphore, SemaphorePermit};

/// The future of [`Semaphore::acquire`] and [`Semaphore::acquire_many`].
pub(super) struct AcquirePermit<'a> {
    acquire: Acquire<'a>,
    permits: u32,
}

impl<'a> AcquirePermit<'a> {
    /// Will take so many permits of `semaphore`.
    pub(super) fn new(semaphore: &'a Semaphore, permits: u32) -> AcquirePermit<'a> {
        let acquire = Acquire::new(semaphore, permits as usize);
        AcquirePermit { acquire, permits }
    }
}

impl<'a> Future for AcquirePermit<'a> {
    type Output = Result<SemaphorePermit<'a>, AcquireError>;

    #[inline]
    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<SemaphorePermit<'a>, AcquireError>> {
        let acquired = Pin::new(&mut self.acquire).poll(cx);
        let semaphore = self.acquire.semaphore();
        acquired.map_ok(|()| SemaphorePermit::new(semaphore, self.permits))
    }
}
