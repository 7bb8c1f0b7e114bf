//! The right to read a lock's value, by a guard that borrows its lock.
//!
//! # Layer
//! 4: uses the value cell.

use std::fmt;
use std::ops::Deref;

use super::RwLock;
use crate::sync::cell::Shared;

/// Unlocks when it is dropped. It borrows its lock.
///
/// It may be held across an await, and dropped on any thread.
#[must_use = "a guard that is dropped at once guards nothing"]
pub struct RwLockReadGuard<'a, T: ?Sized> {
    lease: Shared<&'a RwLock<T>>,
}

impl<'a, T: ?Sized> RwLockReadGuard<'a, T> {
    /// The guard of a lease.
    pub(super) fn new(lease: Shared<&'a RwLock<T>>) -> Self {
        RwLockReadGuard { lease }
    }
}

impl<T: ?Sized> Deref for RwLockReadGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.lease
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for RwLockReadGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: ?Sized + fmt::Display> fmt::Display for RwLockReadGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
