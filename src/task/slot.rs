//! One slot of the slab: a task with its bookkeeping.
//!
//! # Layer
//! 4: uses bodies and seats.

use std::mem;
use std::pin::Pin;
use std::task::Waker;

use super::seat::Promise;
use super::{Body, Id};

/// A body on the heap; pinned, because it is a future until it ends.
pub(crate) type BoxedBody = Pin<Box<dyn Body>>;

/// A task's place. Its methods are the transitions, and run no foreign code.
pub(super) struct Slot {
    pub(super) id: Id,
    state: State,
    /// Set once, by `abort`; acted on when the task's turn comes.
    aborted: bool,
    /// Not here while the task is polled, and never for a main future, whose body lies
    /// on the stack of `block_on`.
    body: Option<BoxedBody>,
    joiner: Joiner,
}

/// Where a task is in its life. The diagram stands in the module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing to do until it is woken. Next: `Scheduled`.
    Idle,
    /// In the run queue. Next: `Running`.
    Scheduled,
    /// Being polled. Next: `Idle`, `RunningScheduled`, `Done`.
    Running,
    /// Being polled, and in the run queue again. Next: `Scheduled`, `Done`.
    RunningScheduled,
    /// The body is an output. Next: none.
    Done,
}

/// Who wants to know how the task ends.
pub(super) enum Joiner {
    /// A handle at home that has not asked yet.
    Handle,
    /// A handle at home, whose task is to be woken.
    Waiting(Waker),
    /// A handle elsewhere.
    Seat(Promise),
    /// Nobody: the handle was dropped.
    Nobody,
}

/// What to do, unlocked, for a task that has ended.
#[must_use]
pub(super) enum Ended {
    /// The body is kept for a handle; wake it, if it waits.
    Kept(Option<Waker>),
    /// Free the slot: nobody asks for its body, or it travels to a seat.
    Free(BoxedBody, Option<Promise>),
}

impl Slot {
    /// A new task, scheduled. Without a body it is a main future.
    pub(super) fn new(id: Id, body: Option<BoxedBody>, joiner: Joiner) -> Slot {
        Slot {
            id,
            state: State::Scheduled,
            aborted: false,
            body,
            joiner,
        }
    }

    /// True if the task must be put into the run queue.
    #[must_use]
    pub(super) fn wake(&mut self) -> bool {
        let (next, push) = match self.state {
            State::Idle => (State::Scheduled, true),
            State::Running => (State::RunningScheduled, true),
            as_it_is => (as_it_is, false),
        };
        self.state = next;
        push
    }

    /// Marks the task; true if it must be put into the run queue.
    #[must_use]
    pub(super) fn abort(&mut self) -> bool {
        self.aborted = true;
        self.wake()
    }

    /// The task's turn begins; false if it is not waiting for one (invariant 3).
    #[must_use]
    pub(super) fn begin(&mut self) -> bool {
        let scheduled = self.state == State::Scheduled;
        if scheduled {
            self.state = State::Running;
        }
        scheduled
    }

    /// Whether the future is to be dropped instead of polled.
    pub(super) fn is_aborted(&self) -> bool {
        self.aborted
    }

    /// The poll was `Pending`: the task is back.
    pub(super) fn pend(&mut self, body: Option<BoxedBody>) {
        self.body = body;
        self.state = match self.state {
            State::RunningScheduled => State::Scheduled,
            _ => State::Idle,
        };
    }

    /// The task has ended, and `body` is its output.
    pub(super) fn end(&mut self, body: BoxedBody) -> Ended {
        self.state = State::Done;
        match mem::replace(&mut self.joiner, Joiner::Handle) {
            Joiner::Handle => self.keep(body, None),
            Joiner::Waiting(waker) => self.keep(body, Some(waker)),
            Joiner::Seat(promise) => Ended::Free(body, Some(promise)),
            Joiner::Nobody => Ended::Free(body, None),
        }
    }

    fn keep(&mut self, body: BoxedBody, waker: Option<Waker>) -> Ended {
        self.body = Some(body);
        Ended::Kept(waker)
    }

    /// Whether the body is an output.
    pub(super) fn is_done(&self) -> bool {
        self.state == State::Done
    }

    /// Takes the body out, to be polled, cancelled or dropped unborrowed.
    pub(super) fn take_body(&mut self) -> Option<BoxedBody> {
        self.body.take()
    }

    /// Changes who wants to know, and hands back who did.
    #[must_use = "a waker in it must be dropped unlocked"]
    pub(super) fn set_joiner(&mut self, joiner: Joiner) -> Joiner {
        mem::replace(&mut self.joiner, joiner)
    }
}
