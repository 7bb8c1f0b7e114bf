//! A value that a lock lends out: the only unsafe code among the primitives.
//!
//! A guard gives out `&mut T` from a lock that is shared. std's own lock would do that in
//! safe code, but its guard may not go to another thread, as ours must, with its task.
//! So the compiler cannot follow who has the value, and permits do instead.
//!
//! # Invariants
//! 1. All permits of a [`Guarded`] were made by `new`; only leases take and return them.
//! 2. A [`Shared`] holds one permit, an [`Exclusive`] holds all, from before it is made
//!    until its drop. Only `downgrade` leaves one of them to the shared lease it makes.
//! 3. So while an exclusive lease lives, no other lease of the same value does.
//!
//! # Layer
//! 4: uses the semaphore.
#![expect(
    unsafe_code,
    reason = "which lease may touch the value is decided while the program runs"
)]

use std::cell::UnsafeCell;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use super::semaphore::Acquire;
use super::{Mutex, RwLock, Semaphore, TryLockError};

/// A value, the permits to touch it, and, as a type, who may share it.
pub(super) struct Guarded<T: ?Sized, S> {
    permits: Semaphore,
    /// How many permits there are.
    all: u32,
    sharing: PhantomData<S>,
    value: UnsafeCell<T>,
}

/// Nobody shares: there are exclusive leases only.
pub(super) enum Alone {}

/// Readers share.
pub(super) enum Together {}

// SAFETY: what threads could do to each other through a `&Guarded<T, Alone>` is to touch
// the value at the same time; leases rule that out (invariant 3, and there are no shared
// leases). So the value is only ever handed from one thread to the next, which `T: Send`
// allows; the semaphore orders the last access before the next.
unsafe impl<T: ?Sized + Send> Sync for Guarded<T, Alone> {}

// SAFETY: as above, but shared leases do touch the value at the same time. They only read
// it, which `T: Sync` allows.
unsafe impl<T: ?Sized + Send + Sync> Sync for Guarded<T, Together> {}

impl<T, S> Guarded<T, S> {
    /// `value`, with `all` permits to it.
    pub(super) const fn new(value: T, all: u32) -> Guarded<T, S> {
        Guarded {
            permits: Semaphore::new(all as usize),
            all,
            sharing: PhantomData,
            value: UnsafeCell::new(value),
        }
    }

    /// The value, out of its lock.
    pub(super) fn into_inner(self) -> T {
        self.value.into_inner()
    }
}

impl<T: ?Sized, S> Guarded<T, S> {
    /// The value. Who has the lock to itself needs no lease.
    pub(super) fn get_mut(&mut self) -> &mut T {
        self.value.get_mut()
    }
}

/// A way to a lock: a borrow of it or an `Arc`.
///
/// # Safety
/// `guarded` gives the same `Guarded` for as long as the handle lives, moved or not.
pub(super) unsafe trait Handle {
    type Value: ?Sized;
    type Sharing;
    fn guarded(&self) -> &Guarded<Self::Value, Self::Sharing>;
}

// SAFETY: a shared borrow points to the same lock for as long as it lives.
unsafe impl<T: ?Sized> Handle for &Mutex<T> {
    type Value = T;
    type Sharing = Alone;
    fn guarded(&self) -> &Guarded<T, Alone> {
        &self.guarded
    }
}

// SAFETY: an `Arc` that is not assigned to points to the same lock, and leases do not
// assign to theirs.
unsafe impl<T: ?Sized> Handle for Arc<Mutex<T>> {
    type Value = T;
    type Sharing = Alone;
    fn guarded(&self) -> &Guarded<T, Alone> {
        &self.guarded
    }
}

// SAFETY: as for `&Mutex<T>`.
unsafe impl<T: ?Sized> Handle for &RwLock<T> {
    type Value = T;
    type Sharing = Together;
    fn guarded(&self) -> &Guarded<T, Together> {
        &self.guarded
    }
}

// SAFETY: as for `Arc<Mutex<T>>`.
unsafe impl<T: ?Sized> Handle for Arc<RwLock<T>> {
    type Value = T;
    type Sharing = Together;
    fn guarded(&self) -> &Guarded<T, Together> {
        &self.guarded
    }
}

const OPEN: &str = "nobody closes the semaphore of a lock";

