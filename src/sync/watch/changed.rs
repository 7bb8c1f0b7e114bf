//! The future that waits for a change.
//!
//! # Layer
//! 4: uses the state machine and the budget.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::Shared;
use super::error::RecvError;
use crate::budget;
use crate::sync::wait_list::Ticket;
use crate::sync::{Fresh, lock};

/// Waits until the value is another than the one that its receiver has seen.
pub(super) struct Changed<'a, T> {
    shared: &'a Shared<T>,
    seen: &'a mut u64,
    ticket: Option<Ticket>,
}

impl<'a, T> Changed<'a, T> {
    /// The next change for the receiver that has seen the version `seen`.
    pub(super) fn new(shared: &'a Shared<T>, seen: &'a mut u64) -> Changed<'a, T> {
        let ticket = None;
        Changed {
            shared,
            seen,
            ticket,
        }
    }
}

impl<T> Future for Changed<'_, T> {
    type Output = Result<(), RecvError>;

    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), RecvError>> {
        ready!(budget::poll_ready(cx));
        let Changed {
            shared,
            seen,
            ticket,
        } = &mut *self;
        let waited = ticket.is_some();
        let polled = Fresh::ask(cx, waited, |fresh| {
            lock(&shared.state).poll_changed(seen, ticket, fresh)
        });
        if polled.is_ready() {
            budget::spend();
        }
        polled
    }
}

impl<T> Drop for Changed<'_, T> {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket {
            let _own = lock(&self.shared.state).leave(ticket);
        }
    }
}
