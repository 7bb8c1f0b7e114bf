//! The slab of one runtime's tasks, and its run queue.
//!
//! This is the scheduler's whole state, and it is plain data: each method borrows it,
//! makes one transition, and returns what foreign code is to be run, which the caller
//! runs after the borrow has ended.
//!
//! The run queue stands here and not with the executor, because waking, aborting and
//! spawning change a slot and the queue together: in one borrow, in one place.
//!
//! # Layer
//! 4: uses slots, keys and wakers.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::panic::Location;
use std::pin::Pin;
use std::rc::Rc;

use super::body::house;
use super::id::Ids;
use super::joining::Left;
use super::seat::Place;
use super::slot::{BoxedBody, Joiner};
use super::slots::Slots;
use super::{Body, Id};
use crate::rng;
use crate::trace::{self, Event};
use crate::waker::{Census, Homes, Key, RuntimeId};

thread_local! {
    /// The tasks of the runtimes at home on this thread.
    pub(crate) static HOMES: Homes<Tasks> = const { Homes::new() };
}

/// All tasks of one runtime.
pub(crate) struct Tasks {
    pub(super) runtime: RuntimeId,
    ids: Ids,
    /// No task is taken in any more: the end has begun.
    pub(super) closed: Cell<bool>,
    pub(super) state: RefCell<State>,
}

/// What changes together, in one borrow.
#[derive(Default)]
pub(super) struct State {
    pub(super) slots: Slots,
    census: Census,
}

impl State {
    #[inline]
    fn wake(&mut self, key: Key) {
        if let Some((id, queued)) = self.slots.wake(key) {
            let task = id.traced();
            trace::emit(|by| Event::Wake { task, queued, by });
        }
    }
}

/// What the loop must do next.
#[must_use]
pub(crate) enum Next {
    /// Give this task its turn.
    Run(Turn),
    /// Poll the main future, then call `pend_main`.
    Main,
    /// The queue is empty.
    Nothing,
}

/// A task, out of its slot for its turn.
pub(crate) struct Turn {
    pub(crate) key: Key,
    pub(crate) id: Id,
    /// To be handed back by `pend` or `end`.
    pub(crate) body: BoxedBody,
    /// The future is to be cancelled, and not polled.
    pub(crate) aborted: bool,
}

impl Tasks {
    /// No tasks, for `runtime`.
    pub(crate) fn new(runtime: RuntimeId) -> Rc<Tasks> {
        Rc::new(Tasks {
            runtime,
            ids: Ids::default(),
            closed: Cell::new(false),
            state: RefCell::default(),
        })
    }

