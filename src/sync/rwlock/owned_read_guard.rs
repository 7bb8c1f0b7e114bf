//! The right to read a lock's value, by a guard that owns its lock.
//!
//! # Layer
//! 4: uses the value cell.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use super::RwLock;
use crate::sync::cell::Shared;

/// Unlocks when it is dropped. It owns its lock, so it can go with a task.
///
/// It may be held across an await, and dropped on any thread.
#[must_use = "a guard that is dropped at once guards nothing"]
pub struct OwnedRwLockReadGuard<T: ?Sized> {
    lease: Shared<Arc<RwLock<T>>>,
    /// It is `Unpin` only if the value is, as tokio's.
    like: PhantomData<T>,
}

impl<T: ?Sized> OwnedRwLockReadGuard<T> {
    /// The guard of a lease.
    pub(super) fn new(lease: Shared<Arc<RwLock<T>>>) -> Self {
        let like = PhantomData;
        OwnedRwLockReadGuard { lease, like }
    }
}

impl<T: ?Sized> Deref for OwnedRwLockReadGuard<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.lease
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for OwnedRwLockReadGuard<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: ?Sized + fmt::Display> fmt::Display for OwnedRwLockReadGuard<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
