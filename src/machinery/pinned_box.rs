//! Any pinned future of one output, in a box.
//!
//! A list of different futures needs a type that all of them fit into. For [`Future`]
//! that is `Box<dyn Future>`, and the compiler makes the vtable. For [`PinnedFuture`]
//! there is no `dyn`, so the vtable is made here, with two functions, as a waker's is.
//!
//! # Invariants
//! 1. `data` comes from `Box::into_raw` of a `Box<F>`, and `vtable` is that of the same
//!    `F`. Only `new` sets them.
//! 2. The `F` stays in its box until `drop`, the one function that ends it.
//!
//! # Layer
//! 0: uses nothing of Kettle.
#![expect(unsafe_code, reason = "the box's pointer is a future without its type")]

use std::fmt;
use std::marker::PhantomData;

use super::{Context, Future, Pin, PinnedFuture, Poll};

/// A pinned future whose type is forgotten.
///
/// The box may move, the future in it does not. So it is a [`Future`] of the first kind:
/// an executor of those runs pinned futures too.
#[must_use = "a future does nothing until it is polled"]
pub struct PinnedBox<T: 'static> {
    data: *mut (),
    vtable: &'static VTable<T>,
}

/// What can be done with a future whose type is forgotten.
struct VTable<T> {
    poll: unsafe fn(*mut (), &mut Context<'_>) -> Poll<T>,
    drop: unsafe fn(*mut ()),
}

impl<T> PinnedBox<T> {
    /// Boxes a future.
    pub fn new<F: PinnedFuture<Output = T> + 'static>(future: F) -> PinnedBox<T> {
        PinnedBox {
            data: Box::into_raw(Box::new(future)).cast(),
            vtable: Typed::<F>::VTABLE,
        }
    }
}

impl<T> Future for PinnedBox<T> {
    type Output = T;

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<T> {
        // SAFETY: the vtable is that of the future behind `data` (invariant 1), which
        // lives as long as the box (invariant 2); `&mut self` keeps it to this call.
        unsafe { (self.vtable.poll)(self.data, cx) }
    }
}

impl<T> Drop for PinnedBox<T> {
    fn drop(&mut self) {
        // SAFETY: the vtable is that of the future behind `data` (invariant 1), and
        // nothing else ends it (invariant 2).
        unsafe { (self.vtable.drop)(self.data) }
    }
}

impl<T> fmt::Debug for PinnedBox<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PinnedBox").finish_non_exhaustive()
    }
}

/// The functions of the vtable while the type is still known.
struct Typed<F>(PhantomData<F>);

impl<F: PinnedFuture<Output: 'static> + 'static> Typed<F> {
    const VTABLE: &'static VTable<F::Output> = &VTable {
        poll: Typed::<F>::poll,
        drop: Typed::<F>::drop,
    };

    /// # Safety
    /// `data` must be that of a living `PinnedBox` of this `F`, which nobody else uses.
    unsafe fn poll(data: *mut (), cx: &mut Context<'_>) -> Poll<F::Output> {
        // SAFETY: the pointer is a `Box<F>`'s (invariant 1) and used by nobody else.
        let future = unsafe { &mut *data.cast::<F>() };
        // SAFETY: the future stays in its box until it is dropped there (invariant 2).
        F::poll(unsafe { Pin::new_unchecked(future) }, cx)
    }

    /// # Safety
    /// `data` must be that of a `PinnedBox` of this `F` that ends with this call.
    unsafe fn drop(data: *mut ()) {
        // SAFETY: the pointer comes from `Box::into_raw` (invariant 1), and the caller
        // gives up what it owned.
        drop(unsafe { Box::from_raw(data.cast::<F>()) });
    }
}
