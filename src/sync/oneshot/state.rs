//! What both halves share, without its lock.
//!
//! # Invariants
//! 1. A half's waker is in here only while the half may still wait.
//! 2. Values and wakers come in and go out by value; nothing is dropped in here.
//!
//! # Layer
//! 4: uses nothing but the standard library.

use std::mem;
use std::task::{Poll, Waker};

use super::error::RecvError;

/// The state of a channel.
pub(super) struct State<T> {
    value: Option<T>,
    /// The sender has sent or was dropped.
    sender_done: bool,
    /// The receiver takes nothing any more.
    receiver_done: bool,
    /// Who waits for the value.
    receiver: Option<Waker>,
    /// Who waits for the receiver to go.
    sender: Option<Waker>,
}

/// Both halves' wakers, as far as they were there: one to wake, one to drop.
#[must_use]
pub(super) struct Pair {
    pub(super) wake: Option<Waker>,
    pub(super) drop: Option<Waker>,
}

impl<T> State<T> {
    /// Nothing was sent yet.
    pub(super) fn new() -> State<T> {
        State {
            value: None,
            sender_done: false,
            receiver_done: false,
            receiver: None,
            sender: None,
        }
    }

    /// Puts the value in, or gives it back if nobody will take it.
    pub(super) fn send(&mut self, value: T) -> Result<Pair, T> {
        if self.receiver_done {
            return Err(value);
        }
        self.value = Some(value);
        Ok(self.end_sender())
    }

    /// The sender is gone.
    pub(super) fn end_sender(&mut self) -> Pair {
        self.sender_done = true;
        Pair {
            wake: self.receiver.take(),
            drop: self.sender.take(),
        }
    }

    /// Takes the value or the error, if one of them is there.
    pub(super) fn try_recv(&mut self) -> Poll<Result<T, RecvError>> {
        match self.value.take() {
            Some(value) => Poll::Ready(Ok(value)),
            None if self.sender_done || self.receiver_done => {
                Poll::Ready(Err(RecvError(())))
            }
            None => Poll::Pending,
        }
    }

    /// As `try_recv`; while there is neither, the waker in `fresh` stays behind.
    pub(super) fn poll_recv(
        &mut self,
        fresh: &mut Option<Waker>,
    ) -> Poll<Result<T, RecvError>> {
        let polled = self.try_recv();
        if polled.is_pending() {
            mem::swap(&mut self.receiver, fresh);
        }
        polled
    }

    /// The receiver takes nothing any more but what was sent before.
    pub(super) fn close(&mut self) -> Pair {
        self.receiver_done = true;
        Pair {
            wake: self.sender.take(),
            drop: self.receiver.take(),
        }
    }

    /// The receiver is gone. What was sent comes back.
    pub(super) fn end_receiver(&mut self) -> (Pair, Option<T>) {
        (self.close(), self.value.take())
    }

    /// Ready once the receiver takes nothing any more; until then the waker in `fresh`
    /// stays behind.
    pub(super) fn poll_closed(&mut self, fresh: &mut Option<Waker>) -> Poll<()> {
        if self.receiver_done {
            return Poll::Ready(());
        }
        mem::swap(&mut self.sender, fresh);
        Poll::Pending
    }

    /// The sender waits no longer. Its waker is the caller's to drop, unlocked.
    #[must_use]
    pub(super) fn forget_sender(&mut self) -> Option<Waker> {
        self.sender.take()
    }

    /// Whether the receiver takes nothing any more.
    pub(super) fn is_closed(&self) -> bool {
        self.receiver_done
    }

    /// Whether no value is there.
    pub(super) fn is_empty(&self) -> bool {
        self.value.is_none()
    }
}
