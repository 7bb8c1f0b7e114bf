//! A mutex: loom's around the standard library's, which holds the value.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::{LockResult, OnceLock, PoisonError};

pub struct Mutex<T: ?Sized> {
    gate: OnceLock<loom::sync::Mutex<()>>,
    value: std::sync::Mutex<T>,
}

/// The value is let go before the gate opens.
pub struct MutexGuard<'a, T: ?Sized> {
    value: std::sync::MutexGuard<'a, T>,
    gate: loom::sync::MutexGuard<'a, ()>,
    mutex: &'a Mutex<T>,
}

impl<T> Mutex<T> {
    pub const fn new(value: T) -> Mutex<T> {
        Mutex {
            gate: OnceLock::new(),
            value: std::sync::Mutex::new(value),
        }
    }

    pub fn into_inner(self) -> LockResult<T> {
        self.value.into_inner()
    }
}

impl<T: ?Sized> Mutex<T> {
    pub fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        let gate = self.gate.get_or_init(|| loom::sync::Mutex::new(()));
        let gate = gate.lock().unwrap_or_else(PoisonError::into_inner);
        self.open(gate)
    }

    fn open<'a>(
        &'a self,
        gate: loom::sync::MutexGuard<'a, ()>,
    ) -> LockResult<MutexGuard<'a, T>> {
        let mutex = self;
        match self.value.lock() {
            Ok(value) => Ok(MutexGuard { value, gate, mutex }),
            Err(poison) => {
                let value = poison.into_inner();
                Err(PoisonError::new(MutexGuard { value, gate, mutex }))
            }
        }
    }

    pub fn get_mut(&mut self) -> LockResult<&mut T> {
        self.value.get_mut()
    }
}

impl<'a, T: ?Sized> MutexGuard<'a, T> {
    /// Opens the lock for as long as `act` takes.
    pub(super) fn while_open(
        self,
        act: impl FnOnce(
            loom::sync::MutexGuard<'a, ()>,
        ) -> loom::sync::MutexGuard<'a, ()>,
    ) -> LockResult<MutexGuard<'a, T>> {
        let MutexGuard { value, gate, mutex } = self;
        drop(value);
        mutex.open(act(gate))
    }
}

impl<T: Default> Default for Mutex<T> {
    fn default() -> Mutex<T> {
        Mutex::new(T::default())
    }
}

impl<T: ?Sized> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: ?Sized> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for Mutex<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for MutexGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}
