//! A claim to slots, queued if need be: what `send` and `reserve` have in common.
//!
//! # Layer
//! 4: uses the state machine and the budget.

use std::task::{Context, Poll, ready};

use super::Shared;
use super::error::SendError;
use super::state::State;
use crate::budget;
use crate::sync::wait_list::WaitKey;
use crate::sync::{Fresh, Wakers};

/// Takes a number of slots, and leaves it to its caller to fill them or give them back.
pub(super) struct Claim<'a, T> {
    shared: &'a Shared<T>,
    need: usize,
    place: Option<WaitKey>,
}

impl<'a, T> Claim<'a, T> {
    /// Will take `need` slots.
    pub(super) fn new(shared: &'a Shared<T>, need: usize) -> Claim<'a, T> {
        Claim {
            shared,
            need,
            place: None,
        }
    }

    /// Once the slots are there, takes them and runs `fill` under the same lock.
    pub(super) fn poll<R>(
        &mut self,
        cx: &mut Context<'_>,
        mut fill: impl FnMut(&mut State<T>) -> R,
    ) -> Poll<Result<R, SendError<()>>> {
        ready!(budget::poll_ready(cx));
        // A slot is free as a rule, or it was granted; then no waker is needed.
        let claimed = ready!(Fresh::lazily(cx, |fresh| {
            let mut state = self.shared.lock();
            let slots = &mut state.slots;
            let taken = ready!(slots.poll_take(self.need, &mut self.place, fresh));
            Poll::Ready(match taken {
                Ok(()) => Ok(fill(&mut state)),
                // A grant that came before the closing has been given back.
                Err(_closed) => Err(state.told_the_end()),
            })
        }));
        budget::spend();
        Poll::Ready(claimed.map_err(|waker| {
            Wakers::from(waker).wake();
            SendError(())
        }))
    }
}

impl<T> Drop for Claim<'_, T> {
    fn drop(&mut self) {
        if let Some(place) = self.place {
            let mut state = self.shared.lock();
            let (mut others, _own) = state.slots.leave(place);
            others.extend(state.told_the_end());
            drop(state);
            others.wake();
        }
    }
}
