//! A seat: where a task's output is put for a handle on another thread.
//!
//! At home a handle looks into the slot. From elsewhere it cannot, so the two sides share
//! a seat behind a lock: home holds the [`Promise`] to fill it, the handle the other end.
//! Outputs of spawned tasks are `Send`, so they may make the journey.
//!
//! # Invariants
//! 1. A seat is filled exactly once: a promise that is dropped unkept fills it with
//!    "cancelled". Only a promise that is taken back leaves it empty.
//! 2. Wakers and outputs are dropped, and wakers woken, after the lock is released.
//!
//! # Layer
//! 4: uses bodies and keys.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Waker};

use super::body::Parcel;
use super::{Body, Id, JoinError, quietly};
use crate::waker::{Key, RuntimeId};

/// Where a task is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) runtime: RuntimeId,
    pub(super) key: Key,
}

/// What home and a handle elsewhere share.
pub(super) struct Seat {
    id: Id,
    state: Mutex<State>,
}

struct State {
    /// The output, from when it is there until it is fetched.
    parcel: Option<Parcel>,
    filled: bool,
    /// Home has said that the task has ended, whether or not its output comes here.
    finished: bool,
    /// Home has been asked to say more.
    owed: bool,
    /// Somebody has promised to fill it.
    promised: bool,
    /// The task that waits for it.
    waker: Option<Waker>,
    /// Where the task is, once home has given it a slot.
    place: Option<Place>,
    /// An abort came before the task had a slot.
    aborted: bool,
    /// The handle is gone: nobody will fetch the output.
    abandoned: bool,
}

impl Seat {
    /// An empty seat for the output of the task `id`, which lives in `place` or has no
    /// slot yet.
    pub(super) fn new(id: Id, place: Option<Place>) -> Arc<Seat> {
        let state = Mutex::new(State {
            parcel: None,
            filled: false,
            finished: false,
            owed: false,
            promised: false,
            waker: None,
            place,
            aborted: false,
            abandoned: false,
        });
        Arc::new(Seat { id, state })
    }

    /// The output, once it is there; it is fetched once.
    pub(super) fn poll(&self, cx: &mut Context<'_>) -> Poll<Option<Parcel>> {
        let fresh = cx.waker().clone();
        let mut state = self.lock();
        if state.filled {
            let parcel = state.parcel.take();
            drop(state);
            drop(fresh);
            return Poll::Ready(parcel);
        }
        let old = state.waker.replace(fresh);
        drop(state);
        drop(old);
        Poll::Pending
    }

    /// Whether the task has ended, as far as home has said.
    pub(super) fn is_finished(&self) -> bool {
        let state = self.lock();
        state.filled || state.finished
    }

    /// Whether it will be filled in any case, so that there is nobody to ask.
    pub(super) fn is_promised(&self) -> bool {
        self.lock().promised
    }

    /// The key to ask home about, unless the answer is known or on its way.
    pub(super) fn inquire(&self) -> Option<Key> {
        let mut state = self.lock();
        if state.finished || state.promised || state.owed {
            return None;
        }
        state.owed = state.place.is_some();
        state.place.map(|place| place.key)
    }

    /// Home answers an inquiry.
    pub(super) fn answer(&self, finished: bool) {
        let mut state = self.lock();
        state.finished = finished;
        state.owed = false;
    }

    /// Where the task is, once it has a slot; until then, who polls is woken when it has
    /// one, or will never have one: then there is `None`, and the seat is filled.
    pub(super) fn poll_place(&self, cx: &mut Context<'_>) -> Poll<Option<Place>> {
        let fresh = cx.waker().clone();
        let mut state = self.lock();
        if state.place.is_some() || state.filled {
            let place = state.place;
            drop(state);
            drop(fresh);
            return Poll::Ready(place);
        }
        let old = state.waker.replace(fresh);
        drop(state);
        drop(old);
        Poll::Pending
    }

    /// Where the task is, once it has a slot.
    pub(super) fn place(&self) -> Option<Place> {
        self.lock().place
    }

    /// The handle is gone: drops the output that is there, or lets `fill` drop the one
    /// that comes. Abort handles keep the seat, and the output must not wait for them.
    pub(super) fn abandon(&self) {
        let mut state = self.lock();
        state.abandoned = true;
        let unwanted = (state.parcel.take(), state.waker.take());
        drop(state);
        drop(unwanted);
    }

    /// Asks for the task to be aborted: at the place that is returned, or, without one, by
    /// home as soon as it gives the task a slot.
    pub(super) fn abort(&self) -> Option<Place> {
        let mut state = self.lock();
        state.aborted = true;
        state.place
    }

    /// The task has a slot now; true if an abort has been asked for in the meantime.
    #[must_use]
    pub(super) fn moved_in(&self, place: Place) -> bool {
        let mut state = self.lock();
        state.place = Some(place);
        state.aborted
    }

    fn fill(&self, parcel: Parcel) {
        let mut state = self.lock();
        state.filled = true;
        let unwanted = match state.abandoned {
            true => Some(parcel),
            false => state.parcel.replace(parcel),
        };
        let waker = state.waker.take();
        drop(state);
        drop(unwanted);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state
            .lock()
            .expect("nothing that can panic runs under a seat's lock")
    }
}

/// What was asked of a task before it had a slot.
#[must_use]
pub(super) struct Wishes {
    pub(super) abort: bool,
    pub(super) detach: bool,
}

/// Home's side of a seat: the promise to fill it.
pub(super) struct Promise {
    seat: Arc<Seat>,
}

impl Promise {
    /// The promise to fill `seat`; there is one for each seat.
    pub(super) fn new(seat: &Arc<Seat>) -> Promise {
        let seat = Arc::clone(seat);
        seat.lock().promised = true;
        Promise { seat }
    }

    /// Fills the seat with the output of `body`.
    pub(super) fn keep(self, body: Pin<&mut dyn Body>) {
        if let Some(parcel) = body.take_away() {
            self.seat.fill(parcel);
        }
    }

    /// Fills the seat with `parcel`.
    pub(super) fn fill(self, parcel: Parcel) {
        self.seat.fill(parcel);
    }

    /// Whether an abort has been asked for.
    pub(super) fn is_aborted(&self) -> bool {
        self.seat.lock().aborted
    }

    /// Takes the promise back: the task has a slot now, and the output waits there.
    /// Returns what has been asked for in the meantime.
    pub(super) fn take_back(&self, place: Place) -> Wishes {
        let mut state = self.seat.lock();
        state.promised = false;
        state.place = Some(place);
        let wishes = Wishes {
            abort: state.aborted,
            detach: state.abandoned,
        };
        let waker = state.waker.take();
        drop(state);
        if let Some(waker) = waker {
            quietly(|| waker.wake());
        }
        wishes
    }

    /// The seat that is promised.
    pub(super) fn seat(&self) -> &Arc<Seat> {
        &self.seat
    }
}

impl Drop for Promise {
    fn drop(&mut self) {
        let state = self.seat.lock();
        let unkept = state.promised && !state.filled;
        drop(state);
        if unkept {
            self.seat.fill(Err(JoinError::cancelled(self.seat.id)));
        }
    }
}
