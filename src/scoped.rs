//! A value that is *current* on this thread for as long as a guard lives.
//!
//! "The runtime that `spawn` spawns on" and "the task that is being polled" are facts
//! about a stretch of time on one thread. A thread-local that somebody sets and somebody
//! resets goes wrong at the first panic, so here a guard resets it.
//!
//! # Invariants
//! 1. The stack holds the guards that count, in the order of their making; each has a
//!    number of its own, which is never used twice on a thread.
//! 2. Dropping a guard restores the value from before it, whatever was entered since:
//!    what was does not count any more, and its drop changes nothing.
//!
//! # Layer
//! 0: uses nothing of Kettle.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::thread::LocalKey;

/// The place of a current value: a `thread_local!` holds it.
///
/// It has no destructor: a thread-local with one is unusable while the thread's other
/// thread-locals are dropped, and a runtime may be dropped there. The stack gives its
/// memory back when the last guard leaves.
pub(crate) struct Scoped<T> {
    value: Cell<T>,
    /// Of each guard its number, and the value from before it.
    stack: ManuallyDrop<RefCell<Vec<(u64, T)>>>,
    /// How many guards there ever were.
    entered: Cell<u64>,
}

impl<T: Copy> Scoped<T> {
    /// A place where `value` is current until somebody enters another.
    pub(crate) const fn new(value: T) -> Self {
        Scoped {
            value: Cell::new(value),
            stack: ManuallyDrop::new(RefCell::new(Vec::new())),
            entered: Cell::new(0),
        }
    }

    /// The current value.
    pub(crate) fn get(&self) -> T {
        self.value.get()
    }

    /// Makes `value` current, and returns the number of its guard.
    fn push(&self, value: T) -> u64 {
        let number = self.entered.get();
        self.entered.set(number + 1);
        let before = self.value.replace(value);
        self.stack.borrow_mut().push((number, before));
        number
    }

    /// The guard `number` goes. Returns how many that were entered after it go with it.
    fn pop(&self, number: u64) -> usize {
        let mut stack = self.stack.borrow_mut();
        let Some(place) = stack.iter().rposition(|guard| guard.0 == number) else {
            return 0;
        };
        self.value.set(stack[place].1);
        let inner = stack.len() - place - 1;
        stack.truncate(place);
        if place == 0 {
            *stack = Vec::new();
        }
        inner
    }
}

/// Makes `value` current in `place` until the guard is dropped.
pub(crate) fn enter<T: Copy>(
    place: &'static LocalKey<Scoped<T>>,
    value: T,
) -> Entered<T> {
    Entered {
        place,
        number: place.with(|scoped| scoped.push(value)),
        here_only: PhantomData,
    }
}

/// While it lives, a value is current; its drop restores the one before.
///
/// # Panics
/// Dropping guards in another order than the reverse of their making panics, after the
/// value from before the dropped guard has been restored (unless a panic is under way).
#[must_use = "the value is current only as long as the guard lives"]
pub(crate) struct Entered<T: Copy + 'static> {
    place: &'static LocalKey<Scoped<T>>,
    number: u64,
    /// A guard speaks of its thread, so it must not leave it.
    here_only: PhantomData<*const ()>,
}

impl<T: Copy> Drop for Entered<T> {
    fn drop(&mut self) {
        let inner = self.place.with(|scoped| scoped.pop(self.number));
        if inner > 0 && !std::thread::panicking() {
            panic!(
                "an enter guard was dropped while {inner} entered after it lived on; \
                 drop guards in the reverse order of their making"
            );
        }
    }
}

impl<T: Copy> fmt::Debug for Entered<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entered")
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}
