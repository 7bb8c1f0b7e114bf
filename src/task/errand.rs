//! A task that is a closure: run once, on some other thread, from its start to its end.
//!
//! It never has a slot. Its handle sits in a [seat](super::seat) from the start, and
//! whoever runs the errand fills it.
//!
//! # Layer
//! 4: uses seats, addresses and ids.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::address::Address;
use super::body::Parcel;
use super::id::draw_one;
use super::join_error::Payload;
use super::seat::{Promise, Seat};
use super::{Id, JoinError, JoinHandle, polled, quietly};
use crate::waker::{Key, OutsideWork, RuntimeId};

/// A closure on its way to a thread that runs it. Dropped unrun, it is cancelled.
pub(crate) struct Errand {
    id: Id,
    /// Before the promise, so that its handle speaks after what it holds is gone.
    act: Box<dyn FnOnce(Id) -> Parcel + Send>,
    promise: Promise,
    /// After the promise: the runtime counts it until its handle has been told.
    _work: OutsideWork,
}

impl Errand {
    /// The errand of running `act` for `runtime`, and the handle for its output.
    pub(crate) fn new<F, T>(runtime: RuntimeId, act: F) -> (Errand, JoinHandle<T>)
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        let id = draw_one();
        let seat = Seat::new(id, None);
        let errand = Errand {
            id,
            act: Box::new(move |id| match catch_unwind(AssertUnwindSafe(act)) {
                Ok(output) => Ok(Box::new(output)),
                Err(payload) => Err(JoinError::panic(id, payload)),
            }),
            promise: Promise::new(&seat),
            _work: OutsideWork::begin(runtime),
        };
        (errand, JoinHandle::seated(Address::seat(runtime, id, seat)))
    }

    /// Runs it here, unless it has been aborted. Its panic goes to its handle.
    pub(crate) fn run(self) {
        if self.promise.is_aborted() {
            return self.cancel();
        }
        polled::begin(self.id, Key::NOBODY);
        let parcel = (self.act)(self.id);
        polled::end();
        quietly(|| self.promise.fill(parcel));
    }

    /// Drops it unrun; the handle says cancelled.
    pub(crate) fn cancel(self) {
        quietly(|| drop(self));
    }

    /// Drops it unrun; the handle says that it panicked with `payload`.
    pub(crate) fn fail(self, payload: Payload) {
        quietly(|| drop(self.act));
        let error = JoinError::panic(self.id, payload);
        quietly(|| self.promise.fill(Err(error)));
    }
}

impl fmt::Debug for Errand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Errand")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
