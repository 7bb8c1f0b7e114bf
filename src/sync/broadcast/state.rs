//! The ring of values and who waits for the next, without its lock.
//!
//! # Invariants
//! 1. Values are numbered from 0; the ring holds the last ones, up to `next`.
//! 2. A slot has its value as long as a receiver that was there when it was sent has it
//!    before it: `unseen` of them.
//! 3. Only receivers that have seen all wait.
//! 4. Values and wakers come in and go out by value; nothing is dropped in here.
//!
//! # Layer
//! 4: uses the wait list.

use std::collections::VecDeque;
use std::task::Poll;

use super::Message;
use super::error::{RecvError, TryRecvError};
use crate::sync::wait_list::{Ticket, WaitList};
use crate::sync::{Fresh, Spent, Wakers};

/// The state of a channel.
pub(super) struct State<T> {
    ring: VecDeque<Slot<T>>,
    capacity: usize,
    /// The number of the next value.
    next: u64,
    pub(super) senders: usize,
    pub(super) receivers: usize,
    waiters: WaitList,
}

struct Slot<T> {
    message: Option<Message<T>>,
    unseen: usize,
}

/// What a send has done.
#[must_use]
pub(super) struct Sent<T> {
    pub(super) receivers: usize,
    pub(super) wakers: Wakers,
    /// The value that the ring has gone over, to be dropped unlocked.
    pub(super) _over: Option<Message<T>>,
}

impl<T> State<T> {
    /// An empty channel with a sender.
    pub(super) fn new(capacity: usize) -> State<T> {
        State {
            ring: VecDeque::new(),
            capacity,
            next: 0,
            senders: 1,
            receivers: 0,
            waiters: WaitList::new(),
        }
    }

    /// Puts a value into the ring, or gives it back if nobody is there to see it.
    pub(super) fn send(
        &mut self,
        message: Message<T>,
    ) -> Result<Sent<T>, Message<T>> {
        if self.receivers == 0 {
            return Err(message);
        }
        let full = self.ring.len() == self.capacity;
        let over = if full { self.ring.pop_front() } else { None };
        self.ring.push_back(Slot {
            message: Some(message),
            unseen: self.receivers,
        });
        self.next += 1;
        Ok(Sent {
            receivers: self.receivers,
            wakers: self.waiters.pop_all(),
            _over: over.and_then(|slot| slot.message),
        })
    }

    /// Another receiver. Gives its place: it will see what is sent from now on.
    pub(super) fn subscribe(&mut self) -> u64 {
        self.receivers += 1;
        self.next
    }

    /// The receiver at `place` is gone. Gives the values that nobody is to see any more.
    #[must_use]
    pub(super) fn unsubscribe(&mut self, place: u64) -> Vec<Message<T>> {
        self.receivers -= 1;
        let seen = place.saturating_sub(self.oldest()) as usize;
        let unseen = self.ring.iter_mut().skip(seen);
        unseen.filter_map(Slot::see).collect()
    }

    /// The value at `place`, which moves on.
    pub(super) fn try_recv(
        &mut self,
        place: &mut u64,
    ) -> Result<Message<T>, TryRecvError> {
        let oldest = self.oldest();
        if *place < oldest {
            let missed = oldest - *place;
            *place = oldest;
            return Err(TryRecvError::Lagged(missed));
        }
        let Some(slot) = self.ring.get_mut((*place - oldest) as usize) else {
            return Err(match self.senders {
                0 => TryRecvError::Closed,
                _ => TryRecvError::Empty,
            });
        };
        *place += 1;
        let last = slot.see();
        let message = last.or_else(|| slot.message.clone());
        Ok(message.expect("invariant 2: this receiver had not seen it"))
    }

    /// As `try_recv`; while there is nothing, the receiver waits in the list, where `ticket`
    /// remembers it.
    pub(super) fn poll_recv(
        &mut self,
        place: &mut u64,
        ticket: &mut Option<Ticket>,
        fresh: &mut Fresh<'_>,
    ) -> Poll<Result<Message<T>, RecvError>> {
        let received = self.try_recv(place).map_err(|error| match error {
            TryRecvError::Empty => None,
            TryRecvError::Closed => Some(RecvError::Closed),
            TryRecvError::Lagged(missed) => Some(RecvError::Lagged(missed)),
        });
        let result = match received {
            Ok(message) => Ok(message),
            Err(Some(error)) => Err(error),
            Err(None) => {
                self.waiters.wait(ticket, fresh);
                return Poll::Pending;
            }
        };
        self.waiters.arrive(ticket);
        Poll::Ready(result)
    }

    /// A receiver waits no longer. Its waker is the caller's to drop, unlocked.
    #[must_use]
    pub(super) fn leave(&mut self, ticket: Ticket) -> Spent {
        self.waiters.leave(ticket)
    }

    /// One sender less. If it was the last, no value will come any more.
    pub(super) fn drop_sender(&mut self) -> Wakers {
        self.senders -= 1;
        if self.senders == 0 {
            self.waiters.pop_all()
        } else {
            Wakers::default()
        }
    }

    /// How many values somebody has before him. Those come last: who has one before him
    /// has all later ones.
    pub(super) fn len(&self) -> usize {
        let seen = self.ring.partition_point(|slot| slot.unseen == 0);
        self.ring.len() - seen
    }

    /// How many values were sent that the receiver at `place` has not seen.
    pub(super) fn behind(&self, place: u64) -> usize {
        (self.next - place) as usize
    }

    /// The number of the oldest value in the ring.
    fn oldest(&self) -> u64 {
        self.next - self.ring.len() as u64
    }
}

impl<T> Slot<T> {
    /// One receiver less has it before it. Gives the value, if that was the last.
    fn see(&mut self) -> Option<Message<T>> {
        self.unseen -= 1;
        if self.unseen == 0 {
            self.message.take()
        } else {
            None
        }
    }
}
