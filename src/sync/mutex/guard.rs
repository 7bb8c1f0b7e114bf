//! The right to a mutex's value, by a guard that borrows its mutex.
//!
//! # Layer
//! 4: uses the value cell.

use std::fmt;
use std::ops::{Deref, DerefMut};

use super::Mutex;
use crate::sync::cell::Exclusive;

/// Unlocks when it is dropped. It borrows its mutex.
///
/// It may be held across an await, and dropped on any thread.
#[must_use = "a guard that is dropped at once guards nothing"]
pub struct MutexGuard<'a, T: ?Sized> {
    lease: Exclusive<&'a Mutex<T>>,
}

impl<'a, T: ?Sized> MutexGuard<'a, T> {
    /// The guard of a lease.
    pub(super) fn new(lease: Exclusive<&'a Mutex<T>>) -> Self {
        MutexGuard { lease }
    }

    /// The mutex that it unlocks.
    pub fn mutex(this: &Self) -> &'a Mutex<T> {
        this.lease.handle()
    }
}

impl<T: ?Sized> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.lease
    }
}

impl<T: ?Sized> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.lease
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for MutexGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: ?Sized + fmt::Display> fmt::Display for MutexGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
