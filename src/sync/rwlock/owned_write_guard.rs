//! The right to change a lock's value, by a guard that owns its lock.
//!
//! # Layer
//! 4: uses the value cell.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use super::{OwnedRwLockReadGuard, RwLock};
use crate::sync::cell::Exclusive;

/// Unlocks when it is dropped. It owns its lock, so it can go with a task.
///
/// It may be held across an await, and dropped on any thread.
#[must_use = "a guard that is dropped at once guards nothing"]
pub struct OwnedRwLockWriteGuard<T: ?Sized> {
    lease: Exclusive<Arc<RwLock<T>>>,
    /// It is `Unpin` only if the value is, as tokio's.
    like: PhantomData<T>,
}

impl<T: ?Sized> OwnedRwLockWriteGuard<T> {
    /// The guard of a lease.
    pub(super) fn new(lease: Exclusive<Arc<RwLock<T>>>) -> Self {
        let like = PhantomData;
        OwnedRwLockWriteGuard { lease, like }
    }

    /// Goes on reading, and lets others read. A writer that waits comes after; no writer
    /// gets in between.
    pub fn downgrade(self) -> OwnedRwLockReadGuard<T> {
        OwnedRwLockReadGuard::new(self.lease.downgrade())
    }
}

impl<T: ?Sized> Deref for OwnedRwLockWriteGuard<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.lease
    }
}

impl<T: ?Sized> DerefMut for OwnedRwLockWriteGuard<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.lease
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for OwnedRwLockWriteGuard<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: ?Sized + fmt::Display> fmt::Display for OwnedRwLockWriteGuard<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
