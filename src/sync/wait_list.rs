//! Who waits, in order of arrival: the list behind every primitive.
//!
//! The usual list links nodes that lie inside the waiting futures. That needs no memory
//! of its own, and a page of reasoning why no future moves or goes while it is linked.
//! Here it is as at a post office: who comes draws a ticket and stands in line, the line
//! belongs to the primitive, and a future holds nothing but the number of its ticket.
//!
//! # How it works
//! ```text
//!   push_back      +----+----+----+----+      pop_front
//!   draws 9 ---->  |  8 |  - |  6 |  5 |  --> 5 is the last served
//!                  +----+----+----+----+
//!                          7 has left
//! ```
//! Tickets are served in order, so the number that was served last says all: to learn
//! that its wait is over, a future compares two numbers. Who leaves early leaves a gap;
//! gaps go when they come to the front, or when they are more than half of the line.
//!
//! # Invariants
//! 1. Tickets in the line go up by their numbers, and none is drawn twice.
//! 2. A place in the line is a gap exactly if it has no waker. The first is none.
//! 3. Wakers come in and go out by value. No method clones, wakes or drops one, so that a
//!    list can live behind a lock.
//!
//! # Memory
//! A place takes 24 bytes and its note. The line is at most twice as long as those who wait
//! are many; what it once had room for is kept for the next to come.
//!
//! # Layer
//! 4: uses nothing of the primitives.

use std::collections::VecDeque;
use std::fmt;
use std::num::NonZeroU64;
use std::task::Waker;

use super::{Fresh, Spent, Wakers};

/// A line of waiters, each with a note `T` about what it waits for.
pub(super) struct WaitList<T = ()> {
    line: VecDeque<Place<T>>,
    /// What the next one to come draws.
    next: Ticket,
    /// The number that was served last, and 0 before.
    served: u64,
    /// Places in the line whose waiters have left.
    gaps: usize,
}

/// A waiter's number. 0 is none, so that `Option<Ticket>` takes eight bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ticket(NonZeroU64);

struct Place<T> {
    ticket: Ticket,
    waker: Option<Waker>,
    note: T,
}

impl<T> WaitList<T> {
    /// An empty list, which takes no memory.
    pub(super) const fn new() -> WaitList<T> {
        WaitList {
            line: VecDeque::new(),
            next: Ticket(NonZeroU64::MIN),
            served: 0,
            gaps: 0,
        }
    }

    /// Whether nobody waits.
    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.line.is_empty()
    }

    /// How many wait.
    pub(super) fn len(&self) -> usize {
        self.line.len() - self.gaps
    }

    /// Puts the waker in `fresh` at the end; if none is there, it is wanted.
    #[inline]
    pub(super) fn push_back(
        &mut self,
        fresh: &mut Fresh<'_>,
        note: T,
    ) -> Option<Ticket> {
        let waker = Some(fresh.take()?);
        let ticket = self.next;
        self.next = Ticket(ticket.0.saturating_add(1));
        self.line.push_back(Place {
            ticket,
            waker,
            note,
        });
        Some(ticket)
    }

    /// The note of the one that has waited longest.
    #[inline]
    pub(super) fn front(&self) -> Option<&T> {
        self.line.front().map(|first| &first.note)
    }

    /// Serves the one that has waited longest; the caller wakes what is returned.
    #[inline]
    pub(super) fn pop_front(&mut self) -> Option<Waker> {
        let first = self.line.pop_front()?;
        self.served = first.ticket.number();
        if self.gaps > 0 {
            self.close_gaps();
        }
        first.waker
    }

    /// Serves all, in order.
    pub(super) fn pop_all(&mut self) -> Wakers {
        let mut wakers = Wakers::default();
        while let Some(waker) = self.pop_front() {
            wakers.push(waker);
        }
        wakers
    }

    /// The number that was served last: all up to it have been served.
    #[inline]
    pub(super) fn served(&self) -> u64 {
        self.served
    }

    /// Whether the ticket, whose holder has not left, is to be served yet.
    #[inline]
    pub(super) fn is_waiting(&self, ticket: Ticket) -> bool {
        ticket.number() > self.served
    }

    /// Sees to it that the task of `fresh` is woken from now on.
    pub(super) fn renew(&mut self, ticket: Ticket, fresh: &mut Fresh<'_>) {
        debug_assert!(self.is_waiting(ticket), "who was served has no place");
        if let Some(place) = self.place(ticket) {
            fresh.renew(&mut self.line[place].waker);
        }
    }

    /// The holder of the ticket waits no longer. Its waker, which is there if it had not
    /// been served, is the caller's to drop, unlocked.
    #[must_use]
    pub(super) fn leave(&mut self, ticket: Ticket) -> Spent {
        let Some(place) = self.place(ticket) else {
            return Spent(None);
        };
        let waker = self.line[place].waker.take();
        self.gaps += 1;
        self.close_gaps();
        Spent(waker)
    }

    /// Where in the line the ticket is. It may not be the `n`th after the first, for there
    /// may have been gaps that are closed.
    fn place(&self, ticket: Ticket) -> Option<usize> {
        self.line
            .binary_search_by_key(&ticket, |place| place.ticket)
            .ok()
    }

    /// Sees to invariant 2, and to it that a line with gaps does not grow for ever.
    fn close_gaps(&mut self) {
        while self.line.front().is_some_and(|place| place.waker.is_none()) {
            self.line.pop_front();
            self.gaps -= 1;
        }
        if self.gaps > self.line.len() / 2 {
            self.line.retain(|place| place.waker.is_some());
            self.gaps = 0;
        }
    }
}

/// For whoever waits to be let go with all others, and has nothing to say.
impl WaitList<()> {
    /// Goes on waiting with `ticket`, or draws one and remembers it there.
    pub(super) fn wait(
        &mut self,
        ticket: &mut Option<Ticket>,
        fresh: &mut Fresh<'_>,
    ) {
        match *ticket {
            Some(ticket) => self.renew(ticket, fresh),
            None => *ticket = self.push_back(fresh, ()),
        }
    }

    /// The wait for `ticket` is over, if there was one: it was served.
    pub(super) fn arrive(&mut self, ticket: &mut Option<Ticket>) {
        let waits = ticket.take().is_some_and(|ticket| self.is_waiting(ticket));
        debug_assert!(!waits, "who is ready has been served");
    }
}

impl<T> Default for WaitList<T> {
    fn default() -> WaitList<T> {
        WaitList::new()
    }
}

impl<T> fmt::Debug for WaitList<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitList")
            .field("waiting", &self.len())
            .finish_non_exhaustive()
    }
}

impl Ticket {
    /// Its number.
    #[inline]
    pub(super) fn number(self) -> u64 {
        self.0.get()
    }
}
