//! One slot of the slab: a task with its bookkeeping.
//!
//! # Layer
//! 4: uses bodies, seats and keys.

use std::any::Any;
use std::mem;
use std::pin::Pin;
use std::task::Waker;

use super::body::MOST_SPARE;
use super::seat::Promise;
use super::{Body, Id};
use crate::waker::Key;

/// A body on the heap; pinned, because it is a future until it ends.
pub(crate) type BoxedBody = Pin<Box<dyn Body>>;

/// A task's place. Its methods are the transitions, and run no foreign code.
pub(super) struct Slot {
    /// `None` while the slot is free.
    id: Option<Id>,
    state: State,
    /// Set once, by `abort`; acted on when the task's turn comes.
    aborted: bool,
    /// The next slot in the list that this one is in: the run queue, or the free list.
    pub(super) next: u32,
    /// Not here while the task is polled, and never for a main future, whose body lies
    /// on the stack of `block_on`. In a free slot it is empty, and kept for the next.
    body: Option<BoxedBody>,
    /// The joiner, in two parts: as an enum it would be a word longer, for its tag.
    kind: Kind,
    /// What a joiner of that kind carries.
    number: u64,
}

/// A [`Joiner`] without what it carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Handle,
    Nobody,
    Task,
    Foreign,
}

// A task costs this and its body: what there is to know of a million of them is 40 MB.
const _: () = assert!(size_of::<Slot>() == 40);

impl Joiner {
    #[inline]
    fn split(self) -> (Kind, u64) {
        match self {
            Joiner::Handle => (Kind::Handle, 0),
            Joiner::Nobody => (Kind::Nobody, 0),
            Joiner::Task(key) => (Kind::Task, key.bits()),
            Joiner::Foreign(number) => (Kind::Foreign, number as u64),
        }
    }

    #[inline]
    fn join(kind: Kind, number: u64) -> Joiner {
        match kind {
            Kind::Handle => Joiner::Handle,
            Kind::Nobody => Joiner::Nobody,
            Kind::Task => Joiner::Task(Key::from_bits(number)),
            Kind::Foreign => Joiner::Foreign(number as usize),
        }
    }
}

/// Where a task is in its life. The diagram stands in the module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing to do until it is woken. Next: `Scheduled`.
    Idle,
    /// In the run queue. Next: `Running`.
    Scheduled,
    /// Being polled. Next: `Idle`, `Scheduled`, `RunningWoken`, `Done`.
    Running,
    /// Being polled, and to be scheduled after that. Next: `Scheduled`, `Done`.
    RunningWoken,
    /// The body is an output, or gone. Next: none.
    Done,
}

/// Who wants to know how the task ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Joiner {
    /// A handle at home that has not asked yet.
    Handle,
    /// Nobody: the handle was dropped.
    Nobody,
    /// A handle at home, in a task of this very runtime.
    Task(Key),
    /// Somebody else, by the number in [`Slots`](super::slots::Slots).
    Foreign(usize),
}

/// A joiner that is no task of this runtime.
pub(super) enum Foreign {
    /// A handle at home, in something that can be woken.
    Waker(Waker),
    /// A handle elsewhere.
    Seat(Promise),
}

impl Slot {
    /// A free slot.
    pub(super) fn vacant() -> Slot {
        Slot {
            id: None,
            state: State::Done,
            aborted: false,
            next: 0,
            body: None,
            kind: Kind::Nobody,
            number: 0,
        }
    }

    /// A new task moves in, scheduled. Returns the place of its body, where the empty one
    /// of the tenant before may lie; without a body it is a main future.
    #[inline]
    pub(super) fn move_in(
        &mut self,
        id: Id,
        joiner: Joiner,
    ) -> &mut Option<BoxedBody> {
        debug_assert!(self.id.is_none(), "it is free");
        self.id = Some(id);
        self.state = State::Scheduled;
        self.aborted = false;
        (self.kind, self.number) = joiner.split();
        &mut self.body
    }

