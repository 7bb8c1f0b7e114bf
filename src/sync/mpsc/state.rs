//! What senders and receiver share, without its lock.
//!
//! # Invariants
//! 1. Taken slots = messages in the queue + permits that are out.
//! 2. The receiver waits only while the queue is empty and something can still come.
//! 3. Values and wakers come in and go out by value; nothing is dropped in here.
//!
//! # Layer
//! 4: uses the semaphore's state machine.

use std::collections::VecDeque;
use std::mem;
use std::task::{Poll, Waker};

use super::error::TryRecvError;
use crate::sync::semaphore::Permits;
use crate::sync::{Fresh, Spent, Wakers};

/// The state of a channel.
pub(super) struct State<T> {
    queue: VecDeque<T>,
    /// The free slots and who waits for one; closed together with the receiver.
    pub(super) slots: Permits,
    /// How many slots there are.
    most: usize,
    senders: usize,
    /// The receiver was dropped, so that nobody will look into the queue again.
    gone: bool,
    /// Who waits for a message.
    receiver: Option<Waker>,
}

impl<T> State<T> {
    /// An empty channel with `most` slots, a sender and a receiver.
    pub(super) fn new(most: usize) -> State<T> {
        State {
            queue: VecDeque::new(),
            slots: Permits::new(most),
            most,
            senders: 1,
            gone: false,
            receiver: None,
        }
    }

    /// Puts the message into a slot that was taken for it, unless nobody will look: then
    /// the message stays the caller's. Gives the receiver's waker to be woken.
    #[inline(always)]
    #[must_use]
    pub(super) fn push(&mut self, message: &mut Option<T>) -> Option<Waker> {
        if self.gone {
            self.give_back(1);
            return None;
        }
        if let Some(message) = message.take() {
            self.queue.push_back(message);
        }
        self.receiver.take()
    }

    /// Gives back `n` slots that no message came into.
    pub(super) fn release(&mut self, n: usize) -> Wakers {
        let mut wakers = self.slots.release(n);
        wakers.extend(self.told_the_end());
        wakers
    }

    /// The receiver's waker, if it waits for what will never come.
    #[must_use]
    pub(super) fn told_the_end(&mut self) -> Option<Waker> {
        if self.is_over() {
            self.receiver.take()
        } else {
            None
        }
    }

    /// Nothing is in the queue, and nothing will be.
    #[inline]
    fn is_over(&self) -> bool {
        let closed = || self.slots.is_closed() && self.slots.free() == self.most;
        self.queue.is_empty() && (self.senders == 0 || closed())
    }

    /// The oldest message, and the senders that have got its slot.
    #[inline]
    pub(super) fn pop(&mut self) -> Option<(T, Wakers)> {
        let message = self.queue.pop_front()?;
        Some((message, self.slots.release(1)))
    }

    /// Ready at the end; else the waker in `fresh` stays behind.
    #[inline]
    pub(super) fn poll_end(&mut self, fresh: &mut Fresh<'_>) -> Poll<()> {
        if self.is_over() {
            return Poll::Ready(());
        }
        fresh.renew(&mut self.receiver);
        Poll::Pending
    }

    /// Moves up to `limit` messages into `buffer`, at least one; 0 at the end.
    pub(super) fn poll_recv_many(
        &mut self,
        buffer: &mut Vec<T>,
        limit: usize,
        fresh: &mut Fresh<'_>,
    ) -> (Poll<usize>, Wakers) {
        let n = limit.min(self.queue.len());
        if n == 0 {
            let end = self.poll_end(fresh).map(|()| 0);
            return (end, Wakers::default());
        }
        buffer.extend(self.queue.drain(..n));
        (Poll::Ready(n), self.slots.release(n))
    }

    /// Moves all messages behind those in `batch`. Only for a channel without limit: no
    /// sender waits for the slots.
    pub(super) fn take_all(&mut self, batch: &mut VecDeque<T>) {
        let taken = self.queue.len();
        if batch.is_empty() {
            mem::swap(batch, &mut self.queue);
        } else {
            batch.append(&mut self.queue);
        }
        self.give_back(taken);
    }

    /// Gives back slots that nobody waits for.
    fn give_back(&mut self, n: usize) {
        let nobody = self.slots.release(n);
        debug_assert!(nobody.is_empty(), "closed or unbounded: no sender waits");
    }

    /// What `recv` would give right now.
    pub(super) fn try_recv(&mut self) -> (Result<T, TryRecvError>, Wakers) {
        match self.pop() {
            Some((message, wakers)) => (Ok(message), wakers),
            None => (Err(self.why_empty()), Wakers::default()),
        }
    }

    /// Why there is no message.
    pub(super) fn why_empty(&self) -> TryRecvError {
        if self.is_over() {
            TryRecvError::Disconnected
        } else {
            TryRecvError::Empty
        }
    }

    /// Lets nothing more be sent, but by permits that are out.
    pub(super) fn close(&mut self) -> Wakers {
        let mut wakers = self.slots.close();
        wakers.extend(self.told_the_end());
        wakers
    }

    /// The receiver is gone. What was in the queue, and its waker, come back.
    pub(super) fn end_receiver(&mut self) -> (VecDeque<T>, Spent) {
        self.gone = true;
        let messages = mem::take(&mut self.queue);
        self.give_back(messages.len());
        (messages, Spent(self.receiver.take()))
    }

    /// The receiver waits no longer. Its waker is the caller's to drop, unlocked.
    #[must_use]
    pub(super) fn forget_receiver(&mut self) -> Spent {
        Spent(self.receiver.take())
    }

    /// One sender more.
    pub(super) fn add_sender(&mut self) {
        self.senders += 1;
    }

    /// One sender less. Gives the receiver's waker, if it was the last.
    #[must_use]
    pub(super) fn drop_sender(&mut self) -> Option<Waker> {
        self.senders -= 1;
        self.told_the_end()
    }

    /// How many senders there are.
    pub(super) fn senders(&self) -> usize {
        self.senders
    }

    /// How many messages are in the queue.
    pub(super) fn len(&self) -> usize {
        self.queue.len()
    }

    /// How many slots there are, taken or not.
    pub(super) fn most(&self) -> usize {
        self.most
    }

    /// Whether nothing more can be sent but by permits that are out.
    pub(super) fn is_closed(&self) -> bool {
        self.senders == 0 || self.slots.is_closed()
    }
}
