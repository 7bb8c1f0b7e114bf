//! Wakers without unsafe code of one's own: whatever can be woken, in an `Arc`.
//!
//! Most executors want one thing of a vtable: that it counts references. So that is
//! written once. A waker owns one count of the `Arc`.
//!
//! # Invariants
//! 1. The `data` of a waker made here comes from `Arc::into_raw` of an `Arc<W>`, and the
//!    vtable beside it is `vtable::<W>()`.
//! 2. Each waker owns one count: `clone` takes one, `wake` and `drop` give one back.
//!
//! # Layer
//! 0: uses nothing of Kettle.
#![expect(
    unsafe_code,
    reason = "the waker's pointer is an `Arc` without its type"
)]

use std::mem::ManuallyDrop;
use std::sync::Arc;

use super::{RawWaker, RawWakerVTable, Waker};

/// Something that can be woken.
///
/// ```
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicU32, Ordering};
/// use kettle::machinery::{Wake, Waker};
///
/// struct Whistle(AtomicU32);
///
/// impl Wake for Whistle {
///     fn wake(self: Arc<Self>) {
///         self.0.fetch_add(1, Ordering::Relaxed);
///     }
/// }
///
/// let whistle = Arc::new(Whistle(AtomicU32::new(0)));
/// let waker = Waker::from(whistle.clone());
/// waker.wake_by_ref();
/// waker.wake();
/// assert_eq!(whistle.0.load(Ordering::Relaxed), 2);
/// ```
///
/// A waker goes to any thread, so what is good for one thread only makes none:
///
/// ```compile_fail,E0277
/// use std::cell::Cell;
/// use std::sync::Arc;
/// use kettle::machinery::{Wake, Waker};
///
/// struct Whistle(Cell<u32>);
///
/// impl Wake for Whistle {
///     fn wake(self: Arc<Self>) {
///         self.0.set(self.0.get() + 1);
///     }
/// }
///
/// let waker = Waker::from(Arc::new(Whistle(Cell::new(0))));
/// ```
pub trait Wake {
    /// Wakes, at the cost of the reference.
    fn wake(self: Arc<Self>);

    /// Wakes, and leaves the reference alive. Without a better idea: by a clone.
    fn wake_by_ref(self: &Arc<Self>) {
        Arc::clone(self).wake();
    }
}

impl<W: Wake + Send + Sync + 'static> From<Arc<W>> for Waker {
    fn from(wake: Arc<W>) -> Waker {
        let raw = RawWaker::new(Arc::into_raw(wake).cast(), vtable::<W>());
        // SAFETY: `raw` is as invariant 1 says, so each function of the vtable gets the
        // pointer that it reads; `W` is `Send + Sync`, so any thread may call them.
        unsafe { Waker::from_raw(raw) }
    }
}

fn vtable<W: Wake + Send + Sync + 'static>() -> &'static RawWakerVTable {
    &RawWakerVTable {
        clone: clone::<W>,
        wake: wake::<W>,
        wake_by_ref: wake_by_ref::<W>,
        drop: drop_count::<W>,
    }
}

/// # Safety
/// As for [`owned`], but the count stays with the waker: nothing may drop what comes back.
unsafe fn lent<W>(data: *const ()) -> ManuallyDrop<Arc<W>> {
    // SAFETY: the caller keeps the contract of `owned`; the `ManuallyDrop` keeps the
    // count from being given back while its waker lives.
    ManuallyDrop::new(unsafe { owned(data) })
}

/// # Safety
/// `data` must be that of a waker of invariant 1 that lives. Its count goes to the caller.
unsafe fn owned<W>(data: *const ()) -> Arc<W> {
    // SAFETY: the pointer comes from `Arc::<W>::into_raw` (invariant 1), and the waker
    // owns a count (invariant 2), so the `Arc` is alive and one count is there to take.
    unsafe { Arc::from_raw(data.cast::<W>()) }
}

unsafe fn clone<W: Wake + Send + Sync + 'static>(data: *const ()) -> RawWaker {
    // SAFETY: a vtable's functions are called for wakers that live; what is lent is
    // cloned and never dropped.
    let count = Arc::clone(&*unsafe { lent::<W>(data) });
    RawWaker::new(Arc::into_raw(count).cast(), vtable::<W>())
}

unsafe fn wake<W: Wake>(data: *const ()) {
    // SAFETY: `wake` ends its waker, so the count is there to take.
    unsafe { owned::<W>(data) }.wake();
}

unsafe fn wake_by_ref<W: Wake>(data: *const ()) {
    // SAFETY: a vtable's functions are called for wakers that live; what is lent is used
    // by reference and never dropped.
    unsafe { lent::<W>(data) }.wake_by_ref();
}

unsafe fn drop_count<W>(data: *const ()) {
    // SAFETY: `drop` ends its waker, so the count is there to take.
    drop(unsafe { owned::<W>(data) });
}
