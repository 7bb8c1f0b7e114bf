//! A lock that may be held across an await.
//!
//! It is a semaphore of one permit, and a value that goes with the permit.
//!
//! # Layer
//! 4: uses the semaphore and the value cell.

mod error;
mod guard;
mod owned_guard;

use std::fmt;
use std::sync::Arc;

pub use error::TryLockError;
pub use guard::MutexGuard;
pub use owned_guard::OwnedMutexGuard;

use super::blocking;
use super::cell::{Alone, Exclusive, Guarded};

/// A value that one task at a time may touch, and may keep while it awaits.
///
/// If no guard is held across an await, `std::sync::Mutex` is the better choice, also in
/// async code: it is faster, and nobody forgets an await under it. This one is for what
/// must stay whole from one await to the next, such as a connection.
///
/// # Fairness
/// Strictly first come, first served.
///
/// # Memory
/// About 32 bytes for each waiter, kept for the next ones until the mutex is dropped.
///
/// # Panics and poison
/// There is no poison: a panic while a guard is held drops the guard, and the next one
/// finds the value as it was left. tokio does the same.
///
/// ```
/// use std::sync::Arc;
/// use kettle::sync::Mutex;
///
/// # #[kettle::main]
/// # async fn main() {
/// let cups = Arc::new(Mutex::new(0));
/// let pour = |cups: Arc<Mutex<u32>>| async move {
///     let mut cups = cups.lock().await;
///     let seen = *cups;
///     kettle::task::yield_now().await; // the others find it locked
///     *cups = seen + 1;
/// };
/// let pours: Vec<_> = (0..10).map(|_| kettle::spawn(pour(cups.clone()))).collect();
/// for pour in pours {
///     pour.await.unwrap();
/// }
/// assert_eq!(*cups.lock().await, 10);
/// # }
/// ```
pub struct Mutex<T: ?Sized> {
    /// The cell reaches it from a lease.
    pub(super) guarded: Guarded<T, Alone>,
}

impl<T> Mutex<T> {
    /// An unlocked mutex around `value`.
    pub const fn new(value: T) -> Mutex<T> {
        let guarded = Guarded::new(value, 1);
        Mutex { guarded }
    }

    /// The same as [`new`](Mutex::new), under the name that tokio has for constants.
    pub const fn const_new(value: T) -> Mutex<T> {
        Mutex::new(value)
    }

    /// The value.
    pub fn into_inner(self) -> T {
        self.guarded.into_inner()
    }
}

impl<T: ?Sized> Mutex<T> {
    /// Locks it, or waits until it can.
    ///
    /// # Cancel safety
    /// Dropping the future gives up the place in the queue. If it was granted the lock
    /// already, the lock goes to the next one.
    pub async fn lock(&self) -> MutexGuard<'_, T> {
        MutexGuard::new(Exclusive::acquire(self).await)
    }

    /// As [`lock`](Mutex::lock), with a guard that owns its mutex and so can go with a
    /// task.
    ///
    /// # Cancel safety
    /// As for [`lock`](Mutex::lock).
    pub async fn lock_owned(self: Arc<Self>) -> OwnedMutexGuard<T> {
        OwnedMutexGuard::new(Exclusive::acquire(self).await)
    }

    /// Locks it if it is free and nobody waits for it.
    ///
    /// # Errors
    /// [`TryLockError`] otherwise.
    pub fn try_lock(&self) -> Result<MutexGuard<'_, T>, TryLockError> {
        Exclusive::try_acquire(self).map(MutexGuard::new)
    }

    /// As [`try_lock`](Mutex::try_lock), with a guard that owns its mutex.
    ///
    /// # Errors
    /// [`TryLockError`] if it is locked or somebody waits for it.
    pub fn try_lock_owned(
        self: Arc<Self>,
    ) -> Result<OwnedMutexGuard<T>, TryLockError> {
        Exclusive::try_acquire(self).map(OwnedMutexGuard::new)
    }

    /// Locks it; the whole thread waits until it can.
    ///
    /// # Panics
    /// Inside a future that a Kettle runtime polls.
    #[track_caller]
    pub fn blocking_lock(&self) -> MutexGuard<'_, T> {
        blocking::block_on("blocking_lock", "lock", self.lock())
    }

    /// As [`blocking_lock`](Mutex::blocking_lock), with a guard that owns its mutex.
    ///
    /// # Panics
    /// Inside a future that a Kettle runtime polls.
    #[track_caller]
    pub fn blocking_lock_owned(self: Arc<Self>) -> OwnedMutexGuard<T> {
        blocking::block_on("blocking_lock_owned", "lock_owned", self.lock_owned())
    }

    /// The value. Who has the mutex to itself need not lock it.
    pub fn get_mut(&mut self) -> &mut T {
        self.guarded.get_mut()
    }
}

impl<T: Default> Default for Mutex<T> {
    fn default() -> Mutex<T> {
        Mutex::new(T::default())
    }
}

impl<T> From<T> for Mutex<T> {
    fn from(value: T) -> Mutex<T> {
        Mutex::new(value)
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for Mutex<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_struct("Mutex");
        match self.try_lock() {
            Ok(value) => fields.field("data", &&*value),
            Err(_) => fields.field("data", &format_args!("<locked>")),
        };
        fields.finish()
    }
}
