//! A value that is *current* on this thread for as long as a guard lives.
//!
//! "The runtime that `spawn` spawns on" and "the task that is being polled" are facts
//! about a stretch of time on one thread. A thread-local that somebody sets and somebody
//! resets goes wrong at the first panic, so here a guard resets it.
//!
//! # Invariants
//! 1. `depth` counts the guards that count; a guard remembers its own depth, and a number
//!    that is never used twice on a thread.
//! 2. Dropping a guard restores the value from before it, whatever was entered since.
//! 3. What was entered since does not count any more: it is lost, and its drop changes
//!    nothing.
//!
//! # Layer
//! 0: uses nothing of Kettle.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::ops::Range;
use std::thread::LocalKey;

/// The place of a current value: a `thread_local!` holds it.
pub(crate) struct Scoped<T> {
    value: Cell<T>,
    depth: Cell<u32>,
    /// How many guards there ever were: the next one's number.
    entered: Cell<u64>,
    /// How many guards live and do not count (invariant 3). There are none where guards are
    /// dropped in the reverse order of their making.
    lost_alive: Cell<u32>,
    /// Their numbers are in here.
    // Without a destructor: a thread-local with one is unusable while the thread's other
    // thread-locals are dropped, and a runtime may be dropped there.
    lost: ManuallyDrop<RefCell<Vec<Range<u64>>>>,
}

impl<T: Copy> Scoped<T> {
    /// A place where `value` is current until somebody enters another.
    pub(crate) const fn new(value: T) -> Self {
        Scoped {
            value: Cell::new(value),
            depth: Cell::new(0),
            entered: Cell::new(0),
            lost_alive: Cell::new(0),
            lost: ManuallyDrop::new(RefCell::new(Vec::new())),
        }
    }

    /// The current value.
    pub(crate) fn get(&self) -> T {
        self.value.get()
    }
}

/// Makes `value` current in `place` until the guard is dropped.
#[inline]
pub(crate) fn enter<T: Copy>(
    place: &'static LocalKey<Scoped<T>>,
    value: T,
) -> Entered<T> {
    place.with(|scoped| {
        let depth = scoped.depth.get() + 1;
        scoped.depth.set(depth);
        let number = scoped.entered.get();
        scoped.entered.set(number + 1);
        Entered {
            place,
            before: scoped.value.replace(value),
            depth,
            number,
            here_only: PhantomData,
        }
    })
}

impl<T: Copy> Scoped<T> {
    /// `guard` goes. Returns how many that were entered after it are lost with it.
    #[inline]
    fn leave(&self, guard: &Entered<T>) -> u32 {
        if self.lost_alive.get() == 0 && self.depth.get() == guard.depth {
            self.restore(guard);
            return 0;
        }
        self.leave_out_of_order(guard)
    }

    #[inline]
    fn restore(&self, guard: &Entered<T>) {
        self.value.set(guard.before);
        self.depth.set(guard.depth - 1);
    }

    #[cold]
    fn leave_out_of_order(&self, guard: &Entered<T>) -> u32 {
        let mut lost = self.lost.borrow_mut();
        if lost.iter().any(|it| it.contains(&guard.number)) {
            self.lost_alive.set(self.lost_alive.get() - 1);
            if self.lost_alive.get() == 0 {
                *lost = Vec::new();
            }
            return 0;
        }
        let inner = self.depth.get() - guard.depth;
        self.restore(guard);
        if inner > 0 {
            lost.push(guard.number + 1..self.entered.get());
            self.lost_alive.set(self.lost_alive.get() + inner);
        }
        inner
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
    before: T,
    depth: u32,
    number: u64,
    /// A guard speaks of its thread, so it must not leave it.
    here_only: PhantomData<*const ()>,
}

impl<T: Copy> Drop for Entered<T> {
    #[inline]
    fn drop(&mut self) {
        let inner = self.place.with(|scoped| scoped.leave(self));
        if inner > 0 {
            complain(inner);
        }
    }
}

#[cold]
fn complain(inner: u32) {
    assert!(
        std::thread::panicking(),
        "an enter guard was dropped while {inner} entered after it lived on; drop guards \
         in the reverse order of their making"
    );
}

impl<T: Copy + fmt::Debug> fmt::Debug for Entered<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entered")
            .field("before", &self.before)
            .finish_non_exhaustive()
    }
}