/// The right to change the value, until it is dropped.
pub(super) struct Exclusive<H: Handle> {
    handle: H,
    /// The permits that its drop returns: all, or one less when it is downgraded.
    permits: u32,
    /// It is as good as a `Box` of the value: to be sent or shared only if the value may.
    like: PhantomData<Box<H::Value>>,
}

impl<H: Handle> Exclusive<H> {
    /// Waits until nobody has a lease.
    pub(super) async fn acquire(handle: H) -> Exclusive<H> {
        let guarded = handle.guarded();
        let acquire = Acquire::new(&guarded.permits, guarded.all as usize);
        acquire.await.expect(OPEN);
        Exclusive::new(handle)
    }

    /// A lease, if nobody else has one or waits for one.
    pub(super) fn try_acquire(handle: H) -> Result<Exclusive<H>, TryLockError> {
        let guarded = handle.guarded();
        let taken = guarded.permits.try_take(guarded.all as usize);
        taken.map_err(|_| TryLockError(()))?;
        Ok(Exclusive::new(handle))
    }

    /// The caller has taken all permits.
    fn new(handle: H) -> Exclusive<H> {
        Exclusive {
            permits: handle.guarded().all,
            handle,
            like: PhantomData,
        }
    }

    /// The lock that it is a lease of.
    pub(super) fn handle(&self) -> &H {
        &self.handle
    }
}

impl<H: Handle<Sharing = Together> + Clone> Exclusive<H> {
    /// Goes on reading, and lets others read; a writer that waits comes after.
    pub(super) fn downgrade(mut self) -> Shared<H> {
        self.permits -= 1;
        let handle = self.handle.clone();
        Shared { handle }
    }
}

impl<H: Handle> Deref for Exclusive<H> {
    type Target = H::Value;

    fn deref(&self) -> &H::Value {
        // SAFETY: another reference to the value could be a mutable one from another
        // lease, which invariant 3 rules out, or one from this lease, which the borrow
        // checker rules out by `self`.
        unsafe { &*self.handle.guarded().value.get() }
    }
}

impl<H: Handle> DerefMut for Exclusive<H> {
    fn deref_mut(&mut self) -> &mut H::Value {
        // SAFETY: as for `deref`, and `self` is borrowed mutably.
        unsafe { &mut *self.handle.guarded().value.get() }
    }
}

impl<H: Handle> Drop for Exclusive<H> {
    fn drop(&mut self) {
        let permits = self.permits as usize;
        self.handle.guarded().permits.release(permits);
    }
}

/// The right to read the value, until it is dropped.
pub(super) struct Shared<H: Handle<Sharing = Together>> {
    handle: H,
}

// SAFETY: what is sent is a way to `&T`, which `T: Sync` allows, and the duty to return a
// permit, which any thread may do. `T: Send` is not needed: who gets the value out or to
// himself needs the lock, not this lease of it.
unsafe impl<T: ?Sized + Sync> Send for Shared<&RwLock<T>> {}

// SAFETY: as above, and it may be the last to own the value, which `T: Send` allows.
unsafe impl<T: ?Sized + Send + Sync> Send for Shared<Arc<RwLock<T>>> {}

impl<H: Handle<Sharing = Together>> Shared<H> {
    /// Waits until nobody has an exclusive lease, or has waited longer for one.
    pub(super) async fn acquire(handle: H) -> Shared<H> {
        let acquire = Acquire::new(&handle.guarded().permits, 1);
        acquire.await.expect(OPEN);
        Shared { handle }
    }

    /// A lease, if there is no exclusive one and nobody waits.
    pub(super) fn try_acquire(handle: H) -> Result<Shared<H>, TryLockError> {
        let taken = handle.guarded().permits.try_take(1);
        taken.map_err(|_| TryLockError(()))?;
        Ok(Shared { handle })
    }
}

impl<H: Handle<Sharing = Together>> Deref for Shared<H> {
    type Target = H::Value;

    fn deref(&self) -> &H::Value {
        // SAFETY: a mutable reference could only come from an exclusive lease, which
        // invariant 3 rules out.
        unsafe { &*self.handle.guarded().value.get() }
    }
}

impl<H: Handle<Sharing = Together>> Drop for Shared<H> {
    fn drop(&mut self) {
        self.handle.guarded().permits.release(1);
    }
}
