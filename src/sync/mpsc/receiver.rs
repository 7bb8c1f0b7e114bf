//! The receiver of a bounded channel.
//!
//! # Layer
//! 4: uses the state machine and the budget.

use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use super::Shared;
use super::error::TryRecvError;
use super::recv::{Receive, Recv, RecvMany};
use crate::budget;
use crate::sync::{Fresh, NotUnpin, blocking};

/// Receives what the [`Sender`](super::Sender)s of its channel send.
pub struct Receiver<T> {
    shared: Arc<Shared<T>>,
    /// The next poll will probably find a message: the last one left some behind, or
    /// waited and has been woken since.
    more: bool,
}

impl<T> Receiver<T> {
    /// The receiver of a new channel.
    pub(super) fn new(shared: Arc<Shared<T>>) -> Receiver<T> {
        let more = false;
        Receiver { shared, more }
    }

    /// The next message, or `None` when there will be no more.
    ///
    /// # Cancel safety
    /// No message is lost: it is taken out by the poll that gives it.
    pub fn recv(&mut self) -> impl Future<Output = Option<T>> {
        NotUnpin::new(Recv::new(self))
    }

    /// Waits for messages, then moves as many as there are, but at most `limit`, behind
    /// those in `buffer`. Gives their number; 0 when there will be no more, or if `limit`
    /// is 0.
    ///
    /// # Cancel safety
    /// No message is lost: they are moved by the poll that is ready.
    pub async fn recv_many(&mut self, buffer: &mut Vec<T>, limit: usize) -> usize {
        RecvMany::new(self, buffer, limit).await
    }

    /// The next message, if it is there.
    ///
    /// # Errors
    /// [`TryRecvError::Empty`], or [`TryRecvError::Disconnected`] at the end.
    pub fn try_recv(&mut self) -> Result<T, TryRecvError> {
        let (received, wakers) = self.shared.lock().try_recv();
        wakers.wake();
        received
    }

    /// As [`recv`](Receiver::recv), with the whole thread.
    ///
    /// # Panics
    /// Inside a future that a Kettle runtime polls.
    #[track_caller]
    pub fn blocking_recv(&mut self) -> Option<T> {
        blocking::block_on("blocking_recv", "recv", self.recv())
    }

    /// As [`recv_many`](Receiver::recv_many), with the whole thread.
    ///
    /// # Panics
    /// Inside a future that a Kettle runtime polls.
    #[track_caller]
    pub fn blocking_recv_many(
        &mut self,
        buffer: &mut Vec<T>,
        limit: usize,
    ) -> usize {
        let received = self.recv_many(buffer, limit);
        blocking::block_on("blocking_recv_many", "recv_many", received)
    }

    /// Lets nothing more be sent, but by permits that are out. Go on receiving until
    /// `None`, and nothing is lost.
    pub fn close(&mut self) {
        self.shared.close();
    }

    /// Whether it was closed, or all senders are gone.
    pub fn is_closed(&self) -> bool {
        self.shared.lock().is_closed()
    }

    /// Whether no message is there.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many messages are there.
    pub fn len(&self) -> usize {
        self.shared.lock().len()
    }

    /// How many messages could be sent at once.
    pub fn capacity(&self) -> usize {
        self.shared.lock().slots.available()
    }

    /// How many slots the channel has.
    pub fn max_capacity(&self) -> usize {
        self.shared.lock().most()
    }

    /// How many senders there are.
    pub fn sender_strong_count(&self) -> usize {
        self.shared.lock().senders()
    }

    /// As [`recv`](Receiver::recv), for hand-written futures. The waker of the last call
    /// is kept until there is a message or the receiver is dropped.
    #[inline]
    pub fn poll_recv(&mut self, cx: &mut Context<'_>) -> Poll<Option<T>> {
        ready!(budget::poll_ready(cx));
        let probably = if self.more { self.at_once() } else { None };
        let message = match probably {
            Some(message) => Some(message),
            None => ready!(self.poll_empty(cx)),
        };
        budget::spend();
        Poll::Ready(message)
    }

    /// A message that is probably there, for which no waker is needed.
    #[inline(never)]
    fn at_once(&mut self) -> Option<T> {
        let mut state = self.shared.lock();
        let (message, wakers) = state.pop()?;
        self.more = state.len() > 0;
        wakers.wake_behind(state);
        Some(message)
    }

    /// Probably none is there.
    #[inline(never)]
    fn poll_empty(&mut self, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let mut fresh = Fresh::of(cx);
        let mut state = self.shared.lock();
        let Some((message, wakers)) = state.pop() else {
            let end = state.poll_end(&mut fresh);
            self.more = end.is_pending();
            return end.map(|()| None);
        };
        self.more = state.len() > 0;
        drop(state);
        wakers.wake();
        Poll::Ready(Some(message))
    }

    /// As [`recv_many`](Receiver::recv_many), for hand-written futures.
    pub fn poll_recv_many(
        &mut self,
        cx: &mut Context<'_>,
        buffer: &mut Vec<T>,
        limit: usize,
    ) -> Poll<usize> {
        if limit == 0 {
            return Poll::Ready(0);
        }
        ready!(budget::poll_ready(cx));
        let (polled, wakers) = Fresh::ask(cx, self.more, |fresh| {
            let mut state = self.shared.lock();
            let polled = state.poll_recv_many(buffer, limit, fresh);
            self.more = polled.0.is_pending() || state.len() > 0;
            polled
        });
        wakers.wake();
        if polled.is_ready() {
            budget::spend();
        }
        polled
    }
}

impl<T> Receive for Receiver<T> {
    type Message = T;

    #[inline]
    fn poll_recv(&mut self, cx: &mut Context<'_>) -> Poll<Option<T>> {
        Receiver::poll_recv(self, cx)
    }

    fn poll_recv_many(
        &mut self,
        cx: &mut Context<'_>,
        buffer: &mut Vec<T>,
        limit: usize,
    ) -> Poll<usize> {
        Receiver::poll_recv_many(self, cx, buffer, limit)
    }

    fn forget_waker(&mut self) {
        self.shared.forget_receiver();
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        self.shared.end_receiver();
    }
}

impl<T> fmt::Debug for Receiver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("mpsc::Receiver").finish_non_exhaustive()
    }
}
