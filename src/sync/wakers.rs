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

/// Any number of wakers, in the order in which they are to be woken. Most changes of
/// state wake one waiter or none, so only more than one take memory.
#[derive(Debug, Default)]
#[must_use = "whoever is in it sleeps on until it is woken"]
pub(super) enum Wakers {
    /// Nobody.
    #[default]
    None,
    /// One.
    One(Waker),
    /// Two or more.
    Many(Vec<Waker>),
}

impl Wakers {
    /// One more, behind the others.
    pub(super) fn push(&mut self, waker: Waker) {
        match self {
            Wakers::None => *self = Wakers::One(waker),
            Wakers::Many(wakers) => wakers.push(waker),
            Wakers::One(_) => {
                if let Wakers::One(first) = std::mem::take(self) {
                    *self = Wakers::Many(vec![first, waker]);
                }
            }
        }
    }

    /// One more, if there is one.
    #[inline]
    pub(super) fn extend(&mut self, waker: Option<Waker>) {
        if let Some(waker) = waker {
            self.push(waker);
        }
    }

    /// Whether there is none.
    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        matches!(self, Wakers::None)
    }

    /// Wakes all.
    ///
    /// A panic of a waker goes no further: the caller has a message or a permit in hand
    /// that would be lost with it, and is not to blame.
    #[inline]
    pub(super) fn wake(self) {
        match self {
            Wakers::None => {}
            Wakers::One(waker) => quietly(|| waker.wake()),
            Wakers::Many(wakers) => wakers
                .into_iter()
                .for_each(|waker| quietly(|| waker.wake())),
        }
    }
}

impl From<Option<Waker>> for Wakers {
    #[inline]
    fn from(waker: Option<Waker>) -> Wakers {
        waker.map_or(Wakers::None, Wakers::One)
    }
}
