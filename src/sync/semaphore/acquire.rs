//! The future that takes permits.
//!
//! # Layer
//! 4: uses the wait list and the budget.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::{AcquireError, Semaphore};
use crate::budget;
use crate::sync::Fresh;
use crate::sync::wait_list::Ticket;

/// Takes a number of permits, all at once, and leaves it to its caller to give them back.
#[derive(Debug)]
pub(crate) struct Acquire<'a> {
    semaphore: &'a Semaphore,
    need: usize,
    /// None before it had to wait, and none at the end.
    ticket: Option<Ticket>,
}

impl<'a> Acquire<'a> {
    /// Will take `need` permits of `semaphore`.
    pub(crate) fn new(semaphore: &'a Semaphore, need: usize) -> Acquire<'a> {
        Acquire {
            semaphore,
            need,
            ticket: None,
        }
    }

    /// Whose permits it takes.
    pub(super) fn semaphore(&self) -> &'a Semaphore {
        self.semaphore
    }

    /// Whether the till alone can tell that it has got its permits.
    #[inline]
    fn is_plain(&self) -> bool {
        let till = &self.semaphore.till;
        match self.ticket {
            None => till.take(self.need),
            Some(ticket) => till.has_granted(ticket),
        }
    }

    /// For whom the till could not tell.
    #[inline(never)]
    fn poll_locked(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), AcquireError>> {
        let Acquire {
            semaphore,
            need,
            ticket,
        } = self;
        let waited = ticket.is_some();
        let mut take = |fresh: &mut Fresh<'_>| {
            semaphore.locked(|permits| permits.poll_take(*need, ticket, fresh))
        };
        if waited {
            // Its waker is there already.
            Fresh::lazily(cx, take)
        } else {
            // A newcomer that the till has refused will leave one.
            take(&mut Fresh::of(cx))
        }
    }

    /// Gives up its place in the line, and what was granted to it.
    #[inline(never)]
    fn leave(&self, ticket: Ticket) {
        let left = self
            .semaphore
            .locked(|permits| permits.leave(ticket, self.need));
        let (others, _own) = left;
        others.wake();
    }
}

impl Future for Acquire<'_> {
    type Output = Result<(), AcquireError>;

    #[inline]
    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), AcquireError>> {
        ready!(budget::poll_ready(cx));
        let result = if self.is_plain() {
            self.ticket = None;
            Ok(())
        } else {
            ready!(self.poll_locked(cx))
        };
        budget::spend();
        Poll::Ready(result)
    }
}

impl Drop for Acquire<'_> {
    #[inline]
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket {
            self.leave(ticket);
        }
    }
}
