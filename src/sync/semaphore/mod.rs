//! A number of permits, handed out in order of arrival.
//!
//! # How it works
//! ```text
//!   acquire: till open and enough in it?  --yes-->  permit, one atomic operation
//!                     | no
//!                     v
//!            lock, ask the state machine  --------> permit, or a place in the wait list
//!
//!   granted: the till says so?  --yes-->  permit, no atomic operation but a load
//!                     | no
//!                     v
//!            lock, ask the state machine  --------> permit, or wait on
//!
//!   release: till open?  --yes-->  back into the till
//!                     | no
//!                     v
//!            lock, grant to who waits  -----------> unlock, wake them
//! ```
//! [`Permits`] is the state machine, [`Till`] the fast path, [`Acquire`] the future.
//!
//! # Layer
//! 4: uses the wait list and the budget.

mod acquire;
mod acquire_permit;
mod error;
mod owned_permit;
mod permit;
mod permits;
mod till;

use std::fmt;
use std::sync::{Arc, Mutex};

pub(super) use acquire::Acquire;
use acquire_permit::AcquirePermit;
pub use error::{AcquireError, TryAcquireError};
pub use owned_permit::OwnedSemaphorePermit;
pub use permit::SemaphorePermit;
pub(super) use permits::Permits;
use till::Till;

use super::{NotUnpin, Wakers, blocking, lock};

/// Lets a limited number of tasks do something at a time.
///
/// [`acquire`](Semaphore::acquire) takes a permit or waits for one; dropping the permit
/// gives it back.
///
/// # Fairness
/// Strictly first come, first served. Who asks for many permits is not overtaken by those
/// who ask for few, so a large request waits until enough are free and then gets them.
/// A permit granted to a waiter is its own from that moment, before it is polled: a task
/// that stops polling its `acquire` and then waits for another permit of the same
/// semaphore waits for ever, if the one it has been granted is the last.
///
/// # Memory
/// About 32 bytes for each waiter, kept for the next ones until the semaphore is dropped.
/// A semaphore that nobody has waited for owns no memory.
///
/// # Closing
/// After [`close`](Semaphore::close) nobody gets a permit any more, and who waits gets an
/// error. There is no way back.
///
/// ```
/// use std::sync::Arc;
/// use kettle::sync::Semaphore;
///
/// # #[kettle::main]
/// # async fn main() {
/// let hobs = Arc::new(Semaphore::new(2));
/// let mut kettles = Vec::new();
/// for number in 0..5 {
///     let hob = hobs.clone().acquire_owned().await.expect("nobody closes it");
///     kettles.push(kettle::spawn(async move {
///         kettle::task::yield_now().await; // on the hob
///         drop(hob);
///         number
///     }));
/// }
/// for (number, kettle) in kettles.into_iter().enumerate() {
///     assert_eq!(kettle.await.unwrap(), number);
/// }
/// assert_eq!(hobs.available_permits(), 2);
/// # }
/// ```
pub struct Semaphore {
    till: Till,
    line: Mutex<Permits>,
}

impl Semaphore {
    /// The most permits a semaphore can hold.
    pub const MAX_PERMITS: usize = usize::MAX >> 3;

    /// A semaphore with `permits` free permits.
    ///
    /// # Panics
    /// If there are more than [`MAX_PERMITS`](Semaphore::MAX_PERMITS).
    #[track_caller]
    pub const fn new(permits: usize) -> Semaphore {
        assert!(
            permits <= Semaphore::MAX_PERMITS,
            "a semaphore holds at most MAX_PERMITS permits"
        );
        Semaphore {
            till: Till::new(permits),
            line: Mutex::new(Permits::new(0)),
        }
    }

    /// The same as [`new`](Semaphore::new), under the name that tokio has for constants.
    pub const fn const_new(permits: usize) -> Semaphore {
        Semaphore::new(permits)
    }

    /// How many permits a newcomer could have at once. While somebody waits there are
    /// none: what is free is kept for that one.
    pub fn available_permits(&self) -> usize {
        self.locked(|permits| permits.available())
    }

    /// Adds `n` permits. Those who wait get them first.
    ///
    /// # Panics
    /// If more than [`MAX_PERMITS`](Semaphore::MAX_PERMITS) would be free.
    #[track_caller]
    pub fn add_permits(&self, n: usize) {
        assert!(
            self.try_release(n),
            "adding {n} permits would take the semaphore over MAX_PERMITS; \
             forget some first"
        );
    }

    /// Takes up to `n` free permits away for good, and says how many.
    pub fn forget_permits(&self, n: usize) -> usize {
        self.locked(|permits| permits.forget(n))
    }

