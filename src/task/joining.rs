//! The ways of an output out of its slot: to a handle that looks for it there, to a seat,
//! or nowhere.
//!
//! # Layer
//! 4: uses tasks, slots and seats.

use std::any::Any;

use super::seat::Promise;
use super::slot::{BoxedBody, Foreign, Joiner};
use super::{Id, Tasks, quietly};
use crate::waker::Key;

/// What a handle finds when it looks into its slot.
#[must_use]
pub(super) enum Found {
    /// The task is done: take the output out of this body.
    Output(BoxedBody),
    /// The joiner is in place.
    Waiting,
    /// There is no such task any more.
    Gone,
}

/// What a handle finds that looks in a hurry.
#[must_use]
pub(super) enum Quick {
    /// The task is done, and the output has been moved.
    Fetched,
    /// As [`Found::Waiting`].
    Waiting,
    /// It must take its time.
    Rare,
}

impl Tasks {
    /// Looks for the output of the task `id` on behalf of `task`, which is one of this
    /// runtime, and moves it to `into`: no foreign code, no clone, no allocation.
    #[inline(always)]
    pub(super) fn join_quickly(
        &self,
        key: Key,
        id: Id,
        task: Key,
        into: &mut dyn Any,
    ) -> Quick {
        let slots = &mut self.state.borrow_mut().slots;
        let quick = match slots.tenant(key, id) {
            Some(slot) if !slot.is_done() => {
                if slot.wait(task) {
                    return Quick::Waiting;
                }
                false
            }
            Some(_) => slots.fetch(key.slot(), into),
            None => false,
        };
        if quick { Quick::Fetched } else { Quick::Rare }
    }

    /// Looks for the output of the task `id`; if it is not there yet, `waker` is told
    /// when it is.
    pub(super) fn join(&self, key: Key, id: Id, waker: Foreign) -> Found {
        let (found, unwanted) = self.replace_joiner(key, id, Some(waker));
        drop(unwanted);
        found
    }

    /// The handle of the task `id` is gone: nobody will ask for the output.
    pub(super) fn detach(&self, key: Key, id: Id) {
        // Dropped here, after the borrow: an output and a waker are foreign.
        let left = self.replace_joiner(key, id, None);
        quietly(|| drop(left));
    }

    /// The handle of the task `id` went elsewhere: the output is to be put into a seat.
    pub(super) fn reseat(&self, key: Key, id: Id, promise: Promise) {
        let promise = Foreign::Seat(promise);
        let (found, foreign) = self.replace_joiner(key, id, Some(promise));
        let body = match found {
            Found::Output(body) => Some(body),
            Found::Waiting | Found::Gone => None,
        };
        Left { body, foreign }.settle();
    }

    /// Makes `foreign`, or nobody, the joiner, and returns the foreign one before. Where
    /// there is nothing to wait for, `foreign` comes back.
    pub(super) fn replace_joiner(
        &self,
        key: Key,
        id: Id,
        foreign: Option<Foreign>,
    ) -> (Found, Option<Foreign>) {
        let slots = &mut self.state.borrow_mut().slots;
        match slots.tenant(key, id).map(|slot| slot.is_done()) {
            Some(true) => match slots.remove(key.slot()) {
                Some(body) => (Found::Output(body), foreign),
                None => (Found::Gone, foreign),
            },
            Some(false) => {
                let joiner = foreign.map_or(Joiner::Nobody, |it| slots.admit(it));
                let before = slots.at(key.slot()).set_joiner(joiner);
                (Found::Waiting, slots.dismiss(before))
            }
            None => (Found::Gone, foreign),
        }
    }

    /// Whether the task `id` has ended.
    pub(super) fn is_finished(&self, key: Key, id: Id) -> bool {
        let slots = &mut self.state.borrow_mut().slots;
        slots.tenant(key, id).is_none_or(|slot| slot.is_done())
    }
}

/// What is left of a task that has ended, to be settled unborrowed.
pub(super) struct Left {
    pub(super) body: Option<BoxedBody>,
    pub(super) foreign: Option<Foreign>,
}

impl Left {
    /// Wakes a waker, keeps a promise, drops what nobody wants.
    pub(super) fn settle(self) {
        let Left { body, foreign } = self;
        quietly(|| match (foreign, body) {
            (Some(Foreign::Waker(waker)), _) => waker.wake(),
            (Some(Foreign::Seat(promise)), Some(mut body)) => {
                promise.keep(body.as_mut());
            }
            // A promise without a body is broken by this drop.
            (foreign, body) => drop((foreign, body)),
        });
    }
}
