//! Which task is being polled on this thread, and whether it has woken itself.
//!
//! A task that gives way wakes itself while it is polled. Then there is nothing to look
//! up: it is noted here, and the loop sees it when the poll is over. So a `yield_now`
//! costs a quarter of what another task's wake does. It goes to the end of the queue
//! after its poll, behind those that it woke meanwhile; tokio keeps the same order.
//!
//! # Layer
//! 4: uses ids and keys.

use std::cell::Cell;

use super::Id;
use crate::trace::{self, Event};
use crate::waker::Key;

thread_local! {
    static POLLED: Polled = const {
        Polled {
            id: Cell::new(None),
            key: Cell::new(Key::NOBODY),
            woken: Cell::new(false),
        }
    };
}

struct Polled {
    id: Cell<Option<Id>>,
    /// `NOBODY` where the poll is not a slot's.
    key: Cell<Key>,
    woken: Cell<bool>,
}

/// The task `id`, in the slot of `key`, is polled from now on.
#[inline]
pub(crate) fn begin(id: Id, key: Key) {
    POLLED.with(|polled| {
        polled.id.set(Some(id));
        polled.key.set(key);
        polled.woken.set(false);
    });
}

/// Nothing is polled any more.
#[inline]
pub(crate) fn end() {
    POLLED.with(|polled| {
        polled.id.set(None);
        polled.key.set(Key::NOBODY);
    });
}

/// Whether the task has woken itself since its poll began.
#[inline]
pub(crate) fn has_woken_itself() -> bool {
    POLLED.with(|polled| polled.woken.get())
}

/// Notes a wake of `key`, if that is the task that is being polled.
#[inline]
pub(super) fn wake(key: Key) -> bool {
    POLLED.with(|polled| {
        let itself = polled.key.get() == key;
        if itself {
            let queued = !polled.woken.replace(true);
            if let Some(id) = polled.id.get() {
                let task = id.traced();
                trace::emit(|by| Event::Wake { task, queued, by });
            }
        }
        itself
    })
}

/// The task that is being polled.
#[inline]
pub(super) fn id() -> Option<Id> {
    POLLED.with(|polled| polled.id.get())
}