    /// Takes `life` in as a task for a handle at home, and schedules it. Once the
    /// runtime's end has begun, `life` stays where it is.
    #[inline(always)]
    pub(super) fn start<L: Body + 'static>(
        &self,
        life: &mut Option<L>,
        at: &'static Location<'static>,
    ) -> Option<(Id, Key)> {
        if self.closed.get() {
            return None;
        }
        let id = self.ids.draw();
        let state = &mut *self.state.borrow_mut();
        state.census.spawned += 1;
        let (slot, place) = state.slots.insert(id, Joiner::Handle);
        house(place, life);
        Some((id, self.announce(id, slot, Some(at))))
    }

    /// Whether the end has begun.
    pub(super) fn is_closed(&self) -> bool {
        self.closed.get()
    }

    /// The place of the task with this key.
    pub(super) fn place(&self, key: Key) -> Place {
        let runtime = self.runtime;
        Place { runtime, key }
    }

    /// As `start`, for a body that is there already.
    pub(super) fn start_boxed<L: Body + 'static>(
        &self,
        body: &mut Option<Pin<Box<L>>>,
        at: &'static Location<'static>,
    ) -> Option<(Id, Key)> {
        if self.closed.get() {
            return None;
        }
        let id = self.ids.draw();
        Some((id, self.take_in(id, body.take()?, at)))
    }

    /// Takes a main future in and schedules it.
    pub(crate) fn insert_main(&self) -> (Key, Id) {
        let id = self.ids.draw();
        let slots = &mut self.state.borrow_mut().slots;
        let (slot, place) = slots.insert(id, Joiner::Nobody);
        *place = None;
        (self.announce(id, slot, None), id)
    }

    /// Takes a task in that has a body already, and schedules it.
    pub(super) fn take_in(
        &self,
        id: Id,
        body: BoxedBody,
        at: &'static Location<'static>,
    ) -> Key {
        let state = &mut *self.state.borrow_mut();
        state.census.spawned += 1;
        let (slot, place) = state.slots.insert(id, Joiner::Handle);
        *place = Some(body);
        self.announce(id, slot, Some(at))
    }

    /// The key of the task in `slot`, which is new; only a main future is spawned nowhere.
    #[inline]
    fn announce(
        &self,
        id: Id,
        slot: usize,
        at: Option<&'static Location<'static>>,
    ) -> Key {
        let task = id.traced();
        trace::emit(|by| Event::Spawn { task, by, at });
        Key::new(self.runtime, id.get(), slot)
    }

    /// Schedules the task of `key`, unless it is gone, done or scheduled already.
    #[inline]
    pub(crate) fn wake(&self, key: Key) {
        self.state.borrow_mut().wake(key);
    }

    /// Asks memory for tasks that are to be woken together, and run soon after: for all of
    /// them at once, where each wake and each poll would wait for its own.
    pub(crate) fn look_ahead(&self, keys: impl Iterator<Item = Key> + Clone) {
        let numbers = keys.map(|key| key.slot());
        self.state.borrow().slots.look_ahead(numbers);
    }

    /// Marks the task `id` as aborted and schedules it; what is done stays done.
    pub(crate) fn abort(&self, key: Key, id: Id) {
        let slots = &mut self.state.borrow_mut().slots;
        if slots.tenant(key, id).is_some() {
            let task = id.traced();
            trace::emit(|by| Event::Abort { task, by });
            slots.abort(key.slot());
        }
    }

    /// How many tasks there have been, and how many have ended.
    pub(crate) fn census(&self) -> Census {
        self.state.borrow().census
    }

    /// Whether nothing is scheduled.
    pub(crate) fn is_idle(&self) -> bool {
        self.state.borrow().slots.is_idle()
    }

    /// Puts what is scheduled into an order that the thread's generator picks.
    pub(crate) fn shuffle(&self) {
        let slots = &mut self.state.borrow_mut().slots;
        let mut queue: Vec<u32> = slots.scheduled().collect();
        for at in (1..queue.len()).rev() {
            let other = rng::below(at as u32 + 1);
            queue.swap(at, other as usize);
        }
        slots.reorder(&queue);
    }

    /// Takes the next task for its turn.
    // This, `pend`, `end` and `mark_ended` are inlined into the loop: what they pass on
    // then stays in registers, which is a tenth of a spawn and await.
    #[inline(always)]
    pub(crate) fn next(&self) -> Next {
        let mut state = self.state.borrow_mut();
        let Some((number, slot)) = state.slots.pop() else {
            return Next::Nothing;
        };
        slot.begin();
        let (Some(body), Some(id)) = (slot.take_body(), slot.id()) else {
            return Next::Main;
        };
        let key = Key::new(self.runtime, id.get(), number);
        let aborted = slot.is_aborted();
        drop(state);
        Next::Run(Turn {
            key,
            id,
            body,
            aborted,
        })
    }

    /// The task waits: puts its body back, and schedules it again if it was `woken` in
    /// its poll.
    #[inline(always)]
    pub(crate) fn pend(&self, key: Key, body: BoxedBody, woken: bool) {
        let slots = &mut self.state.borrow_mut().slots;
        slots.pend(key.slot(), Some(body), woken);
    }

    /// The main future waits.
    pub(crate) fn pend_main(&self, key: Key, woken: bool) {
        let slots = &mut self.state.borrow_mut().slots;
        slots.pend(key.slot(), None, woken);
    }

    /// The task has ended: keeps its output for its handle and wakes it, or sends it to
    /// its seat, or drops it.
    #[inline(always)]
    pub(crate) fn end(&self, key: Key, body: BoxedBody) {
        if let Some(left) = self.mark_ended(key, body) {
            left.settle();
        }
    }

    /// Returns what foreign code is to be run, if any.
    #[inline(always)]
    fn mark_ended(&self, key: Key, body: BoxedBody) -> Option<Left> {
        let state = &mut *self.state.borrow_mut();
        state.census.ended += 1;
        match state.slots.at(key.slot()).end(body) {
            Joiner::Handle => None,
            Joiner::Task(waiting) => {
                state.wake(waiting);
                None
            }
            joiner => Some(state.slots.leave(key.slot(), joiner)),
        }
    }

    /// The main future is over, or `block_on` was left by a panic.
    pub(crate) fn remove_main(&self, key: Key) {
        let none = self.state.borrow_mut().slots.remove(key.slot());
        debug_assert!(none.is_none(), "a main future's body is not in its slot");
    }
}

impl fmt::Debug for Tasks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Tasks");
        out.field("runtime", &self.runtime);
        if let Ok(state) = self.state.try_borrow() {
            out.field("alive", &state.slots.alive());
            out.field("idle", &state.slots.is_idle());
        }
        out.finish_non_exhaustive()
    }
}
