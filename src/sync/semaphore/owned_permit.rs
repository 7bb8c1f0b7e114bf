//! Permits that own their semaphore, and so can go with a task.
//!
//! # Layer
//! 4: uses the semaphore.

use std::sync::Arc;

use super::Semaphore;

/// One or more permits, given back when it is dropped.
#[derive(Debug)]
#[must_use = "a permit that is dropped at once guards nothing"]
pub struct OwnedSemaphorePermit {
    semaphore: Arc<Semaphore>,
    permits: u32,
}

impl OwnedSemaphorePermit {
    /// The caller has taken the permits.
    pub(super) fn new(semaphore: Arc<Semaphore>, permits: u32) -> Self {
        OwnedSemaphorePermit { semaphore, permits }
    }

    /// Never gives the permits back.
    pub fn forget(mut self) {
        self.permits = 0;
    }

    /// Splits `n` permits off.
    ///
    /// There are none to be had if `n` is more than it holds.
    pub fn split(&mut self, n: usize) -> Option<OwnedSemaphorePermit> {
        let n = u32::try_from(n).ok()?;
        self.permits = self.permits.checked_sub(n)?;
        let semaphore = Arc::clone(&self.semaphore);
        Some(OwnedSemaphorePermit::new(semaphore, n))
    }

    /// The semaphore that it is from.
    pub fn semaphore(&self) -> &Arc<Semaphore> {
        &self.semaphore
    }

    /// How many permits it holds.
    pub fn num_permits(&self) -> usize {
        self.permits as usize
    }
}

impl Drop for OwnedSemaphorePermit {
    fn drop(&mut self) {
        self.semaphore.release(self.permits as usize);
    }
}
