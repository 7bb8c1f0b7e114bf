//! Permits that borrow their semaphore.
//!
//! # Layer
//! 4: uses the semaphore.

use super::Semaphore;

/// One or more permits, given back when it is dropped.
#[derive(Debug)]
#[must_use = "a permit that is dropped at once guards nothing"]
pub struct SemaphorePermit<'a> {
    semaphore: &'a Semaphore,
    permits: u32,
}

impl<'a> SemaphorePermit<'a> {
    /// The caller has taken the permits.
    pub(super) fn new(
        semaphore: &'a Semaphore,
        permits: u32,
    ) -> SemaphorePermit<'a> {
        SemaphorePermit { semaphore, permits }
    }

    /// Never gives the permits back.
    pub fn forget(mut self) {
        self.permits = 0;
    }

    /// Splits `n` permits off.
    ///
    /// There are none to be had if `n` is more than it holds.
    pub fn split(&mut self, n: usize) -> Option<SemaphorePermit<'a>> {
        let n = u32::try_from(n).ok()?;
        self.permits = self.permits.checked_sub(n)?;
        Some(SemaphorePermit::new(self.semaphore, n))
    }

    /// The semaphore that it is from.
    pub fn semaphore(&self) -> &Semaphore {
        self.semaphore
    }

    /// How many permits it holds.
    pub fn num_permits(&self) -> usize {
        self.permits as usize
    }
}

impl Drop for SemaphorePermit<'_> {
    fn drop(&mut self) {
        self.semaphore.release(self.permits as usize);
    }
}
