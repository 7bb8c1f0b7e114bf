//! The value behind its lock, which users' code may panic under.
//!
//! # Layer
//! 4: uses nothing but the standard library.

use std::fmt;
use std::ops::Deref;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// A value that is looked at and changed by users' code.
///
/// A panic in that code is told to its caller and to nobody else: the lock's poison is
/// taken out, and the value is what the code left.
#[derive(Debug)]
pub(super) struct Value<T>(RwLock<T>);

impl<T> Value<T> {
    /// Nobody looks at it.
    pub(super) fn new(value: T) -> Value<T> {
        Value(RwLock::new(value))
    }

    /// Locks it to look at.
    pub(super) fn read(&self) -> RwLockReadGuard<'_, T> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Locks it to change.
    pub(super) fn write(&self) -> RwLockWriteGuard<'_, T> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A look at the value, which cannot change meanwhile.
pub struct Ref<'a, T> {
    value: RwLockReadGuard<'a, T>,
    changed: bool,
}

impl<'a, T> Ref<'a, T> {
    /// A look; `changed` says whether the receiver had not seen this value.
    pub(super) fn new(value: RwLockReadGuard<'a, T>, changed: bool) -> Ref<'a, T> {
        Ref { value, changed }
    }

    /// Whether the receiver had not seen this value. Never, for a sender's look.
    pub fn has_changed(&self) -> bool {
        self.changed
    }
}

impl<T> Deref for Ref<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: fmt::Debug> fmt::Debug for Ref<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ref")
            .field("value", &*self.value)
            .field("changed", &self.changed)
            .finish()
    }
}
