//! A waker before anybody promised that it works: a pointer and four functions.
//!
//! A waker must be able to point at anything an executor wants, and be copied into
//! foreign hands without a type parameter. A `dyn Wake` in a box would do that with an
//! allocation for each clone. A table of functions leaves the choice to the executor: its
//! pointer may count references, or be a plain number.
//!
//! # Layer
//! 0: uses nothing of Kettle.

/// What a waker points to, and what to do with it.
#[derive(Clone, Copy, Debug)]
pub struct RawWaker {
    /// Means what the functions of the vtable take it for.
    pub(super) data: *const (),
    pub(super) vtable: &'static RawWakerVTable,
}

impl RawWaker {
    /// Puts both together. That they fit is promised by whoever makes a
    /// [`Waker`](super::Waker) of it.
    pub const fn new(data: *const (), vtable: &'static RawWakerVTable) -> RawWaker {
        RawWaker { data, vtable }
    }
}

/// What an executor's wakers do. Each function gets the `data` of a waker that lives.
#[derive(Debug)]
pub struct RawWakerVTable {
    /// A second waker for the same task.
    pub(super) clone: unsafe fn(*const ()) -> RawWaker,
    /// Wakes, and ends the waker.
    pub(super) wake: unsafe fn(*const ()),
    /// Wakes, and leaves the waker alive.
    pub(super) wake_by_ref: unsafe fn(*const ()),
    /// Ends the waker.
    pub(super) drop: unsafe fn(*const ()),
}

impl RawWakerVTable {
    /// The table of these four.
    pub const fn new(
        clone: unsafe fn(*const ()) -> RawWaker,
        wake: unsafe fn(*const ()),
        wake_by_ref: unsafe fn(*const ()),
        drop: unsafe fn(*const ()),
    ) -> RawWakerVTable {
        RawWakerVTable {
            clone,
            wake,
            wake_by_ref,
            drop,
        }
    }
}
