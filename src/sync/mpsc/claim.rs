//! A claim to slots, queued if need be: what `send` and `reserve` have in common.
//!
//! # Layer
//! 4: uses the state machine and the budget.

use std::sync::MutexGuard;
use std::task::{Context, Poll, ready};

use super::Shared;
use super::error::SendError;
use super::state::State;
use crate::budget;
use crate::sync::wait_list::Ticket;
use crate::sync::{Fresh, wake};

/// Takes a number of slots, and leaves it to its caller to fill them or give them back.
pub(super) struct Claim<'a, T> {
    shared: &'a Shared<T>,
    need: usize,
    ticket: Option<Ticket>,
}

impl<'a, T> Claim<'a, T> {
    /// Will take `need` slots.
    pub(super) fn new(shared: &'a Shared<T>, need: usize) -> Claim<'a, T> {
        Claim {
            shared,
            need,
            ticket: None,
        }
    }

    /// Ready once it has taken the slots.
    pub(super) fn poll(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), SendError<()>>> {
        ready!(budget::poll_ready(cx));
        let claimed = match self.at_once() {
            Some(_) => Ok(()),
            None => ready!(self.poll_line(cx, |_| ())),
        };
        budget::spend();
        Poll::Ready(claimed)
    }

    /// As a rule a slot is free, and no waker is needed. Gives the lock under which it was
    /// taken.
    #[inline]
    pub(super) fn at_once(&self) -> Option<MutexGuard<'a, State<T>>> {
        if self.ticket.is_some() {
            return None;
        }
        let mut state = self.shared.lock();
        state.slots.try_take(self.need).ok()?;
        Some(state)
    }

    /// Once the slots are there, takes them and runs `fill` under the same lock. Who has a
    /// ticket has been granted them, as a rule; a newcomer will wait.
    #[inline(never)]
    pub(super) fn poll_line<R>(
        &mut self,
        cx: &mut Context<'_>,
        mut fill: impl FnMut(&mut State<T>) -> R,
    ) -> Poll<Result<R, SendError<()>>> {
        let waited = self.ticket.is_some();
        let claimed = ready!(Fresh::ask(cx, waited, |fresh| {
            let mut state = self.shared.lock();
            let slots = &mut state.slots;
            let taken = ready!(slots.poll_take(self.need, &mut self.ticket, fresh));
            Poll::Ready(match taken {
                Ok(()) => Ok(fill(&mut state)),
                // A grant that came before the closing has been given back.
                Err(_closed) => Err(state.told_the_end()),
            })
        }));
        Poll::Ready(claimed.map_err(|waker| {
            wake(waker);
            SendError(())
        }))
    }

    /// Gives up a ticket, and the slots that were granted there.
    #[inline(never)]
    fn leave(&self, ticket: Ticket) {
        let mut state = self.shared.lock();
        let (mut others, _own) = state.slots.leave(ticket, self.need);
        others.extend(state.told_the_end());
        drop(state);
        others.wake();
    }
}

impl<T> Drop for Claim<'_, T> {
    #[inline]
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket {
            self.leave(ticket);
        }
    }
}
