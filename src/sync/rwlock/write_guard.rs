//! The right to change a lock's value, by a guard that borrows its lock.
//!
//! # Layer
//! 4: uses the value cell.

use std::fmt;
use std::ops::{Deref, DerefMut};

use super::{RwLock, RwLockReadGuard};
use crate::sync::cell::Exclusive;

/// Unlocks when it is dropped. It borrows its lock.
///
/// It may be held across an await, and dropped on any thread.
#[must_use = "a guard that is dropped at once guards nothing"]
pub struct RwLockWriteGuard<'a, T: ?Sized> {
    lease: Exclusive<&'a RwLock<T>>,
}

impl<'a, T: ?Sized> RwLockWriteGuard<'a, T> {
    /// The guard of a lease.
    pub(super) fn new(lease: Exclusive<&'a RwLock<T>>) -> Self {
        RwLockWriteGuard { lease }
    }

    /// Goes on reading, and lets others read. A writer that waits comes after; no writer
    /// gets in between.
    pub fn downgrade(self) -> RwLockReadGuard<'a, T> {
        RwLockReadGuard::new(self.lease.downgrade())
    }
}

impl<T: ?Sized> Deref for RwLockWriteGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.lease
    }
}

impl<T: ?Sized> DerefMut for RwLockWriteGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.lease
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for RwLockWriteGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: ?Sized + fmt::Display> fmt::Display for RwLockWriteGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
