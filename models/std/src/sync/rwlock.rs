//! A read-write lock: loom's around the standard library's, which holds the value.
//!
//! Statics are such locks, and a guard borrows the gate for longer than one can be
//! borrowed out of what the next execution replaces. So gates are leaked: 1 MB in ten
//! thousand executions.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::{LockResult, PoisonError};

use crate::execution::PerExecution;

type Gate = loom::sync::RwLock<()>;

pub struct RwLock<T: ?Sized> {
    gate: PerExecution<&'static Gate>,
    value: std::sync::RwLock<T>,
}

pub struct RwLockReadGuard<'a, T: ?Sized> {
    value: std::sync::RwLockReadGuard<'a, T>,
    _gate: loom::sync::RwLockReadGuard<'static, ()>,
}

pub struct RwLockWriteGuard<'a, T: ?Sized> {
    value: std::sync::RwLockWriteGuard<'a, T>,
    _gate: loom::sync::RwLockWriteGuard<'static, ()>,
}

impl<T> RwLock<T> {
    pub const fn new(value: T) -> RwLock<T> {
        RwLock {
            gate: PerExecution::new(),
            value: std::sync::RwLock::new(value),
        }
    }

    pub fn into_inner(self) -> LockResult<T> {
        self.value.into_inner()
    }
}

impl<T: ?Sized> RwLock<T> {
    fn gate(&self) -> &'static Gate {
        *self.gate.get(|| Box::leak(Box::new(Gate::new(()))))
    }

    pub fn read(&self) -> LockResult<RwLockReadGuard<'_, T>> {
        let gate = self.gate().read();
        let _gate = gate.unwrap_or_else(PoisonError::into_inner);
        match self.value.read() {
            Ok(value) => Ok(RwLockReadGuard { value, _gate }),
            Err(poison) => {
                let value = poison.into_inner();
                Err(PoisonError::new(RwLockReadGuard { value, _gate }))
            }
        }
    }

    pub fn write(&self) -> LockResult<RwLockWriteGuard<'_, T>> {
        let gate = self.gate().write();
        let _gate = gate.unwrap_or_else(PoisonError::into_inner);
        match self.value.write() {
            Ok(value) => Ok(RwLockWriteGuard { value, _gate }),
            Err(poison) => {
                let value = poison.into_inner();
                Err(PoisonError::new(RwLockWriteGuard { value, _gate }))
            }
        }
    }

    pub fn get_mut(&mut self) -> LockResult<&mut T> {
        self.value.get_mut()
    }
}

impl<T: ?Sized> Deref for RwLockReadGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: ?Sized> Deref for RwLockWriteGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: ?Sized> DerefMut for RwLockWriteGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for RwLock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for RwLockReadGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for RwLockWriteGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}
