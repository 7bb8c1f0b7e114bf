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

use std::mem;
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
    #[inline]
    pub(super) fn push(&mut self, waker: Waker) {
        if self.is_empty() {
            // An assignment would ask what is to be dropped. Nothing is.
            mem::forget(mem::replace(self, Wakers::One(waker)));
        } else {
            self.push_another(waker);
        }
    }

    #[inline(never)]
    fn push_another(&mut self, waker: Waker) {
        *self = match mem::take(self) {
            Wakers::None => Wakers::One(waker),
            Wakers::One(first) => Wakers::Many(vec![first, waker]),
            Wakers::Many(mut wakers) => {
                wakers.push(waker);
                Wakers::Many(wakers)
            }
        };
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

    /// Opens a lock, then wakes all.
    // Asked while it is locked: where nobody is to be woken, as mostly, whoever has just
    // found that out is not asked again.
    #[inline]
    pub(super) fn wake_behind(self, lock: impl Sized) {
        if self.is_empty() {
            return drop(lock);
        }
        drop(lock);
        self.wake();
    }

    /// Wakes all.
    ///
    /// A panic of a waker goes no further: the caller has a message or a permit in hand
    /// that would be lost with it, and is not to blame.
    // Mostly there is none, and only that question is asked in the caller's own code.
    #[inline]
    pub(super) fn wake(self) {
        match self {
            Wakers::None => {}
            Wakers::One(waker) => wake_alone(waker),
            Wakers::Many(wakers) => wake_each(wakers),
        }
    }
}

/// Wakes one, if there is one, as [`Wakers::wake`] does.
#[inline]
pub(super) fn wake(waker: Option<Waker>) {
    if let Some(waker) = waker {
        wake_alone(waker);
    }
}

#[inline(never)]
fn wake_alone(waker: Waker) {
    quietly(|| waker.wake());
}

#[inline(never)]
fn wake_each(wakers: Vec<Waker>) {
    for waker in wakers {
        quietly(|| waker.wake());
    }
}
