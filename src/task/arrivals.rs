//! Tasks that come into their runtime with a seat: their handles were there before them.
//!
//! # Layer
//! 4: uses tasks and seats.

use std::panic::Location;

use super::seat::{Place, Promise};
use super::slot::{BoxedBody, Foreign};
use super::{Id, Tasks};
use crate::waker::Key;

impl Tasks {
    /// Takes a task in that was spawned elsewhere, and schedules it.
    ///
    /// # Errors
    /// The body comes back once the runtime's end has begun.
    pub(super) fn start_seated(
        &self,
        id: Id,
        body: BoxedBody,
        promise: Promise,
        at: &'static Location<'static>,
    ) -> Result<Key, (BoxedBody, Promise)> {
        if self.is_closed() {
            return Err((body, promise));
        }
        let key = self.take_in(id, body, at);
        // A slot that has just been given a tenant has no joiner to replace.
        let promise = Foreign::Seat(promise);
        let (_waiting, _nobody) = self.replace_joiner(key, id, Some(promise));
        Ok(key)
    }

    /// Takes in, and schedules, a task whose handle has been waiting for a slot.
    ///
    /// # Errors
    /// The body comes back once the runtime's end has begun.
    pub(super) fn start_late(
        &self,
        id: Id,
        body: BoxedBody,
        at: &'static Location<'static>,
    ) -> Result<Place, BoxedBody> {
        if self.is_closed() {
            return Err(body);
        }
        let key = self.take_in(id, body, at);
        Ok(self.place(key))
    }
}
