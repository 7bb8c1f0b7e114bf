//! Where a task can be reached from outside: what both kinds of handle are made of.
//!
//! # How it works
//! At home an address leads to the slot. From elsewhere it leads to the inbox, and what
//! is asked there is answered in the runtime's next turn.
//!
//! # Invariants
//! 1. A request is for the whole `Id`: a stale address never reaches a stranger.
//!
//! # Layer
//! 4: uses tasks, seats and the inbox.

use std::fmt;
use std::rc::Rc;
use std::sync::atomic::AtomicU8;
use std::sync::atomic::Ordering::{Acquire, Release};
use std::sync::{Arc, OnceLock};

use super::seat::Seat;
use super::{HOMES, Id, Tasks};
use crate::waker::{Homes, Key, RuntimeId, ask, inbox_of};

/// How to reach one task.
#[derive(Clone)]
pub(super) struct Address {
    pub(super) runtime: RuntimeId,
    pub(super) id: Id,
    pub(super) place: Place,
    /// What home was last asked about the task's end, from elsewhere.
    inquiry: OnceLock<Arc<AtomicU8>>,
}

/// Where the output will be.
#[derive(Clone)]
pub(super) enum Place {
    /// In the slot.
    Slot(Key),
    /// In a seat.
    Seat(Arc<Seat>),
}

/// An inquiry has no answer yet.
const ASKED: u8 = 0;
/// The answer was: it is not finished.
const ALIVE: u8 = 1;
/// The answer was: it is finished.
const FINISHED: u8 = 2;

impl Address {
    /// The address of the task `id` of `runtime`.
    pub(super) fn new(runtime: RuntimeId, id: Id, place: Place) -> Address {
        Address {
            runtime,
            id,
            place,
            inquiry: OnceLock::new(),
        }
    }

    /// The tasks of the runtime, if this thread is its home.
    pub(super) fn at_home(&self) -> Option<Rc<Tasks>> {
        HOMES.with(|homes| Homes::of(homes, self.runtime))
    }

    /// Runs `request` on the runtime's tasks: at once at home, else in its next turn. It
    /// is dropped unrun where the runtime has ended.
    pub(super) fn ask(&self, request: impl FnOnce(&Tasks) + Send + 'static) {
        ask(&HOMES, self.runtime, request);
    }

    /// Asks for the task to be aborted.
    pub(super) fn abort(&self) {
        let key = match &self.place {
            Place::Slot(key) => Some(*key),
            Place::Seat(seat) => seat.abort(),
        };
        if let Some(key) = key {
            let id = self.id;
            self.ask(move |tasks| tasks.abort(key, id));
        }
    }

    /// Whether the task has ended, as far as this thread can know.
    pub(super) fn is_finished(&self) -> bool {
        match (&self.place, self.at_home()) {
            (Place::Seat(seat), _) => seat.is_filled(),
            (Place::Slot(key), Some(tasks)) => tasks.is_finished(*key, self.id),
            (Place::Slot(key), None) => self.inquire(*key),
        }
    }

    /// The last answer from home; asks again where that was "not yet".
    fn inquire(&self, key: Key) -> bool {
        if inbox_of(self.runtime).is_none() {
            return true;
        }
        let first = self.inquiry.get().is_none();
        let inquiry = self.inquiry.get_or_init(|| Arc::new(AtomicU8::new(ASKED)));
        // Acquire: what the task did before its end is visible after a yes.
        let answer = inquiry.load(Acquire);
        if first || answer == ALIVE {
            inquiry.store(ASKED, Release);
            let (inquiry, id) = (Arc::clone(inquiry), self.id);
            self.ask(move |tasks| {
                let finished = tasks.is_finished(key, id);
                // Release: pairs with the load above.
                inquiry.store(if finished { FINISHED } else { ALIVE }, Release);
            });
        }
        answer == FINISHED
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