    /// The task has ended and moves out; its output goes to `into`, and its empty body
    /// stays, if there is `room` for its bytes. False, and nothing happens, where there is
    /// no body.
    #[inline]
    pub(super) fn fetch(&mut self, into: &mut dyn Any, room: &mut usize) -> bool {
        let Some(body) = &mut self.body else {
            return false;
        };
        body.as_mut().take(into);
        let size = size_of_val(&**body);
        if size <= MOST_SPARE && size <= *room {
            *room -= size;
        } else {
            self.body = None;
        }
        self.id = None;
        self.state = State::Done;
        true
    }

    /// The task moves out. Returns the body, if it was still there.
    #[inline]
    #[must_use = "an output is foreign and must be dropped unborrowed"]
    pub(super) fn move_out(&mut self) -> Option<BoxedBody> {
        self.id = None;
        self.state = State::Done;
        self.body.take()
    }

    /// Whether it is in the run queue.
    #[inline]
    pub(super) fn is_scheduled(&self) -> bool {
        self.state == State::Scheduled
    }

    /// The task, or `None` if the slot is free.
    #[inline]
    pub(super) fn id(&self) -> Option<Id> {
        self.id
    }

    /// Reads a word of the body, if that is here.
    #[inline]
    pub(super) fn look_at_body(&self) -> bool {
        self.body.as_ref().is_some_and(|body| body.look_at())
    }

    /// True if the task must be put into the run queue.
    #[inline]
    #[must_use]
    pub(super) fn wake(&mut self) -> bool {
        let idle = self.state == State::Idle;
        if idle {
            self.state = State::Scheduled;
        } else if self.state == State::Running {
            self.state = State::RunningWoken;
        }
        idle
    }

    /// Marks the task; true if it must be put into the run queue.
    #[must_use]
    pub(super) fn abort(&mut self) -> bool {
        self.aborted = true;
        self.wake()
    }

    /// It has come out of the run queue, and the task's turn begins.
    #[inline]
    pub(super) fn begin(&mut self) {
        debug_assert!(self.is_scheduled(), "nothing else is in the run queue");
        self.state = State::Running;
    }

    /// Whether the future is to be dropped instead of polled.
    #[inline]
    pub(super) fn is_aborted(&self) -> bool {
        self.aborted
    }

    /// The poll was `Pending`: the task is back. True if it must be put into the run
    /// queue: it was `woken`, or marked, while it ran.
    #[inline]
    #[must_use]
    pub(super) fn pend(&mut self, body: Option<BoxedBody>, woken: bool) -> bool {
        self.put_back(body);
        let woken = woken || self.state == State::RunningWoken;
        self.state = match woken {
            true => State::Scheduled,
            false => State::Idle,
        };
        woken
    }

    /// The task has ended, and `body` is its output. Returns who wants to know.
    #[inline]
    pub(super) fn end(&mut self, body: BoxedBody) -> Joiner {
        self.state = State::Done;
        self.put_back(Some(body));
        let before = Joiner::join(self.kind, self.number);
        self.kind = Kind::Handle;
        before
    }

    /// The body comes back to its empty place. Nobody looks whether it is empty: what an
    /// assignment costs to find nothing to drop is 2 % of a poll.
    #[inline]
    fn put_back(&mut self, body: Option<BoxedBody>) {
        debug_assert!(self.body.is_none(), "it was taken out for its turn");
        mem::forget(mem::replace(&mut self.body, body));
    }

    /// Whether the task has ended.
    #[inline]
    pub(super) fn is_done(&self) -> bool {
        self.state == State::Done
    }

    /// Takes the body out, to be polled or cancelled unborrowed.
    #[inline]
    pub(super) fn take_body(&mut self) -> Option<BoxedBody> {
        self.body.take()
    }

    /// A task of this runtime wants to know; false, and no change, if a stranger does.
    #[inline]
    #[must_use]
    pub(super) fn wait(&mut self, task: Key) -> bool {
        let at_home = self.kind != Kind::Foreign;
        if at_home {
            (self.kind, self.number) = (Kind::Task, task.bits());
        }
        at_home
    }

    /// Changes who wants to know, and hands back who did.
    #[inline]
    pub(super) fn set_joiner(&mut self, joiner: Joiner) -> Joiner {
        let before = Joiner::join(self.kind, self.number);
        (self.kind, self.number) = joiner.split();
        before
    }
}
