//! The waker of the poll under way, on its way into a state machine.
//!
//! It is cloned before the lock, since a clone is foreign code. Under the lock it is put
//! in, swapped for an older one, or left where it is; the lock is opened; and what is in
//! here then is dropped.
//!
//! # Layer
//! 4: uses nothing of the other primitives.

use std::mem;
use std::task::{Context, Waker};

use crate::waker::quietly;

/// A waker to leave behind, or one that was left behind and is to be dropped unlocked.
#[derive(Debug)]
pub(super) struct Fresh(Option<Waker>);

impl Fresh {
    /// The waker of a poll.
    pub(super) fn of(cx: &Context<'_>) -> Fresh {
        Fresh(Some(cx.waker().clone()))
    }

    /// A waker that does nothing.
    pub(super) fn noop() -> Fresh {
        Fresh(Some(Waker::noop().clone()))
    }

    /// Puts the waker into `place`, and takes out the one that was there.
    pub(super) fn swap(&mut self, place: &mut Option<Waker>) {
        mem::swap(&mut self.0, place);
    }
}

impl From<Option<Waker>> for Fresh {
    fn from(waker: Option<Waker>) -> Fresh {
        Fresh(waker)
    }
}

impl Drop for Fresh {
    /// A panic of the waker's own drop goes no further: what the poll has got, a permit
    /// or a message, would be lost with it.
    fn drop(&mut self) {
        let waker = self.0.take();
        quietly(|| drop(waker));
    }
}
