//! async-lock's primitives on Kettle's runtime.

pub use std::sync::Arc as Shared;

pub use async_lock::{Mutex, Semaphore};
use async_lock::{MutexGuard, SemaphoreGuard};

pub use crate::side::kettle::{Runtime, STAYS, join, spawn, yield_now};

/// As the table prints it.
pub const NAME: &str = "async-lock";

/// Takes a permit.
pub async fn acquire(semaphore: &Semaphore) -> SemaphoreGuard<'_> {
    semaphore.acquire().await
}

/// Takes the lock.
pub async fn lock(mutex: &Mutex<u64>) -> MutexGuard<'_, u64> {
    mutex.lock().await
}
