//! How tasks wait for each other: locks, permits, signals and channels.
//!
//! Each primitive is a pure state machine behind a std `Mutex` that is locked for a few
//! instructions, and a [wait list](wait_list). A method of the state machine changes the
//! state and *returns* the wakers that are to be woken; the caller unlocks, and only then
//! wakes. So no foreign code runs under a lock: a waker may call back into the primitive
//! that wakes it, and may panic.
//!
//! They know no runtime: a future here needs nothing but its waker, so it runs on any
//! executor, and a plain thread can use the `blocking_` functions.
//!
//! | to | there is |
//! |---|---|
//! | let a limited number in at a time | [`Semaphore`] |
//! | share a value across an await | [`Mutex`], [`RwLock`] |
//! | make a value once | [`OnceCell`] |
//! | tell somebody to look again | [`Notify`] |
//! | wait until all are there | [`Barrier`] |
//! | hand one value over | [`oneshot`] |
//! | hand many values to one receiver | [`mpsc`] |
//! | hand each value to all receivers | [`broadcast`] |
//! | let others see the latest value | [`watch`] |
//! | tell a tree of tasks to stop | [`CancellationToken`] |
//!
//! # Layer
//! 4: uses wakers, the budget and, to block a thread, the thread parker; must not know
//! tasks or the executor.

mod barrier;
mod blocking;
pub mod broadcast;
mod cancellation_token;
mod cell;
mod fresh;
pub mod mpsc;
mod mutex;
mod not_unpin;
mod notify;
mod once_cell;
pub mod oneshot;
mod rwlock;
mod semaphore;
mod wait_list;
mod wakers;
pub mod watch;

pub use barrier::{Barrier, BarrierWaitResult};
pub use cancellation_token::{
    CancellationToken, DropGuard, DropGuardRef, WaitForCancellationFuture,
    WaitForCancellationFutureOwned,
};
use fresh::{Fresh, Spent};
pub use mutex::{Mutex, MutexGuard, OwnedMutexGuard, TryLockError};
use not_unpin::NotUnpin;
pub use notify::Notify;
pub use once_cell::{OnceCell, SetError};
pub use rwlock::{
    OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock, RwLockReadGuard,
    RwLockWriteGuard,
};
pub use semaphore::{
    AcquireError, OwnedSemaphorePermit, Semaphore, SemaphorePermit, TryAcquireError,
};
use wakers::{Wakers, wake};

/// Futures that have a name.
pub mod futures {
    pub use super::notify::Notified;
}

/// Locks the state of a primitive.
fn lock<S>(state: &std::sync::Mutex<S>) -> std::sync::MutexGuard<'_, S> {
    state
        .lock()
        .expect("nothing that can panic runs under a primitive's lock")
}
