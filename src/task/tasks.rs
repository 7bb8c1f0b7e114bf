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
use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::rc::Rc;
use std::task::Waker;

use slab::Slab;

use super::id::Ids;
use super::seat::Promise;
use super::slot::{BoxedBody, Ended, Joiner, Slot};
use super::{Id, quietly};
use crate::waker::{Homes, Key, RuntimeId};

thread_local! {
    /// The tasks of the runtimes at home on this thread.
    pub(crate) static HOMES: Homes<Tasks> = const { Homes::new() };
}

/// All tasks of one runtime.
pub(crate) struct Tasks {
    runtime: RuntimeId,
    ids: Ids,
    /// No task is taken in any more: the end has begun.
    closed: Cell<bool>,
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    slots: Slab<Slot>,
    /// Keys in order of their wakes (invariant 3 of the module).
    queue: VecDeque<Key>,
}

/// What the loop must do next.
#[must_use]
pub(crate) enum Next {
    /// Give this task its turn.
    Run(Turn),
    /// Poll the main future, then call `pend_main`.
    Main,
    /// The entry was out of date.
    Skip,
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

/// What a handle finds when it looks into its slot.
#[must_use]
pub(super) enum Found {
    /// The task is done: take the output out of this body.
    Output(BoxedBody),
    /// The waker is in place, and this is what it replaced.
    Waiting(Joiner),
    /// There is no such task any more.
    Gone,
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

    /// The runtime whose tasks these are.
    pub(crate) fn runtime(&self) -> RuntimeId {
        self.runtime
    }

    /// An id for a task to come.
    pub(super) fn draw_id(&self) -> Id {
        self.ids.draw()
    }

    /// Takes a task in and schedules it.
    ///
    /// # Errors
    /// The body comes back once the runtime's end has begun.
    ///
    /// # Panics
    /// At 268 million tasks alive.
    pub(super) fn insert(
        &self,
        id: Id,
        body: BoxedBody,
        joiner: Joiner,
    ) -> Result<Key, (BoxedBody, Joiner)> {
        if self.closed.get() {
            return Err((body, joiner));
        }
        Ok(self.take_in(id, Some(body), joiner))
    }

    /// Takes a main future in and schedules it.
    pub(crate) fn insert_main(&self) -> (Key, Id) {
        let id = self.ids.draw();
        (self.take_in(id, None, Joiner::Nobody), id)
    }

    fn take_in(&self, id: Id, body: Option<BoxedBody>, joiner: Joiner) -> Key {
        let State { slots, queue } = &mut *self.state.borrow_mut();
        let entry = slots.vacant_entry();
        assert!(
            entry.key() < Key::SLOTS,
            "a runtime holds at most 268 million tasks; bound the number of spawned \
             tasks, with a semaphore for example"
        );
        let key = Key::new(self.runtime, id.get(), entry.key());
        entry.insert(Slot::new(id, body, joiner));
        queue.push_back(key);
        key
    }

    /// Schedules the task of `key`, unless it is gone, done or scheduled already.
    pub(crate) fn wake(&self, key: Key) {
        let State { slots, queue } = &mut *self.state.borrow_mut();
        if let Some(slot) = slots.get_mut(key.slot())
            && key.fits(slot.id.get())
            && slot.wake()
        {
            queue.push_back(key);
        }
    }

    /// Marks the task `id` as aborted and schedules it; what is done stays done.
    pub(crate) fn abort(&self, key: Key, id: Id) {
        let State { slots, queue } = &mut *self.state.borrow_mut();
        if let Some(slot) = tenant(slots, key, id)
            && slot.abort()
        {
            queue.push_back(key);
        }
    }

    /// Whether nothing is scheduled.
    pub(crate) fn is_idle(&self) -> bool {
        self.state.borrow().queue.is_empty()
    }

    /// Takes the next task for its turn.
    pub(crate) fn next(&self) -> Next {
        let State { slots, queue } = &mut *self.state.borrow_mut();
        let Some(key) = queue.pop_front() else {
            return Next::Nothing;
        };
        let Some(slot) = slots.get_mut(key.slot()) else {
            return Next::Skip;
        };
        if !key.fits(slot.id.get()) || !slot.begin() {
            return Next::Skip;
        }
        match slot.take_body() {
            None => Next::Main,
            Some(body) => Next::Run(Turn {
                key,
                id: slot.id,
                body,
                aborted: slot.is_aborted(),
            }),
        }
    }

    /// The task waits: puts its body back.
    pub(crate) fn pend(&self, key: Key, body: BoxedBody) {
        self.put_back(key, Some(body));
    }

    /// The main future waits.
    pub(crate) fn pend_main(&self, key: Key) {
        self.put_back(key, None);
    }

    fn put_back(&self, key: Key, body: Option<BoxedBody>) {
        let mut state = self.state.borrow_mut();
        state.slots[key.slot()].pend(body);
    }

    /// The task has ended: keeps its output for its handle and wakes it, or sends it to
    /// its seat, or drops it.
    pub(crate) fn end(&self, key: Key, body: BoxedBody) {
        match self.mark_ended(key, body) {
            Ended::Kept(None) => {}
            Ended::Kept(Some(waker)) => quietly(|| waker.wake()),
            Ended::Free(mut body, promise) => quietly(|| {
                if let Some(promise) = promise {
                    promise.keep(body.as_mut());
                }
                drop(body);
            }),
        }
    }

