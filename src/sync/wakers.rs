//! Wakers that a state machine hands out, to be woken once its lock is open again.
//!
//! A waker is foreign code: it may call back into the primitive, or panic. So a state
//! machine never wakes; it returns whom to wake, and its caller does.
//!
//! # Invariants
//! 1. If one waker panics, the others are woken all the same.
//!
//! # Layer
//! 4: uses nothing of the other primitives.

use std::task::Waker;

use crate::waker::quietly;

/// Any number of wakers, in the order in which they are to be woken. The first needs no
/// memory: most changes of state wake one waiter or none.
#[derive(Debug, Default)]
#[must_use = "whoever is in it sleeps on until it is woken"]
pub(super) struct Wakers {
    first: Option<Waker>,
    rest: Vec<Waker>,
}

impl Wakers {
    /// One more, behind the others.
    pub(super) fn push(&mut self, waker: Waker) {
        match self.first {
            None => self.first = Some(waker),
            Some(_) => self.rest.push(waker),
        }
    }

    /// One more, if there is one.
    pub(super) fn extend(&mut self, waker: Option<Waker>) {
        if let Some(waker) = waker {
            self.push(waker);
        }
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    /// Wakes all.
    ///
    /// A panic of a waker goes no further: the caller has a message or a permit in hand
    /// that would be lost with it, and is not to blame.
    pub(super) fn wake(self) {
        for waker in self.first.into_iter().chain(self.rest) {
            quietly(|| waker.wake());
        }
    }
}

impl From<Option<Waker>> for Wakers {
    fn from(first: Option<Waker>) -> Wakers {
        let rest = Vec::new();
        Wakers { first, rest }
    }
}
