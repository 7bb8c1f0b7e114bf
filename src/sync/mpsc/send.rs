//! The future that sends: a claim to one slot that is filled in the same breath.
//!
//! Reserving and then sending would lock twice.
//!
//! # Layer
//! 4: uses the claim and the budget.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::Shared;
use super::claim::Claim;
use super::error::SendError;
use crate::budget;
use crate::sync::wake;

/// Sends one message.
pub(super) struct Send<'a, T> {
    claim: Claim<'a, T>,
    /// The message, until it is sent.
    message: Option<T>,
}

/// The message is moved, never pinned.
impl<T> Unpin for Send<'_, T> {}

impl<'a, T> Send<'a, T> {
    /// Will send `message`.
    pub(super) fn new(shared: &'a Shared<T>, message: T) -> Send<'a, T> {
        Send {
            claim: Claim::new(shared, 1),
            message: Some(message),
        }
    }
}

impl<T> Future for Send<'_, T> {
    type Output = Result<(), SendError<T>>;

    #[inline]
    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), SendError<T>>> {
        let this = &mut *self;
        let message = &mut this.message;
        ready!(budget::poll_ready(cx));
        let pushed = match this.claim.at_once() {
            Some(mut state) => Ok(state.push(message)),
            None => ready!(this.claim.poll_line(cx, |state| state.push(message))),
        };
        budget::spend();
        wake(pushed.unwrap_or(None));
        // What was not sent comes back.
        let unsent = message.take();
        Poll::Ready(unsent.map_or(Ok(()), |message| Err(SendError(message))))
    }
}
