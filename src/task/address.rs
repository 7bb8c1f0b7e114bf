//! Where a task can be reached from outside: what both kinds of handle are made of.
//!
//! # How it works
//! At home an address leads to the slot. From elsewhere it leads to the inbox, and what
//! is asked there is done in the runtime's next turn.
//!
//! # Invariants
//! 1. A request is for the whole `Id`: a stale address never reaches a stranger.
//!
//! # Layer
//! 4: uses tasks, seats and the inbox.

use std::fmt;
use std::sync::{Arc, OnceLock};

use super::seat::{Place, Seat};
use super::{HOMES, Id, Tasks};
use crate::waker::{Homes, Key, RuntimeId, ask, inbox_of};

/// How to reach one task.
#[derive(Clone)]
pub(super) struct Address {
    /// `NOWHERE` for a task that was spawned before its runtime was known.
    pub(super) runtime: RuntimeId,
    pub(super) id: Id,
    /// The slot; without meaning for a task that was spawned from elsewhere, or too
    /// early, whose seat learns it when there is a slot.
    pub(super) key: Key,
    /// What is shared with home, once something is.
    pub(super) seat: OnceLock<Arc<Seat>>,
}

impl Address {
    /// The address of the task `id` of `runtime`, in the slot of `key`.
    #[inline]
    pub(super) fn slot(runtime: RuntimeId, id: Id, key: Key) -> Address {
        Address {
            runtime,
            id,
            key,
            seat: OnceLock::new(),
        }
    }

    /// The address of the task `id` of `runtime`, whose output goes into `seat`.
    pub(super) fn seat(runtime: RuntimeId, id: Id, seat: Arc<Seat>) -> Address {
        let nowhere = Key::new(runtime, id.get(), 0);
        let address = Address::slot(runtime, id, nowhere);
        address.seat.get_or_init(|| seat);
        address
    }

    /// The address for an abort handle: with the seat only where there is no slot.
    pub(super) fn for_abort(&self) -> Address {
        match self.seat.get() {
            Some(seat) => Address::seat(self.runtime, self.id, Arc::clone(seat)),
            None => Address::slot(self.runtime, self.id, self.key),
        }
    }

    /// Asks for the task to be aborted.
    pub(super) fn abort(&self) {
        let place = match self.seat.get() {
            Some(seat) => seat.abort(),
            None => Some(self.slot_place()),
        };
        if let Some(Place { runtime, key }) = place {
            let id = self.id;
            ask(&HOMES, runtime, move |tasks| tasks.abort(key, id));
        }
    }

    /// Says that nobody will ask for the output.
    #[inline(never)]
    pub(super) fn detach(&self) {
        let (key, id) = (self.key, self.id);
        ask(&HOMES, self.runtime, move |tasks: &Tasks| {
            tasks.detach(key, id)
        });
    }

    /// Whether the task has ended, as far as this thread can know.
    pub(super) fn is_finished(&self) -> bool {
        let place = match self.seat.get() {
            Some(seat) => seat.place(),
            None => Some(self.slot_place()),
        };
        if let Some(Place { runtime, key }) = place
            && let Some(tasks) = HOMES.with(|homes| Homes::of(homes, runtime))
        {
            return tasks.is_finished(key, self.id);
        }
        let seat = self.seat.get_or_init(|| Seat::new(self.id, place));
        self.ask_whether_finished(seat, place);
        seat.is_finished()
    }

    /// Asks home, unless the answer is promised, known or on its way.
    fn ask_whether_finished(&self, seat: &Arc<Seat>, place: Option<Place>) {
        let Some(Place { runtime, .. }) = place.filter(|_| !seat.is_promised())
        else {
            return;
        };
        if inbox_of(runtime).is_none() {
            return seat.answer(true);
        }
        if let Some(key) = seat.inquire() {
            let (seat, id) = (Arc::clone(seat), self.id);
            ask(&HOMES, runtime, move |tasks: &Tasks| {
                seat.answer(tasks.is_finished(key, id));
            });
        }
    }

    fn slot_place(&self) -> Place {
        let Address { runtime, key, .. } = *self;
        Place { runtime, key }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Address")
            .field("runtime", &self.runtime)
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
