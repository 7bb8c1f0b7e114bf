//! Which version the value has and who waits for the next, without its lock.
//!
//! # Invariants
//! 1. The version goes up by one with each change, and never down.
//! 2. Only receivers that have seen the latest version wait.
//!
//! # Layer
//! 4: uses the wait list.

use std::task::Poll;

use super::error::RecvError;
use crate::sync::wait_list::{Ticket, WaitList};
use crate::sync::{Fresh, Spent, Wakers};

/// The state of a channel.
pub(super) struct State {
    version: u64,
    pub(super) senders: usize,
    pub(super) receivers: usize,
    waiters: WaitList,
}

impl State {
    /// The first version, and a sender.
    pub(super) fn new() -> State {
        State {
            version: 0,
            senders: 1,
            receivers: 0,
            waiters: WaitList::new(),
        }
    }

    /// The value has changed.
    pub(super) fn change(&mut self) -> Wakers {
        self.version += 1;
        self.waiters.pop_all()
    }

    /// Counts the latest version as seen, and says whether it had not been.
    pub(super) fn see(&self, seen: &mut u64) -> bool {
        std::mem::replace(seen, self.version) != self.version
    }

    /// Whether there is a version after the one that was seen.
    pub(super) fn has_changed(&self, seen: u64) -> bool {
        seen != self.version
    }

    /// Ready when there is another version than the one that was seen; while there is
    /// none, the receiver waits in the list, where `ticket` remembers it.
    pub(super) fn poll_changed(
        &mut self,
        seen: &mut u64,
        ticket: &mut Option<Ticket>,
        fresh: &mut Fresh<'_>,
    ) -> Poll<Result<(), RecvError>> {
        let result = if self.see(seen) {
            Ok(())
        } else if self.senders == 0 {
            Err(RecvError(()))
        } else {
            self.waiters.wait(ticket, fresh);
            return Poll::Pending;
        };
        self.waiters.arrive(ticket);
        Poll::Ready(result)
    }

    /// A receiver waits no longer. Its waker is the caller's to drop, unlocked.
    #[must_use]
    pub(super) fn leave(&mut self, ticket: Ticket) -> Spent {
        self.waiters.leave(ticket)
    }

    /// One sender less. If it was the last, nothing will change any more.
    pub(super) fn drop_sender(&mut self) -> Wakers {
        self.senders -= 1;
        if self.senders == 0 {
            self.waiters.pop_all()
        } else {
            Wakers::default()
        }
    }
}