    fn mark_ended(&self, key: Key, body: BoxedBody) -> Ended {
        let slots = &mut self.state.borrow_mut().slots;
        let ended = slots[key.slot()].end(body);
        if matches!(ended, Ended::Free(..)) {
            slots.remove(key.slot());
        }
        ended
    }

    /// The main future is over, or `block_on` was left by a panic.
    pub(crate) fn remove_main(&self, key: Key) {
        self.state.borrow_mut().slots.remove(key.slot());
    }

    /// Looks for the output of the task `id`, and leaves `waker` if it is not there yet.
    pub(super) fn join(&self, key: Key, id: Id, waker: Waker) -> Found {
        let slots = &mut self.state.borrow_mut().slots;
        let Some(slot) = tenant(slots, key, id) else {
            return Found::Gone;
        };
        if slot.is_done() {
            return match slots.remove(key.slot()).take_body() {
                Some(body) => Found::Output(body),
                None => Found::Gone,
            };
        }
        Found::Waiting(slot.set_joiner(Joiner::Waiting(waker)))
    }

    /// The handle of the task `id` is gone: nobody will ask for the output.
    pub(super) fn detach(&self, key: Key, id: Id) {
        // Dropped here, after the borrow: an output and a waker are foreign.
        let (body, joiner) = self.mark_detached(key, id);
        quietly(|| drop((body, joiner)));
    }

    fn mark_detached(
        &self,
        key: Key,
        id: Id,
    ) -> (Option<BoxedBody>, Option<Joiner>) {
        let slots = &mut self.state.borrow_mut().slots;
        match tenant(slots, key, id) {
            Some(slot) if slot.is_done() => {
                (slots.remove(key.slot()).take_body(), None)
            }
            Some(slot) => (None, Some(slot.set_joiner(Joiner::Nobody))),
            None => (None, None),
        }
    }

    /// The handle of the task `id` went elsewhere: the output is to be put into a seat.
    pub(super) fn reseat(&self, key: Key, id: Id, promise: Promise) {
        let (body, joiner) = self.mark_reseated(key, id, Joiner::Seat(promise));
        quietly(|| match (body, joiner) {
            (Some(mut body), Joiner::Seat(promise)) => promise.keep(body.as_mut()),
            // Without a body a promise was handed back unkept, for a task that is gone.
            (_, joiner) => drop(joiner),
        });
    }

    /// Sets the joiner and returns the one before; of a task that is done or gone, the
    /// body, and the joiner unset.
    fn mark_reseated(
        &self,
        key: Key,
        id: Id,
        joiner: Joiner,
    ) -> (Option<BoxedBody>, Joiner) {
        let slots = &mut self.state.borrow_mut().slots;
        match tenant(slots, key, id) {
            Some(slot) if slot.is_done() => {
                (slots.remove(key.slot()).take_body(), joiner)
            }
            Some(slot) => (None, slot.set_joiner(joiner)),
            None => (None, joiner),
        }
    }

    /// Whether the task `id` has ended.
    pub(super) fn is_finished(&self, key: Key, id: Id) -> bool {
        let slots = &mut self.state.borrow_mut().slots;
        tenant(slots, key, id).is_none_or(|slot| slot.is_done())
    }

    /// The end: takes nothing more in, and drops every body, one by one, unborrowed.
    pub(crate) fn close(&self) {
        self.closed.set(true);
        let mut slot = 0;
        while let Some((id, key, mut body)) = self.take_next_body(&mut slot) {
            Pin::as_mut(&mut body).cancel(id);
            self.end(key, body);
        }
        // What is left are outputs that nobody fetched.
        let state = self.state.take();
        for (_, slot) in state.slots {
            quietly(|| drop(slot));
        }
    }

    /// The body of the next task that has not ended, from `slot` on.
    fn take_next_body(&self, slot: &mut usize) -> Option<(Id, Key, BoxedBody)> {
        let slots = &mut self.state.borrow_mut().slots;
        // A freed slot stays free, for nothing is taken in: the capacity is the end.
        while *slot < slots.capacity() {
            let at = *slot;
            *slot += 1;
            if let Some(slot) = slots.get_mut(at).filter(|slot| !slot.is_done())
                && let Some(body) = slot.take_body()
            {
                let key = Key::new(self.runtime, slot.id.get(), at);
                return Some((slot.id, key, body));
            }
        }
        None
    }
}

/// The task `id`, if it is still the one in the slot of `key`.
fn tenant(slots: &mut Slab<Slot>, key: Key, id: Id) -> Option<&mut Slot> {
    slots.get_mut(key.slot()).filter(|slot| slot.id == id)
}

impl fmt::Debug for Tasks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Tasks");
        out.field("runtime", &self.runtime);
        if let Ok(state) = self.state.try_borrow() {
            out.field("alive", &state.slots.len());
            out.field("scheduled", &state.queue.len());
        }
        out.finish_non_exhaustive()
    }
}
