//! A std `Waker` that is nothing but a [`Key`].
//!
//! A `Waker` is a data pointer and a table of four functions. Here the pointer is no
//! pointer but the key's 64 bits, and so cloning copies a word, dropping does nothing,
//! and waking looks the runtime up. There is nothing to count and nothing to free.
//!
//! # Invariants
//! 1. The data of a waker with [`VTABLE`] is the bits of a key; it is never dereferenced.
//!
//! # Layer
//! 4: uses tasks and the registry.
#![expect(
    unsafe_code,
    reason = "std makes a Waker out of a vtable unsafely only"
)]

use std::mem::ManuallyDrop;
use std::ptr::without_provenance;
use std::task::{RawWaker, RawWakerVTable, Waker};

use super::{HOMES, Tasks, polled};
use crate::waker::{Homes, Key, wake_elsewhere};

/// The one table: `will_wake` compares its address, so there must not be two.
static VTABLE: RawWakerVTable = RawWakerVTable::new(clone, wake, wake, drop);

/// The waker of `key`. Dropping it would do nothing, so it is not done.
pub(crate) fn key_waker(key: Key) -> ManuallyDrop<Waker> {
    // SAFETY: `Waker::from_raw` asks that the functions of the table keep the contract
    // of `RawWakerVTable`. The data is a number (invariant 1) that no function follows as
    // a pointer; clones are copies of it, so there is no resource whose ownership could
    // go wrong, and no order of clone, wake and drop that is not allowed. `wake` touches
    // shared state only through thread-locals of the calling thread and through locks,
    // so the waker may be used on any thread.
    ManuallyDrop::new(unsafe { Waker::from_raw(raw(key)) })
}

/// The key in `waker`, if it is one of ours: then it can be kept as a number, and woken
/// without a call through the table.
pub(crate) fn key_of(waker: &Waker) -> Option<Key> {
    std::ptr::eq(waker.vtable(), &VTABLE).then(|| key_in(waker.data()))
}

fn raw(key: Key) -> RawWaker {
    RawWaker::new(without_provenance(key.bits() as usize), &VTABLE)
}

fn clone(data: *const ()) -> RawWaker {
    raw(key_in(data))
}

fn wake(data: *const ()) {
    let key = key_in(data);
    if !polled::wake(key) {
        wake_another(key);
    }
}

#[inline(never)]
fn wake_another(key: Key) {
    let at_home = |homes: &Homes<Tasks>| {
        homes.with_executor(key.executor(), |it| it.wake(key))
    };
    // Where the thread is past its thread-locals, it counts as elsewhere.
    if !HOMES.try_with(at_home).unwrap_or(false) {
        wake_elsewhere(key);
    }
}

fn drop(_: *const ()) {}

fn key_in(data: *const ()) -> Key {
    Key::from_bits(data.addr() as u64)
}
