//! Threads. Parking is loom's `Notify`, which also returns for no reason, as the real one
//! may. Time does not pass in a model: a park with a limit ends at once if the limit is
//! zero, and else has none.

pub use std::thread::*;

pub use loom::thread::LocalKey as Place;
pub use loom::thread::{AccessError, Builder, JoinHandle, spawn, yield_now};

use std::cell::Cell;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use loom::sync::Notify;

#[derive(Clone, Debug)]
pub struct Thread(Arc<Notify>);

loom::thread_local! {
    static CURRENT: Thread = Thread(Arc::new(Notify::new()));
}

pub fn current() -> Thread {
    CURRENT.with(Thread::clone)
}

pub fn park() {
    current().0.wait();
}

pub fn park_timeout(patience: Duration) {
    if patience.is_zero() {
        yield_now()
    } else {
        park()
    }
}

impl Thread {
    pub fn unpark(&self) {
        self.0.notify();
    }
}

pub struct LocalKey<T: 'static>(&'static Place<T>);

impl<T> LocalKey<T> {
    pub const fn new(place: &'static Place<T>) -> Self {
        LocalKey(place)
    }

    pub fn with<R>(&'static self, act: impl FnOnce(&T) -> R) -> R {
        self.0.with(act)
    }

    pub fn try_with<R>(
        &'static self,
        act: impl FnOnce(&T) -> R,
    ) -> std::result::Result<R, AccessError> {
        self.0.try_with(act)
    }
}

impl<T> LocalKey<Cell<T>> {
    pub fn set(&'static self, value: T) {
        self.with(|cell| cell.set(value));
    }

    pub fn get(&'static self) -> T
    where
        T: Copy,
    {
        self.with(Cell::get)
    }

    pub fn replace(&'static self, value: T) -> T {
        self.with(|cell| cell.replace(value))
    }
}

impl<T> fmt::Debug for LocalKey<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LocalKey")
    }
}
