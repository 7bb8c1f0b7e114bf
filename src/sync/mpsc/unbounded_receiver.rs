//! The receiver of a channel without limit.
//!
//! Nobody waits for its slots, so it may take the whole queue at once and then receive
//! without the lock until that is used up.
//!
//! # Layer
//! 4: uses the state machine and the budget.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use super::Shared;
use super::error::TryRecvError;
use super::recv::{Receive, Recv, RecvMany};
use crate::budget;
use crate::sync::{Fresh, NotUnpin, blocking, lock};

/// Receives what the [`UnboundedSender`](super::UnboundedSender)s of its channel send.
pub struct UnboundedReceiver<T> {
    shared: Arc<Shared<T>>,
    /// Messages that were taken out of the queue; they are older than those in it. The
    /// lock is for `len` alone; and it makes the receiver `Sync` when messages are `Send`.
    batch: Mutex<VecDeque<T>>,
}

/// No message is ever pinned.
impl<T> Unpin for UnboundedReceiver<T> {}

impl<T> UnboundedReceiver<T> {
    /// The receiver of a new channel.
    pub(super) fn new(shared: Arc<Shared<T>>) -> UnboundedReceiver<T> {
        let batch = Mutex::default();
        UnboundedReceiver { shared, batch }
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
        let (shared, batch) = self.parts();
        if batch.is_empty() {
            shared.lock().take_all(batch);
        }
        batch.pop_front().ok_or_else(|| shared.lock().why_empty())
    }

    /// As [`recv`](UnboundedReceiver::recv), with the whole thread.
    ///
    /// # Panics
    /// Inside a future that a Kettle runtime polls.
    #[track_caller]
    pub fn blocking_recv(&mut self) -> Option<T> {
        blocking::block_on("blocking_recv", "recv", self.recv())
    }

    /// As [`recv_many`](UnboundedReceiver::recv_many), with the whole thread.
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

    /// Lets nothing more be sent. Go on receiving until `None`, and nothing is lost.
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
        lock(&self.batch).len() + self.shared.lock().len()
    }

    /// How many senders there are.
    pub fn sender_strong_count(&self) -> usize {
        self.shared.lock().senders()
    }

    /// As [`recv`](UnboundedReceiver::recv), for hand-written futures. The waker of the
    /// last call is kept until there is a message or the receiver is dropped.
    pub fn poll_recv(&mut self, cx: &mut Context<'_>) -> Poll<Option<T>> {
        ready!(budget::poll_ready(cx));
        let (shared, batch) = self.parts();
        if batch.is_empty() {
            ready!(poll_batch(shared, batch, cx));
        }
        budget::spend();
        Poll::Ready(batch.pop_front())
    }

    /// As [`recv_many`](UnboundedReceiver::recv_many), for hand-written futures.
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
        let (shared, batch) = self.parts();
        if batch.is_empty() {
            ready!(poll_batch(shared, batch, cx));
        } else if batch.len() < limit {
            shared.lock().take_all(batch);
        }
        budget::spend();
        let n = limit.min(batch.len());
        buffer.extend(batch.drain(..n));
        Poll::Ready(n)
    }

    /// Both fields; nobody else has the batch.
    fn parts(&mut self) -> (&Shared<T>, &mut VecDeque<T>) {
        let batch = self.batch.get_mut();
        (&self.shared, batch.unwrap_or_else(PoisonError::into_inner))
    }
}

/// Fills the empty batch, or waits; ready without a message at the end.
fn poll_batch<T>(
    shared: &Shared<T>,
    batch: &mut VecDeque<T>,
    cx: &mut Context<'_>,
) -> Poll<()> {
    // One clone in a batch: it is not worth a guess.
    Fresh::lazily(cx, |fresh| {
        let mut state = shared.lock();
        state.take_all(batch);
        if batch.is_empty() {
            return state.poll_end(fresh);
        }
        Poll::Ready(())
    })
}

impl<T> Receive for UnboundedReceiver<T> {
    type Message = T;

    #[inline]
    fn poll_recv(&mut self, cx: &mut Context<'_>) -> Poll<Option<T>> {
        UnboundedReceiver::poll_recv(self, cx)
    }

    fn poll_recv_many(
        &mut self,
        cx: &mut Context<'_>,
        buffer: &mut Vec<T>,
        limit: usize,
    ) -> Poll<usize> {
        UnboundedReceiver::poll_recv_many(self, cx, buffer, limit)
    }

    fn forget_waker(&mut self) {
        self.shared.forget_receiver();
    }
}

impl<T> Drop for UnboundedReceiver<T> {
    fn drop(&mut self) {
        self.shared.end_receiver();
    }
}

impl<T> fmt::Debug for UnboundedReceiver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("mpsc::UnboundedReceiver")
            .finish_non_exhaustive()
    }
}
