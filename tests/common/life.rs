//! What happens to a future and to its output: polls and drops, counted, and where.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, ThreadId};

/// The oracle that a test keeps of one future or one value.
#[derive(Debug)]
pub(crate) struct Life {
    home: ThreadId,
    polls: AtomicUsize,
    drops: AtomicUsize,
    elsewhere: AtomicUsize,
}

impl Life {
    /// An oracle for something that is at home on this thread.
    pub(crate) fn here() -> Arc<Life> {
        Life::at(thread::current().id())
    }

    /// An oracle for something that is at home on the thread `home`.
    pub(crate) fn at(home: ThreadId) -> Arc<Life> {
        let [polls, drops, elsewhere] = [0, 0, 0].map(AtomicUsize::new);
        Arc::new(Life {
            home,
            polls,
            drops,
            elsewhere,
        })
    }

    /// How often it was polled.
    pub(crate) fn polls(&self) -> usize {
        self.polls.load(Ordering::SeqCst)
    }

    /// How often it was dropped.
    pub(crate) fn drops(&self) -> usize {
        self.drops.load(Ordering::SeqCst)
    }

    /// How often it was polled or dropped on another thread than its home.
    pub(crate) fn elsewhere(&self) -> usize {
        self.elsewhere.load(Ordering::SeqCst)
    }

    /// It was dropped once, and whatever was done to it was done at home.
    #[track_caller]
    pub(crate) fn assert_ended_at_home(&self) {
        assert_eq!((self.drops(), self.elsewhere()), (1, 0), "drops, elsewhere");
    }

    /// A poll happens here.
    pub(crate) fn polled(&self) {
        self.count(&self.polls);
    }

    fn count(&self, counter: &AtomicUsize) {
        if thread::current().id() != self.home {
            self.elsewhere.fetch_add(1, Ordering::SeqCst);
        }
        counter.fetch_add(1, Ordering::SeqCst);
    }
}

/// Reports its drop to an oracle, and panics with it where it is told to.
#[derive(Debug)]
pub(crate) struct DropProbe {
    life: Arc<Life>,
    /// Whether its drop panics.
    pub(crate) panics: bool,
}

impl DropProbe {
    /// A probe that reports to `life`.
    pub(crate) fn new(life: &Arc<Life>) -> DropProbe {
        DropProbe::panicking(life, false)
    }

    /// A probe that reports to `life`, and panics with `"drop"` if `panics`.
    pub(crate) fn panicking(life: &Arc<Life>, panics: bool) -> DropProbe {
        let life = Arc::clone(life);
        DropProbe { life, panics }
    }
}

impl Drop for DropProbe {
    fn drop(&mut self) {
        self.life.count(&self.life.drops);
        assert!(!self.panics, "drop");
    }
}

/// Calls a closure when it is dropped: what a task does at its end.
pub(crate) struct OnDrop<F: FnMut()>(pub(crate) F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}
