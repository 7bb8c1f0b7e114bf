//! The future that takes permits.
//!
//! # Layer
//! 4: uses the wait list and the budget.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::{AcquireError, Semaphore};
use crate::budget;
use crate::sync::Fresh;
use crate::sync::wait_list::WaitKey;

/// Takes a number of permits, all at once, and leaves it to its caller to give them back.
#[derive(Debug)]
pub(crate) struct Acquire<'a> {
    semaphore: &'a Semaphore,
    need: usize,
    /// Its place in the wait list; none before it had to wait, and none at the end.
    place: Option<WaitKey>,
}

impl<'a> Acquire<'a> {
    /// Will take `need` permits of `semaphore`.
    pub(crate) fn new(semaphore: &'a Semaphore, need: usize) -> Acquire<'a> {
        Acquire {
            semaphore,
            need,
            place: None,
        }
    }

    /// For whom the till has refused, now or before.
    #[inline(never)]
    fn poll_locked(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), AcquireError>> {
        let Acquire {
            semaphore,
            need,
            place,
        } = self;
        // A newcomer that the till has refused will wait; who has waited is done.
        let waited = place.is_some();
        Fresh::ask(cx, waited, |fresh| {
            semaphore.locked(|permits| permits.poll_take(*need, place, fresh))
        })
    }

    /// Gives up a place, and what was granted there.
    #[inline(never)]
    fn leave(&self, place: WaitKey) {
        let left = self.semaphore.locked(|permits| permits.leave(place));
        let (others, _own) = left;
        others.wake();
    }
}

impl Future for Acquire<'_> {
    type Output = Result<(), AcquireError>;

    #[inline]
    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), AcquireError>> {
        ready!(budget::poll_ready(cx));
        // Who has a place has been refused by the till, and is granted to by others.
        let plain = self.place.is_none() && self.semaphore.till.take(self.need);
        let result = if plain {
            Ok(())
        } else {
            ready!(self.poll_locked(cx))
        };
        budget::spend();
        Poll::Ready(result)
    }
}

impl Drop for Acquire<'_> {
    #[inline]
    fn drop(&mut self) {
        if let Some(place) = self.place {
            self.leave(place);
        }
    }
}
