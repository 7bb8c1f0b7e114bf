//! A value that is *current* on this thread for as long as a guard lives.
//!
//! "The runtime that `spawn` spawns on" and "the task that is being polled" are facts
//! about a stretch of time on one thread. A thread-local that somebody sets and somebody
//! resets goes wrong at the first panic, so here a guard resets it.
//!
//! # Invariants
//! 1. `depth` counts the guards alive on this thread; a guard remembers its own depth.
//! 2. Dropping a guard restores the value from before it, whatever was entered since.
//!
//! # Layer
//! 0: uses nothing of Kettle.

use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;
use std::thread::LocalKey;

/// The place of a current value: a `thread_local!` holds it.
pub(crate) struct Scoped<T> {
    value: Cell<T>,
    depth: Cell<u32>,
}

impl<T: Copy> Scoped<T> {
    /// A place where `value` is current until somebody enters another.
    pub(crate) const fn new(value: T) -> Self {
        Scoped {
            value: Cell::new(value),
            depth: Cell::new(0),
        }
    }

    /// The current value.
    pub(crate) fn get(&self) -> T {
        self.value.get()
    }
}

/// Makes `value` current in `place` until the guard is dropped.
pub(crate) fn enter<T: Copy>(
    place: &'static LocalKey<Scoped<T>>,
    value: T,
) -> Entered<T> {
    place.with(|scoped| {
        let depth = scoped.depth.get() + 1;
        scoped.depth.set(depth);
        Entered {
            place,
            before: scoped.value.replace(value),
            depth,
            here_only: PhantomData,
        }
    })
}

/// While it lives, a value is current; its drop restores the one before.
///
/// # Panics
/// Dropping guards in another order than the reverse of their making panics, after the
/// value from before the dropped guard has been restored (unless a panic is under way).
#[must_use = "the value is current only as long as the guard lives"]
pub(crate) struct Entered<T: Copy + 'static> {
    place: &'static LocalKey<Scoped<T>>,
    before: T,
    depth: u32,
    /// A guard speaks of its thread, so it must not leave it.
    here_only: PhantomData<*const ()>,
}

impl<T: Copy> Drop for Entered<T> {
    fn drop(&mut self) {
        let inner = self.place.with(|scoped| {
            let depth = scoped.depth.get();
            if depth >= self.depth {
                scoped.value.set(self.before);
                scoped.depth.set(self.depth - 1);
            }
            depth.saturating_sub(self.depth)
        });
        if inner > 0 && !std::thread::panicking() {
            panic!(
                "an enter guard was dropped while {inner} entered after it lived on; \
                 drop guards in the reverse order of their making"
            );
        }
    }
}

impl<T: Copy + fmt::Debug> fmt::Debug for Entered<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entered")
            .field("before", &self.before)
            .finish_non_exhaustive()
    }
}
