//! The number of a task, unique in the process, and the task that is being polled.
//!
//! # Layer
//! 4: uses the trace's numbers, and what notes which task is polled.

use std::cell::Cell;
use std::fmt;
use std::num::NonZeroU64;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

use super::polled;
use crate::trace;

/// A task's number. No two tasks of a process ever have the same one.
///
/// Numbers are not in the order of spawning across runtimes: each runtime draws them in
/// blocks.
///
/// ```
/// use kettle::runtime::Builder;
///
/// let runtime = Builder::new_current_thread().build()?;
/// runtime.block_on(async {
///     let (one, two) = (kettle::spawn(async {}), kettle::spawn(async {}));
///     assert_ne!(one.id(), two.id());
/// });
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(NonZeroU64);

impl Id {
    /// The number as such.
    pub(crate) fn get(self) -> u64 {
        self.0.get()
    }

    /// The task in the eyes of the recorder.
    pub(crate) fn traced(self) -> trace::Task {
        trace::Task(self.get())
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Id").field(&self.0).finish()
    }
}

/// How many ids a runtime draws at once: it shares the counter with all others, and an
/// atomic addition for every spawn would be a quarter of the spawn.
const BLOCK: u64 = 1024;

/// The next id that nobody has drawn. Relaxed: only the addition must be atomic, nothing
/// is published through it. At a billion tasks a second it lasts 584 years.
static NEXT: AtomicU64 = AtomicU64::new(1);

/// One runtime's supply of ids.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    next: Cell<u64>,
    /// The first that is not in the block.
    end: Cell<u64>,
}

impl Ids {
    /// A new id.
    pub(crate) fn draw(&self) -> Id {
        let mut id = self.next.get();
        if id == self.end.get() {
            id = NEXT.fetch_add(BLOCK, Relaxed);
            self.end.set(id + BLOCK);
        }
        self.next.set(id + 1);
        number(id)
    }
}

/// A new id for a task that is spawned from elsewhere, away from its runtime's supply.
pub(crate) fn draw_one() -> Id {
    number(NEXT.fetch_add(1, Relaxed))
}

fn number(id: u64) -> Id {
    Id(NonZeroU64::new(id)
        .expect("the counter starts at 1 and does not come round"))
}

/// The id of the task that is being polled on this thread, or `None` outside of one.
///
/// The main future of `block_on` is a task too, and has an id; in tokio it has none.
///
/// ```
/// assert!(kettle::task::try_id().is_none(), "no runtime here");
/// ```
pub fn try_id() -> Option<Id> {
    polled::id()
}

/// The id of the task that is being polled on this thread.
///
/// # Panics
/// Outside of a task.
#[track_caller]
pub fn id() -> Id {
    try_id().expect(
        "task::id() was called outside of a task; use task::try_id() where there may \
         be none",
    )
}
