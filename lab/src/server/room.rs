//! How many may be in at once: a count with a limit, and a future for "there is room".
//!
//! Connections take a place before they are accepted, so that more of them than the
//! server wants wait in the kernel's queue and cost it nothing. The same count tells the
//! end of the server when the last connection is gone.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// Counts who is in, for one that waits and any who look.
#[derive(Debug, Default)]
pub(super) struct Room {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    taken: usize,
    /// The one who waits for a place to come free: the accept loop, or the end.
    waiting: Option<Waker>,
}

impl Room {
    pub(super) fn taken(&self) -> usize {
        self.lock().taken
    }

    /// Takes a place, however many are taken.
    pub(super) fn enter(self: &Arc<Self>) -> Place {
        self.lock().taken += 1;
        Place(Arc::clone(self))
    }

    /// Takes a place if fewer than `limit` are taken.
    pub(super) fn enter_below(self: &Arc<Self>, limit: usize) -> Option<Place> {
        let mut state = self.lock();
        if state.taken >= limit {
            return None;
        }
        state.taken += 1;
        Some(Place(Arc::clone(self)))
    }

    /// Waits until fewer than `limit` places are taken. One may wait at a time.
    pub(super) fn below(&self, limit: usize) -> Below<'_> {
        Below { room: self, limit }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place taken; dropping it gives it back.
#[derive(Debug)]
pub(super) struct Place(Arc<Room>);

impl Drop for Place {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.taken -= 1;
        let waiting = state.waiting.take();
        drop(state);
        if let Some(waker) = waiting {
            waker.wake();
        }
    }
}

/// The future of [`Room::below`].
#[derive(Debug)]
pub(super) struct Below<'a> {
    room: &'a Room,
    limit: usize,
}

impl Future for Below<'_> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let waker = cx.waker().clone();
        let mut state = self.room.lock();
        if state.taken < self.limit {
            return Poll::Ready(());
        }
        let replaced = state.waiting.replace(waker);
        drop(state);
        drop(replaced);
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::pin::pin;

    #[test]
    fn a_place_given_back_lets_the_next_one_in() {
        let room = Arc::new(Room::default());
        let (first, second) = (room.enter(), room.enter_below(2));
        assert_eq!(room.taken(), 2);
        assert!(second.is_some() && room.enter_below(2).is_none());

        let mut cx = Context::from_waker(Waker::noop());
        let mut below = pin!(room.below(2));
        assert!(below.as_mut().poll(&mut cx).is_pending());
        drop(first);
        assert!(below.as_mut().poll(&mut cx).is_ready());
        drop(second);
        assert_eq!(room.taken(), 0);
    }
}
