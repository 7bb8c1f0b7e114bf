//! The right to a mutex's value, by a guard that owns its mutex.
//!
//! # Layer
//! 4: uses the value cell.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use super::Mutex;
use crate::sync::cell::Exclusive;

/// Unlocks when it is dropped. It owns its mutex, so it can go with a task.
///
/// It may be held across an await, and dropped on any thread.
#[must_use = "a guard that is dropped at once guards nothing"]
pub struct OwnedMutexGuard<T: ?Sized> {
    lease: Exclusive<Arc<Mutex<T>>>,
}

impl<T: ?Sized> OwnedMutexGuard<T> {
    /// The guard of a lease.
    pub(super) fn new(lease: Exclusive<Arc<Mutex<T>>>) -> Self {
        OwnedMutexGuard { lease }
    }

    /// The mutex that it unlocks.
    pub fn mutex(this: &Self) -> &Arc<Mutex<T>> {
        this.lease.handle()
    }
}

impl<T: ?Sized> Deref for OwnedMutexGuard<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.lease
    }
}

impl<T: ?Sized> DerefMut for OwnedMutexGuard<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.lease
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for OwnedMutexGuard<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: ?Sized + fmt::Display> fmt::Display for OwnedMutexGuard<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
