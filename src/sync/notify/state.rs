//! Who waits for a notification, and which calls they have not read, without the lock.
//!
//! # Layer
//! 4: uses the wait list.

use std::collections::VecDeque;
use std::task::Waker;

use crate::sync::wait_list::{Ticket, WaitList};
use crate::sync::{Fresh, Spent, Wakers};

/// The state of a `Notify`.
pub(super) struct State {
    pub(super) permit: bool,
    pub(super) waiters: WaitList,
    /// In order of their calls, until all whom they meant have looked.
    calls: VecDeque<Call>,
}

/// A call of `notify_waiters`, which has served a stretch of tickets.
struct Call {
    /// The last number that was served before it.
    before: u64,
    /// The last that it served.
    last: u64,
    /// How many of the tickets' holders have not looked.
    unread: usize,
}

/// Made, then waiting or done; waiting, then done; done for ever.
#[derive(Debug, Clone, Copy)]
pub(super) enum Stage {
    Made,
    Waiting(Ticket),
    Done,
}

impl State {
    /// Nobody waits, and nothing is stored.
    pub(super) const fn new() -> State {
        State {
            permit: false,
            waiters: WaitList::new(),
            calls: VecDeque::new(),
        }
    }

    /// The caller wakes what is returned.
    #[inline]
    #[must_use]
    pub(super) fn notify_one(&mut self) -> Option<Waker> {
        let waker = self.waiters.pop_front();
        if waker.is_none() {
            self.permit = true;
        }
        waker
    }

    /// Lets all pass that wait.
    pub(super) fn notify_waiters(&mut self) -> Wakers {
        let (before, unread) = (self.waiters.served(), self.waiters.len());
        let wakers = self.waiters.pop_all();
        if unread > 0 {
            let last = self.waiters.served();
            self.calls.push_back(Call {
                before,
                last,
                unread,
            });
        }
        wakers
    }

    /// What a future finds that has no place yet; `over` says that its round is over.
    #[inline]
    pub(super) fn enter(&mut self, over: bool, fresh: &mut Fresh<'_>) -> Stage {
        if over || std::mem::take(&mut self.permit) {
            return Stage::Done;
        }
        let ticket = self.waiters.push_back(fresh, ());
        ticket.map_or(Stage::Made, Stage::Waiting)
    }

    /// What a future finds that has a place.
    pub(super) fn glance(&mut self, ticket: Ticket) -> Stage {
        if self.waiters.is_waiting(ticket) {
            return Stage::Waiting(ticket);
        }
        self.read(ticket);
        Stage::Done
    }

    /// The same in a poll: where it waits on, the waker in `fresh` stays behind.
    pub(super) fn look(&mut self, ticket: Ticket, fresh: &mut Fresh<'_>) -> Stage {
        let stage = self.glance(ticket);
        if let Stage::Waiting(ticket) = stage {
            self.waiters.renew(ticket, fresh);
        }
        stage
    }

    /// A future gives up. Gives the waker to wake in its stead, and its own.
    #[must_use]
    pub(super) fn leave(&mut self, ticket: Ticket) -> (Option<Waker>, Spent) {
        let own = self.waiters.leave(ticket);
        if own.0.is_some() || self.read(ticket) {
            return (None, own);
        }
        (self.notify_one(), own)
    }

    /// Counts the call of `notify_waiters` as read that served this ticket; false if there
    /// is none, for then it was `notify_one`.
    fn read(&mut self, ticket: Ticket) -> bool {
        let number = ticket.number();
        let place = self.calls.partition_point(|call| call.last < number);
        let call = self.calls.get_mut(place);
        let Some(call) = call.filter(|call| call.before < number) else {
            return false;
        };
        call.unread -= 1;
        if call.unread == 0 {
            self.calls.remove(place);
        }
        true
    }
}
