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

use std::task::Poll;

use super::{AcquireError, Semaphore, TryAcquireError};
use crate::sync::wait_list::{WaitKey, WaitList};
use crate::sync::{Fresh, Spent, Wakers};

/// The state of a semaphore.
#[derive(Debug)]
pub(crate) struct Permits {
    free: usize,
    closed: bool,
    /// The note is how many permits the waiter asks for, or, once popped, has got.
    waiters: WaitList<usize>,
}

impl Permits {
    /// `free` permits, and nobody waits.
    pub(crate) const fn new(free: usize) -> Permits {
        Permits {
            free,
            closed: false,
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
        self.closed
    }

    /// Takes `need` permits, overtaking nobody.
    #[inline]
    pub(crate) fn try_take(&mut self, need: usize) -> Result<(), TryAcquireError> {
        if self.closed {
            return Err(TryAcquireError::Closed);
        }
        if need > self.available() {
            return Err(TryAcquireError::NoPermits);
        }
        self.free -= need;
        Ok(())
    }

    /// Takes `need` permits or queues up, with the waker in `fresh`; `key` remembers the
    /// place.
    #[inline]
    pub(crate) fn poll_take(
        &mut self,
        need: usize,
        key: &mut Option<WaitKey>,
        fresh: &mut Fresh<'_>,
    ) -> Poll<Result<(), AcquireError>> {
        if key.is_none() {
            match self.try_take(need) {
                Err(TryAcquireError::NoPermits) => {}
                Ok(()) => return Poll::Ready(Ok(())),
                Err(TryAcquireError::Closed) => {
                    return Poll::Ready(Err(AcquireError(())));
                }
            }
        }
        self.poll_place(need, key, fresh)
    }

    /// The rest of `poll_take`, for whoever did not get them at once.
    #[inline]
    fn poll_place(
        &mut self,
        need: usize,
        key: &mut Option<WaitKey>,
        fresh: &mut Fresh<'_>,
    ) -> Poll<Result<(), AcquireError>> {
        match *key {
            None => *key = self.waiters.push_back(fresh, need),
            Some(place) if self.waiters.is_waiting(place) => {
                self.waiters.renew(place, fresh);
            }
            Some(place) => {
                *key = None;
                return Poll::Ready(self.take_grant(place));
            }
        }
        Poll::Pending
    }

    /// The end of a wait: what was granted, unless it has been closed since.
    #[inline]
    fn take_grant(&mut self, place: WaitKey) -> Result<(), AcquireError> {
        let (_, granted) = self.waiters.remove(place);
        if self.closed {
            self.free += granted;
            return Err(AcquireError(()));
        }
        Ok(())
    }

    /// A waiter gives up. What had been granted to it goes to the next ones; its own
    /// waker, if it waited still, is the caller's to drop, unlocked.
    pub(crate) fn leave(&mut self, place: WaitKey) -> (Wakers, Spent) {
        let (waker, note) = self.waiters.remove(place);
        let granted = if waker.is_none() { note } else { 0 };
        (self.release(granted), Spent(waker))
    }

    /// Adds `n` permits, and grants what can be granted.
    #[inline]
    pub(crate) fn release(&mut self, n: usize) -> Wakers {
        // More than that a till cannot hold; nobody counts so far.
        self.free = Semaphore::MAX_PERMITS.min(self.free + n);
        if self.waiters.is_empty() {
            return Wakers::None;
        }
        self.grant()
    }

    /// Grants permits to those who wait, in order, as far as they go.
    fn grant(&mut self) -> Wakers {
        let mut wakers = Wakers::None;
        while let Some(&mut need) = self.waiters.front_mut()
            && need <= self.free
            && let Some(waker) = self.waiters.pop_front()
        {
            self.free -= need;
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
        self.closed = true;
        let mut wakers = Wakers::default();
        while let Some(note) = self.waiters.front_mut() {
            *note = 0;
            wakers.extend(self.waiters.pop_front());
        }
        wakers
    }

    /// Whether a newcomer may take what is free without looking any further.
    pub(super) fn is_plain(&self) -> bool {
        self.waiters.is_empty() && !self.closed
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