    /// Takes a permit, or waits for one.
    ///
    /// # Errors
    /// [`AcquireError`], if the semaphore is closed.
    ///
    /// # Cancel safety
    /// Dropping the future gives up the place in the queue. If a permit has been granted
    /// already, it goes to the next one.
    pub fn acquire(
        &self,
    ) -> impl Future<Output = Result<SemaphorePermit<'_>, AcquireError>> {
        NotUnpin::new(AcquirePermit::new(self, 1))
    }

    /// Takes `n` permits at once, or waits until it can; as
    /// [`acquire`](Semaphore::acquire) in all else.
    ///
    /// # Errors
    /// [`AcquireError`], if the semaphore is closed.
    ///
    /// # Cancel safety
    /// As for [`acquire`](Semaphore::acquire): all permits or none.
    pub fn acquire_many(
        &self,
        n: u32,
    ) -> impl Future<Output = Result<SemaphorePermit<'_>, AcquireError>> {
        NotUnpin::new(AcquirePermit::new(self, n))
    }

    /// Takes a permit if one is free and nobody waits.
    ///
    /// # Errors
    /// [`TryAcquireError::NoPermits`] or [`TryAcquireError::Closed`].
    pub fn try_acquire(&self) -> Result<SemaphorePermit<'_>, TryAcquireError> {
        self.try_acquire_many(1)
    }

    /// Takes `n` permits if as many are free and nobody waits.
    ///
    /// # Errors
    /// [`TryAcquireError::NoPermits`] or [`TryAcquireError::Closed`].
    pub fn try_acquire_many(
        &self,
        n: u32,
    ) -> Result<SemaphorePermit<'_>, TryAcquireError> {
        self.try_take(n as usize)?;
        Ok(SemaphorePermit::new(self, n))
    }

    /// As [`acquire`](Semaphore::acquire), with a permit that owns its semaphore and so
    /// can go with a task.
    ///
    /// # Errors
    /// [`AcquireError`], if the semaphore is closed.
    ///
    /// # Cancel safety
    /// As for [`acquire`](Semaphore::acquire).
    pub async fn acquire_owned(
        self: Arc<Self>,
    ) -> Result<OwnedSemaphorePermit, AcquireError> {
        self.acquire_many_owned(1).await
    }

    /// As [`acquire_many`](Semaphore::acquire_many), with a permit that owns its
    /// semaphore.
    ///
    /// # Errors
    /// [`AcquireError`], if the semaphore is closed.
    ///
    /// # Cancel safety
    /// As for [`acquire`](Semaphore::acquire).
    pub async fn acquire_many_owned(
        self: Arc<Self>,
        n: u32,
    ) -> Result<OwnedSemaphorePermit, AcquireError> {
        Acquire::new(&self, n as usize).await?;
        Ok(OwnedSemaphorePermit::new(self, n))
    }

    /// As [`try_acquire`](Semaphore::try_acquire), with a permit that owns its semaphore.
    ///
    /// # Errors
    /// [`TryAcquireError::NoPermits`] or [`TryAcquireError::Closed`].
    pub fn try_acquire_owned(
        self: Arc<Self>,
    ) -> Result<OwnedSemaphorePermit, TryAcquireError> {
        self.try_acquire_many_owned(1)
    }

    /// As [`try_acquire_many`](Semaphore::try_acquire_many), with a permit that owns its
    /// semaphore.
    ///
    /// # Errors
    /// [`TryAcquireError::NoPermits`] or [`TryAcquireError::Closed`].
    pub fn try_acquire_many_owned(
        self: Arc<Self>,
        n: u32,
    ) -> Result<OwnedSemaphorePermit, TryAcquireError> {
        self.try_take(n as usize)?;
        Ok(OwnedSemaphorePermit::new(self, n))
    }

    /// Takes a permit; the whole thread waits for it.
    ///
    /// # Errors
    /// [`AcquireError`], if the semaphore is closed.
    ///
    /// # Panics
    /// Inside a future that a Kettle runtime polls.
    #[track_caller]
    pub fn blocking_acquire(&self) -> Result<SemaphorePermit<'_>, AcquireError> {
        blocking::block_on("blocking_acquire", "acquire", self.acquire())
    }

    /// Takes `n` permits at once; the whole thread waits for them.
    ///
    /// # Errors
    /// [`AcquireError`], if the semaphore is closed.
    ///
    /// # Panics
    /// Inside a future that a Kettle runtime polls.
    #[track_caller]
    pub fn blocking_acquire_many(
        &self,
        n: u32,
    ) -> Result<SemaphorePermit<'_>, AcquireError> {
        let call = "blocking_acquire_many";
        blocking::block_on(call, "acquire_many", self.acquire_many(n))
    }

    /// Hands out no permit any more, and sends those who wait away with an error.
    /// Permits that are out stay good, and come back when they are dropped.
    pub fn close(&self) {
        self.locked(Permits::close).wake();
    }

    /// Whether it is closed.
    pub fn is_closed(&self) -> bool {
        self.locked(|permits| permits.is_closed())
    }

    /// Takes `n` permits without waiting.
    pub(super) fn try_take(&self, n: usize) -> Result<(), TryAcquireError> {
        if self.till.take(n) {
            return Ok(());
        }
        self.locked(|permits| permits.try_take(n))
    }

    /// Gives back `n` permits that were taken.
    #[inline]
    pub(super) fn release(&self, n: usize) {
        if !self.till.give(n, Semaphore::MAX_PERMITS) {
            self.release_locked(n);
        }
    }

    #[inline(never)]
    fn release_locked(&self, n: usize) {
        self.locked(|permits| permits.release(n)).wake();
    }

    /// Adds `n` permits, unless they would be too many.
    fn try_release(&self, n: usize) -> bool {
        let added = self.locked(|permits| {
            let most = Semaphore::MAX_PERMITS.checked_sub(n)?;
            (permits.available() <= most).then(|| permits.release(n))
        });
        added.map(Wakers::wake).is_some()
    }

    /// Runs `step` on the state machine, with all free permits in it.
    fn locked<R>(&self, step: impl FnOnce(&mut Permits) -> R) -> R {
        let mut permits = lock(&self.line);
        permits.carry_in(self.till.shut());
        let result = step(&mut permits);
        if permits.is_plain() {
            self.till.open(permits.carry_out());
        } else {
            self.till.show(permits.granted());
        }
        result
    }
}

impl fmt::Debug for Semaphore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Semaphore")
            .field("permits", &self.available_permits())
            .finish_non_exhaustive()
    }
}
