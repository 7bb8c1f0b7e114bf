//! What both halves share, without its lock.
//!
//! # Invariants
//! 1. A half's waker is in here only while the half may still wait.
//! 2. Values and wakers come in and go out by value; nothing is dropped in here.
//!
//! # Layer
//! 4: uses nothing of the other primitives.

use std::task::{Poll, Waker};

use super::error::RecvError;
use crate::sync::{Fresh, Spent, wake};

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

/// What the receiver leaves when it is done: whom to wake, and its own waker.
#[must_use]
pub(super) struct Farewell {
    other: Option<Waker>,
    _own: Spent,
}

impl Farewell {
    /// Tells the sender; then the own waker is dropped.
    #[inline]
    pub(super) fn tell(self) {
        wake(self.other);
    }
}

/// Nothing was sent yet.
impl<T> Default for State<T> {
    #[inline]
    fn default() -> State<T> {
        State {
            value: None,
            sender_done: false,
            receiver_done: false,
            receiver: None,
            sender: None,
        }
    }
}

impl<T> State<T> {
    /// Puts the value in, or gives it back if nobody will take it.
    #[inline]
    pub(super) fn send(&mut self, value: T) -> Result<Option<Waker>, T> {
        if self.receiver_done {
            return Err(value);
        }
        self.value = Some(value);
        Ok(self.end_sender())
    }

    /// The sender is done. Gives the waker of the receiver, to be woken.
    #[inline]
    #[must_use]
    pub(super) fn end_sender(&mut self) -> Option<Waker> {
        self.sender_done = true;
        self.receiver.take()
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
        fresh: &mut Fresh<'_>,
    ) -> Poll<Result<T, RecvError>> {
        let polled = self.try_recv();
        if polled.is_pending() {
            fresh.renew(&mut self.receiver);
        }
        polled
    }

    /// The receiver takes nothing any more but what was sent before.
    pub(super) fn close(&mut self) -> Farewell {
        self.receiver_done = true;
        Farewell {
            other: self.sender.take(),
            _own: Spent(self.receiver.take()),
        }
    }

    /// The receiver is gone. What was sent comes back.
    pub(super) fn end_receiver(&mut self) -> (Farewell, Option<T>) {
        (self.close(), self.value.take())
    }

    /// Ready once the receiver takes nothing any more; until then the waker in `fresh`
    /// stays behind.
    pub(super) fn poll_closed(&mut self, fresh: &mut Fresh<'_>) -> Poll<()> {
        if self.receiver_done {
            return Poll::Ready(());
        }
        fresh.renew(&mut self.sender);
        Poll::Pending
    }

    /// The sender waits no longer. Its waker is the caller's to drop, unlocked.
    #[inline]
    #[must_use]
    pub(super) fn forget_sender(&mut self) -> Spent {
        Spent(self.sender.take())
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
