//! The future that receives.
//!
//! # Layer
//! 4: uses the state machine and the budget.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::error::RecvError;
use super::{Message, Receiver};
use crate::budget;
use crate::sync::wait_list::Ticket;
use crate::sync::{Fresh, lock};

/// Receives one value, not opened yet.
pub(super) struct Recv<'a, T> {
    receiver: &'a mut Receiver<T>,
    ticket: Option<Ticket>,
}

impl<'a, T> Recv<'a, T> {
    /// The next value of `receiver`.
    pub(super) fn new(receiver: &'a mut Receiver<T>) -> Recv<'a, T> {
        let ticket = None;
        Recv { receiver, ticket }
    }
}

impl<T> Future for Recv<'_, T> {
    type Output = Result<Message<T>, RecvError>;

    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Message<T>, RecvError>> {
        ready!(budget::poll_ready(cx));
        let Recv { receiver, ticket } = &mut *self;
        let Receiver { shared, place } = &mut **receiver;
        let waited = ticket.is_some();
        let polled = Fresh::ask(cx, waited, |fresh| {
            lock(&shared.state).poll_recv(place, ticket, fresh)
        });
        if polled.is_ready() {
            budget::spend();
        }
        polled
    }
}

impl<T> Drop for Recv<'_, T> {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket {
            let _own = lock(&self.receiver.shared.state).leave(ticket);
        }
    }
}
