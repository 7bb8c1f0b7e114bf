//! A local task that is spawned before it is known on which runtime.
//!
//! tokio's `LocalSet` takes tasks in before any runtime exists, and gives out their
//! handles. So such a task waits here with a [seat](super::seat), through which its handle
//! learns where it is when it has got a slot. From then on the handle is a key.
//!
//! # Layer
//! 4: uses bodies, seats and tasks.

use std::fmt;
use std::panic::Location;

use super::body::{Life, Local};
use super::seat::{Promise, Seat};
use super::slot::BoxedBody;
use super::spawn::cancel;
use super::{HOMES, Id, JoinHandle};
use crate::waker::{Homes, RuntimeId};

/// A task without a slot. Dropped before it has started, it is cancelled.
pub(super) struct Late {
    id: Id,
    /// `None` once it has started.
    body: Option<BoxedBody>,
    promise: Promise,
    at: &'static Location<'static>,
}

impl Late {
    /// The task `id` that `future` will be, and its handle.
    #[track_caller]
    pub(super) fn new<F>(id: Id, future: F) -> (Late, JoinHandle<F::Output>)
    where
        F: Future + 'static,
        F::Output: 'static,
    {
        let seat = Seat::new(id, None);
        let late = Late {
            id,
            body: Some(Box::pin(Life::<F, Local>::new(future))),
            promise: Promise::new(&seat),
            at: Location::caller(),
        };
        (late, JoinHandle::late(id, seat))
    }

    /// Gives it a slot in `runtime`, which is at home here. If that has ended, the task
    /// is cancelled.
    pub(super) fn start(mut self, runtime: RuntimeId) {
        let tasks = HOMES.with(|homes| Homes::of(homes, runtime));
        let Some(tasks) = tasks else { return };
        let Some(body) = self.body.take() else { return };
        match tasks.start_late(self.id, body, self.at) {
            Ok(place) => {
                let wishes = self.promise.take_back(place);
                if wishes.abort {
                    tasks.abort(place.key, self.id);
                }
                if wishes.detach {
                    tasks.detach(place.key, self.id);
                }
            }
            Err(body) => self.body = Some(body),
        }
    }
}

impl Drop for Late {
    fn drop(&mut self) {
        if let Some(body) = self.body.take() {
            cancel(self.id, body);
        }
        // The promise goes after the body, so that the handle hears of it when it is gone.
    }
}

impl fmt::Debug for Late {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Late")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
