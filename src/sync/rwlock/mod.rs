//! A lock for many readers or one writer, held across awaits.
//!
//! It is a semaphore: a reader takes one permit, a writer takes all. That the semaphore
//! serves strictly in order makes the lock fair without another line.
//!
//! # Layer
//! 4: uses the semaphore and the value cell.

mod owned_read_guard;
mod owned_write_guard;
mod read_guard;
mod write_guard;

use std::fmt;
use std::sync::Arc;

pub use owned_read_guard::OwnedRwLockReadGuard;
pub use owned_write_guard::OwnedRwLockWriteGuard;
pub use read_guard::RwLockReadGuard;
pub use write_guard::RwLockWriteGuard;

use super::cell::{Exclusive, Guarded, Shared, Together};
use super::{TryLockError, blocking};

/// Readers at a time, unless `with_max_readers` says otherwise; tokio's number.
const MAX_READERS: u32 = u32::MAX >> 3;

/// A value that many tasks at a time may read, or one may change.
///
/// # Fairness
/// Strictly first come, first served. A writer that waits is not overtaken by readers
/// that come later, so it does not starve; the readers behind it wait although readers
/// are reading. A task that holds a read guard and asks for a second one therefore waits
/// for ever, if a writer asked in between.
///
/// # Memory
/// About 32 bytes for each waiter, kept for the next ones until the lock is dropped.
///
/// # Panics and poison
/// There is no poison, as with [`Mutex`](super::Mutex).
///
/// ```
/// use kettle::sync::RwLock;
///
/// # #[kettle::main]
/// # async fn main() {
/// let menu = RwLock::new(vec!["tea"]);
/// {
///     let one = menu.read().await;
///     let two = menu.read().await; // both read
///     assert_eq!(one.len() + two.len(), 2);
/// }
/// let mut change = menu.write().await;
/// change.push("coffee");
/// let seen = change.downgrade(); // no other writer gets in between
/// assert_eq!(*seen, ["tea", "coffee"]);
/// # }
/// ```
pub struct RwLock<T: ?Sized> {
    /// The cell reaches it from a lease.
    pub(super) guarded: Guarded<T, Together>,
}

impl<T> RwLock<T> {
    /// An unlocked lock around `value`.
    pub const fn new(value: T) -> RwLock<T> {
        RwLock::with_max_readers(value, MAX_READERS)
    }

    /// The same as [`new`](RwLock::new), under the name that tokio has for constants.
    pub const fn const_new(value: T) -> RwLock<T> {
        RwLock::new(value)
    }

    /// An unlocked lock that at most `readers` read at a time.
    ///
    /// # Panics
    /// If `readers` is more than `u32::MAX >> 3`.
    #[track_caller]
    pub const fn with_max_readers(value: T, readers: u32) -> RwLock<T> {
        assert!(
            readers <= MAX_READERS,
            "a lock has at most u32::MAX >> 3 readers"
        );
        let guarded = Guarded::new(value, readers);
        RwLock { guarded }
    }

    /// The same as [`with_max_readers`](RwLock::with_max_readers), under the name that
    /// tokio has for constants.
    ///
    /// # Panics
    /// If `readers` is more than `u32::MAX >> 3`.
    #[track_caller]
    pub const fn const_with_max_readers(value: T, readers: u32) -> RwLock<T> {
        RwLock::with_max_readers(value, readers)
    }

    /// The value.
    pub fn into_inner(self) -> T {
        self.guarded.into_inner()
    }
}

impl<T: ?Sized> RwLock<T> {
    /// Takes the lock to read, or waits until it can.
    ///
    /// # Cancel safety
    /// Dropping the future gives up the place in the queue. If it was granted the lock
    /// already, the lock goes to the next ones.
    pub async fn read(&self) -> RwLockReadGuard<'_, T> {
        RwLockReadGuard::new(Shared::acquire(self).await)
    }

    /// As [`read`](RwLock::read), with a guard that owns its lock and so can go with a
    /// task.
    ///
    /// # Cancel safety
    /// As for [`read`](RwLock::read).
    pub async fn read_owned(self: Arc<Self>) -> OwnedRwLockReadGuard<T> {
        OwnedRwLockReadGuard::new(Shared::acquire(self).await)
    }

    /// Takes the lock to change the value, or waits until it can.
    ///
    /// # Cancel safety
    /// As for [`read`](RwLock::read). The readers that waited behind it go on.
    pub async fn write(&self) -> RwLockWriteGuard<'_, T> {
        RwLockWriteGuard::new(Exclusive::acquire(self).await)
    }

    /// As [`write`](RwLock::write), with a guard that owns its lock.
    ///
    /// # Cancel safety
    /// As for [`write`](RwLock::write).
    pub async fn write_owned(self: Arc<Self>) -> OwnedRwLockWriteGuard<T> {
        OwnedRwLockWriteGuard::new(Exclusive::acquire(self).await)
    }

    /// Takes the lock to read, if there is no writer and nobody waits.
    ///
    /// # Errors
    /// [`TryLockError`] otherwise.
    pub fn try_read(&self) -> Result<RwLockReadGuard<'_, T>, TryLockError> {
        Shared::try_acquire(self).map(RwLockReadGuard::new)
    }

    /// As [`try_read`](RwLock::try_read), with a guard that owns its lock.
    ///
    /// # Errors
    /// [`TryLockError`] if there is a writer or somebody waits.
    pub fn try_read_owned(
        self: Arc<Self>,
    ) -> Result<OwnedRwLockReadGuard<T>, TryLockError> {
        Shared::try_acquire(self).map(OwnedRwLockReadGuard::new)
    }

    /// Takes the lock to change the value, if nobody has it or waits for it.
    ///
    /// # Errors
    /// [`TryLockError`] otherwise.
    pub fn try_write(&self) -> Result<RwLockWriteGuard<'_, T>, TryLockError> {
        Exclusive::try_acquire(self).map(RwLockWriteGuard::new)
    }

    /// As [`try_write`](RwLock::try_write), with a guard that owns its lock.
    ///
    /// # Errors
    /// [`TryLockError`] if somebody has the lock or waits for it.
    pub fn try_write_owned(
        self: Arc<Self>,
    ) -> Result<OwnedRwLockWriteGuard<T>, TryLockError> {
        Exclusive::try_acquire(self).map(OwnedRwLockWriteGuard::new)
    }

    /// Takes the lock to read; the whole thread waits until it can.
    ///
    /// # Panics
    /// Inside a future that a Kettle runtime polls.
    #[track_caller]
    pub fn blocking_read(&self) -> RwLockReadGuard<'_, T> {
        blocking::block_on("blocking_read", "read", self.read())
    }

    /// Takes the lock to change the value; the whole thread waits until it can.
    ///
    /// # Panics
    /// Inside a future that a Kettle runtime polls.
    #[track_caller]
    pub fn blocking_write(&self) -> RwLockWriteGuard<'_, T> {
        blocking::block_on("blocking_write", "write", self.write())
    }

    /// The value. Who has the lock to itself need not take it.
    pub fn get_mut(&mut self) -> &mut T {
        self.guarded.get_mut()
    }
}

impl<T: Default> Default for RwLock<T> {
    fn default() -> RwLock<T> {
        RwLock::new(T::default())
    }
}

impl<T> From<T> for RwLock<T> {
    fn from(value: T) -> RwLock<T> {
        RwLock::new(value)
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for RwLock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_struct("RwLock");
        match self.try_read() {
            Ok(value) => fields.field("data", &&*value),
            Err(_) => fields.field("data", &format_args!("<locked>")),
        };
        fields.finish()
    }
}
