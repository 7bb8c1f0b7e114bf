//! A waker that is told when it is cloned and when it is woken.
//!
//! The clone is the moment between a machine's look and the word that it leaves, or one
//! very near to it. Only a waker with a vtable of its own has a say in it; the next
//! chapter makes one line by line.
#![expect(unsafe_code, reason = "a waker with a say in its clone needs a vtable")]

use std::sync::Arc;

use kettle::machinery::{RawWaker, RawWakerVTable, Waker};

/// What happens to a waker.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Happening {
    Clone,
    Wake,
}

type Say = Box<dyn Fn(Happening) + Send + Sync>;

/// A waker that calls `say` before it is cloned, and when it is woken.
pub(crate) fn spy(say: impl Fn(Happening) + Send + Sync + 'static) -> Waker {
    let say: Arc<Say> = Arc::new(Box::new(say));
    // SAFETY: the vtable asks for a pointer from `Arc::<Say>::into_raw` that owns one
    // count, which this is; `Say` is `Send + Sync`, so the waker may go to any thread.
    unsafe { Waker::from_raw(RawWaker::new(Arc::into_raw(say).cast(), &VTABLE)) }
}

static VTABLE: RawWakerVTable =
    RawWakerVTable::new(clone, wake, wake_by_ref, drop_it);

fn clone(data: *const ()) -> RawWaker {
    borrowed(data)(Happening::Clone);
    // SAFETY: as for `borrowed`; the count taken here belongs to the new waker.
    unsafe { Arc::increment_strong_count(data.cast::<Say>()) };
    RawWaker::new(data, &VTABLE)
}

fn wake(data: *const ()) {
    owned(data)(Happening::Wake);
}

fn wake_by_ref(data: *const ()) {
    borrowed(data)(Happening::Wake);
}

fn drop_it(data: *const ()) {
    drop(owned(data));
}

fn borrowed<'a>(data: *const ()) -> &'a Say {
    // SAFETY: only `Waker` calls the vtable's functions, with the pointer of a waker that
    // lives; that waker owns a count, so the `Say` lives as long as the call.
    unsafe { &*data.cast::<Say>() }
}

fn owned(data: *const ()) -> Arc<Say> {
    // SAFETY: only `Waker` calls `wake` and `drop`, once, at the end of a waker's life;
    // the count that the waker owned goes to the `Arc` made here.
    unsafe { Arc::from_raw(data.cast::<Say>()) }
}
