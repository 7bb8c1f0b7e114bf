//! The right to say "ask again".
//!
//! # Invariants
//! 1. `data` and `vtable` fit together: `from_raw` makes its caller promise it, and no
//!    method changes either.
//! 2. Exactly one of `wake` and `drop` of the vtable ends each waker.
//!
//! # Layer
//! 0: uses nothing of Kettle.
#![expect(
    unsafe_code,
    reason = "a waker calls through the vtable that it was given"
)]

use std::mem::ManuallyDrop;
use std::ptr;

use super::{RawWaker, RawWakerVTable};

/// Wakes the task whose poll it came with.
///
/// It may be cloned, sent to another thread, woken and dropped there, at any time, also
/// when the task has ended. It has no type parameter, so a future needs to know nothing
/// of the executor.
#[derive(Debug)]
pub struct Waker {
    raw: RawWaker,
}

// SAFETY: a waker owns nothing but `data`, and hands it only to the functions of its
// vtable. By the contract of `from_raw` these may be called from any thread (invariant 1).
unsafe impl Send for Waker {}

// SAFETY: as for `Send`; through a shared reference only `clone` and `wake_by_ref` are
// called, and the contract of `from_raw` allows that from several threads at once.
unsafe impl Sync for Waker {}

impl Waker {
    /// A waker of a raw one.
    ///
    /// # Safety
    /// The functions of the vtable must accept `data`, on any thread and on several at
    /// once, as long as a waker of it lives. `clone` must give what may go through this
    /// function itself. `wake` and `drop` are each the last call for their waker.
    pub const unsafe fn from_raw(raw: RawWaker) -> Waker {
        Waker { raw }
    }

    /// A waker that wakes nobody.
    pub const fn noop() -> Waker {
        fn clone(_data: *const ()) -> RawWaker {
            NOOP
        }
        fn nothing(_data: *const ()) {}
        static VTABLE: RawWakerVTable =
            RawWakerVTable::new(clone, nothing, nothing, nothing);
        const NOOP: RawWaker = RawWaker::new(ptr::null(), &VTABLE);
        // SAFETY: none of the four functions looks at its pointer, so any pointer fits.
        unsafe { Waker::from_raw(NOOP) }
    }

    /// Wakes the task, and ends the waker.
    pub fn wake(self) {
        // `Drop` would end the waker a second time (invariant 2).
        let this = ManuallyDrop::new(self);
        // SAFETY: `data` fits (invariant 1); `this` is never dropped, so this is the one
        // call that ends the waker (invariant 2).
        unsafe { (this.raw.vtable.wake)(this.raw.data) }
    }

    /// Wakes the task, and leaves the waker alive.
    pub fn wake_by_ref(&self) {
        // SAFETY: `data` fits (invariant 1), and the waker lives as long as the borrow.
        unsafe { (self.raw.vtable.wake_by_ref)(self.raw.data) }
    }

    /// Whether both wake the same task, as far as can be told. `false` can be wrong.
    pub fn will_wake(&self, other: &Waker) -> bool {
        let (one, two) = (&self.raw, &other.raw);
        ptr::eq(one.data, two.data) && ptr::eq(one.vtable, two.vtable)
    }
}

impl Clone for Waker {
    fn clone(&self) -> Waker {
        // SAFETY: `data` fits (invariant 1), and the waker lives as long as the borrow.
        let raw = unsafe { (self.raw.vtable.clone)(self.raw.data) };
        // SAFETY: by the contract of `from_raw`, `clone` gives what may go through it.
        unsafe { Waker::from_raw(raw) }
    }
}

impl Drop for Waker {
    fn drop(&mut self) {
        // SAFETY: `data` fits (invariant 1); `wake` keeps its waker from being dropped,
        // so this is the one call that ends the waker (invariant 2).
        unsafe { (self.raw.vtable.drop)(self.raw.data) }
    }
}
