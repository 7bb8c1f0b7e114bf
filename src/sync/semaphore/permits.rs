//! How many permits are free, and who waits for how many: the semaphore without its lock.
//!
//! Nothing in here waits, locks or wakes. Each method changes the state and returns whom
//! the change concerns, so that a test can drive it step by step, and the bounded channel
//! can count its slots with it under a lock of its own.
//!
//! # Invariants
//! 1. The one that has waited longest asks for more permits than are free.
//! 2. Nobody waits once it is closed, and it stays closed.
//! 3. Free and taken permits together change by `release` and `forget` alone.
//!
//! # Layer
//! 4: uses the wait list.

use std::task::{Poll, Waker};

use super::{AcquireError, Semaphore, TryAcquireError};
use crate::sync::wait_list::{Ticket, WaitList};
use crate::sync::{Fresh, Spent, Wakers};

/// The state of a semaphore.
#[derive(Debug)]
pub(crate) struct Permits {
    free: usize,
    /// Once it is closed: the last number that was served before.
    closed: Option<u64>,
    /// The note is how many permits the waiter asks for.
    waiters: WaitList<usize>,
}

impl Permits {
    /// `free` permits, and nobody waits.
    pub(crate) const fn new(free: usize) -> Permits {
        Permits {
            free,
            closed: None,
            waiters: WaitList::new(),
        }
    }

    /// How many a newcomer could have. What is free while somebody waits is meant for the
    /// one that has waited longest.
    #[inline]
    pub(crate) fn available(&self) -> usize {
        if self.waiters.is_empty() {
            self.free
        } else {
            0
        }
    }

    /// How many are not taken, be somebody waiting for them or not.
    pub(crate) fn free(&self) -> usize {
        self.free
    }

    /// Whether [`close`](Permits::close) has been called.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed.is_some()
    }

    /// Takes `need` permits, overtaking nobody.
    #[inline]
    pub(crate) fn try_take(&mut self, need: usize) -> Result<(), TryAcquireError> {
        if self.closed.is_some() {
            return Err(TryAcquireError::Closed);
        }
        if need > self.available() {
            return Err(TryAcquireError::NoPermits);
        }
        self.free -= need;
        Ok(())
    }

    /// Takes `need` permits or queues up, with the waker in `fresh`; `ticket` remembers the
    /// place.
    #[inline]
    pub(crate) fn poll_take(
        &mut self,
        need: usize,
        ticket: &mut Option<Ticket>,
        fresh: &mut Fresh<'_>,
    ) -> Poll<Result<(), AcquireError>> {
        if let Some(held) = *ticket {
            if self.waiters.is_waiting(held) {
                self.waiters.renew(held, fresh);
                return Poll::Pending;
            }
            *ticket = None;
            return Poll::Ready(self.take_grant(held, need));
        }
        match self.try_take(need) {
            Ok(()) => Poll::Ready(Ok(())),
            Err(TryAcquireError::Closed) => Poll::Ready(Err(AcquireError(()))),
            Err(TryAcquireError::NoPermits) => {
                *ticket = self.waiters.push_back(fresh, need);
                Poll::Pending
            }
        }
    }

    /// The end of a wait: what was granted, unless it has been closed since.
    #[inline]
    fn take_grant(
        &mut self,
        ticket: Ticket,
        need: usize,
    ) -> Result<(), AcquireError> {
        if self.closed.is_none() {
            return Ok(());
        }
        if self.was_granted(ticket) {
            self.free += need;
        }
        Err(AcquireError(()))
    }

    /// Whether a ticket that waits no longer got what it asked for.
    fn was_granted(&self, ticket: Ticket) -> bool {
        self.closed.is_none_or(|last| ticket.number() <= last)
    }

    /// Up to this number all tickets were granted what they asked for, and may take it;
    /// who has a higher one must ask. Once it is closed, all must.
    #[inline]
    pub(super) fn granted(&self) -> u64 {
        match self.closed {
            None => self.waiters.served(),
            Some(_) => 0,
        }
    }

    /// A waiter for `need` gives up. What had been granted to it goes to the next ones; its
    /// own waker, if it waited still, is the caller's to drop, unlocked.
    pub(crate) fn leave(&mut self, ticket: Ticket, need: usize) -> (Wakers, Spent) {
        let own = self.waiters.leave(ticket);
        let granted = own.0.is_none() && self.was_granted(ticket);
        (self.release(if granted { need } else { 0 }), own)
    }

    /// Adds `n` permits, and grants what can be granted.
    // Whom to wake then stays in registers.
    #[inline(always)]
    pub(crate) fn release(&mut self, n: usize) -> Wakers {
        // More than that a till cannot hold; nobody counts so far.
        self.free = Semaphore::MAX_PERMITS.min(self.free + n);
        if self.waiters.is_empty() {
            return Wakers::None;
        }
        match self.grant() {
            None => Wakers::None,
            // As a rule what came back is what the first one asked for.
            Some(first) if self.free == 0 => Wakers::One(first),
            Some(first) => self.grant_more(first),
        }
    }

    /// Grants permits to the one that has waited longest, if they go that far.
    #[inline]
    fn grant(&mut self) -> Option<Waker> {
        let need = *self.waiters.front()?;
        self.free = self.free.checked_sub(need)?;
        self.waiters.pop_front()
    }

    /// Grants permits to those behind the first one, in order, as far as they go.
    #[inline(never)]
    fn grant_more(&mut self, first: Waker) -> Wakers {
        let mut wakers = Wakers::One(first);
        while let Some(waker) = self.grant() {
            wakers.push(waker);
        }
        wakers
    }

    /// Takes up to `n` permits away for good, and says how many.
    pub(crate) fn forget(&mut self, n: usize) -> usize {
        let gone = n.min(self.available());
        self.free -= gone;
        gone
    }

    /// Sends all waiters away with nothing.
    pub(crate) fn close(&mut self) -> Wakers {
        self.closed.get_or_insert(self.waiters.served());
        self.waiters.pop_all()
    }

    /// Whether a newcomer may take what is free without looking any further.
    pub(super) fn is_plain(&self) -> bool {
        self.waiters.is_empty() && self.closed.is_none()
    }

    /// Takes all that is free, to be kept elsewhere while it is plain.
    pub(super) fn carry_out(&mut self) -> usize {
        std::mem::take(&mut self.free)
    }

    /// Brings back what was kept elsewhere.
    pub(super) fn carry_in(&mut self, free: usize) {
        self.free += free;
    }
}
