//! The future that waits for a notification.
//!
//! # Layer
//! 4: uses the state machine and the budget.

use std::marker::PhantomPinned;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::Notify;
use super::state::Stage;
use crate::budget;
use crate::sync::wait_list::Ticket;
use crate::sync::{Fresh, wake};

pin_project_lite::pin_project! {
    /// The future of [`Notify::notified`].
    #[derive(Debug)]
    #[must_use = "futures do nothing unless they are awaited or polled"]
    pub struct Notified<'a> {
        waiter: Waiter<'a>,
        // Nothing in here needs a fixed place. In tokio's it does, and code that leans on
        // `Unpin` could not move there.
        #[pin]
        pinned: PhantomPinned,
    }
}

impl<'a> Notified<'a> {
    /// One that was made in this round.
    pub(super) fn new(notify: &'a Notify, round: u64) -> Notified<'a> {
        let stage = Stage::Made;
        let waiter = Waiter {
            notify,
            round,
            stage,
        };
        let pinned = PhantomPinned;
        Notified { waiter, pinned }
    }
}

impl Notified<'_> {
    /// Takes a place in the queue before the first poll. True if it has been notified
    /// already.
    ///
    /// It makes "look, and if there is nothing, wait" safe against a `notify_one` in
    /// between: enable first, then look, then await.
    pub fn enable(self: Pin<&mut Self>) -> bool {
        self.project().waiter.enable()
    }
}

impl Future for Notified<'_> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        ready!(budget::poll_ready(cx));
        ready!(self.project().waiter.poll(cx));
        budget::spend();
        Poll::Ready(())
    }
}

/// One that waits, or will.
#[derive(Debug)]
struct Waiter<'a> {
    notify: &'a Notify,
    /// The round in which it was made.
    round: u64,
    stage: Stage,
}

impl Waiter<'_> {
    #[inline]
    fn poll(&mut self, cx: &Context<'_>) -> Poll<()> {
        match self.stage {
            Stage::Made => self.enter(&mut Fresh::of(cx)),
            Stage::Waiting(ticket) => self.look(ticket, cx),
            Stage::Done => {}
        }
        match self.stage {
            Stage::Done => Poll::Ready(()),
            Stage::Made | Stage::Waiting(_) => Poll::Pending,
        }
    }

    /// Takes a place without a task to wake. If it has one, that one's waker stays.
    fn enable(&mut self) -> bool {
        match self.stage {
            Stage::Made => self.enter(&mut Fresh::noop()),
            Stage::Waiting(ticket) => {
                self.stage = self.notify.locked(|state| state.glance(ticket));
            }
            Stage::Done => {}
        }
        matches!(self.stage, Stage::Done)
    }

    /// Takes a place, unless it has been notified.
    fn enter(&mut self, fresh: &mut Fresh<'_>) {
        let (notify, round) = (self.notify, self.round);
        self.stage = notify.locked(|state| {
            let over = notify.is_over(round);
            state.enter(over, fresh)
        });
    }

    /// Looks whether it has been notified.
    #[inline]
    fn look(&mut self, ticket: Ticket, cx: &Context<'_>) {
        if self.notify.has_called(ticket, self.round) {
            self.stage = Stage::Done;
        } else {
            self.look_locked(ticket, cx);
        }
    }

    /// For whom the number on show is not enough.
    #[inline(never)]
    fn look_locked(&mut self, ticket: Ticket, cx: &Context<'_>) {
        self.stage = Fresh::lazily(cx, |fresh| {
            self.notify.locked(|state| state.look(ticket, fresh))
        });
    }

    /// Gives up a place, and passes on what `notify_one` has left there.
    #[inline(never)]
    fn leave(&self, ticket: Ticket) {
        let (next, _own) = self.notify.locked(|state| state.leave(ticket));
        wake(next);
    }
}

impl Drop for Waiter<'_> {
    #[inline]
    fn drop(&mut self) {
        if let Stage::Waiting(ticket) = self.stage {
            self.leave(ticket);
        }
    }
}
