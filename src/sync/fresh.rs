//! The waker of the poll under way, on its way into a state machine.
//!
//! A clone is foreign code, so it is made before the lock; under the lock it is put in,
//! swapped for an older one, or left where it is; the lock is opened; and what is left is
//! dropped. Whether the state machine needs a clone at all shows only under the lock. So
//! whoever expects to be ready, or to have left his waker there already, begins without
//! one, and in the rare case that it is wanted after all, clones and asks again.
//!
//! # Layer
//! 4: uses nothing of the other primitives.

use std::mem;
use std::task::{Context, Waker};

use crate::waker::quietly;

/// The waker of a poll, with a clone to leave behind or without.
#[derive(Debug)]
pub(super) struct Fresh<'a> {
    waker: &'a Waker,
    clone: Spent,
    /// There was no clone, and one would have been left behind.
    wanted: bool,
}

impl<'a> Fresh<'a> {
    /// With a clone, for whoever will have to wait.
    #[inline]
    pub(super) fn of(cx: &Context<'a>) -> Fresh<'a> {
        Fresh::cloned(cx.waker())
    }

    /// A waker that does nothing, with a clone.
    pub(super) fn noop() -> Fresh<'static> {
        Fresh::cloned(Waker::noop())
    }

    #[inline]
    fn cloned(waker: &'a Waker) -> Fresh<'a> {
        Fresh {
            waker,
            clone: Spent(Some(waker.clone())),
            wanted: false,
        }
    }

    /// Runs `ask` without a clone, and again with one if one is wanted. For whoever
    /// expects not to need it. Its answer must not hold a lock.
    #[inline]
    pub(super) fn lazily<R>(
        cx: &Context<'_>,
        ask: impl FnMut(&mut Fresh<'_>) -> R,
    ) -> R {
        Fresh::ask(cx, true, ask)
    }

    /// Runs `ask` without a clone if `expected` not to need it, else with one.
    // A loop, where a second call would say the same: `ask` is inlined once.
    #[inline]
    pub(super) fn ask<R>(
        cx: &Context<'_>,
        expected: bool,
        mut ask: impl FnMut(&mut Fresh<'_>) -> R,
    ) -> R {
        let waker = cx.waker();
        let mut fresh = Fresh {
            waker,
            clone: Spent((!expected).then(|| waker.clone())),
            wanted: false,
        };
        loop {
            let answer = ask(&mut fresh);
            if !fresh.wanted {
                return answer;
            }
            drop(answer);
            fresh = Fresh::of(cx);
        }
    }

    /// The clone, if there is one; if not, it is wanted.
    #[inline]
    pub(super) fn take(&mut self) -> Option<Waker> {
        self.wanted = self.clone.0.is_none();
        self.clone.0.take()
    }

    /// Sees to it that the waker in `place` wakes the task of this poll.
    #[inline]
    pub(super) fn renew(&mut self, place: &mut Option<Waker>) {
        let fits = |old: &Waker| old.will_wake(self.waker);
        if place.as_ref().is_some_and(fits) {
            return;
        }
        self.wanted = self.clone.0.is_none();
        if !self.wanted {
            mem::swap(&mut self.clone.0, place);
        }
    }
}

/// A waker that nobody needs any more, to be dropped while nothing is locked.
#[derive(Debug)]
pub(super) struct Spent(pub(super) Option<Waker>);

impl Drop for Spent {
    /// A panic of the waker's own drop goes no further: what the caller has got, a permit
    /// or a message, would be lost with it.
    #[inline]
    fn drop(&mut self) {
        if let Some(waker) = self.0.take() {
            drop_quietly(waker);
        }
    }
}

#[inline(never)]
fn drop_quietly(waker: Waker) {
    quietly(|| drop(waker));
}
