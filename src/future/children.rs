//! Many futures under one roof, of which only those are polled that were woken.
//!
//! A join of ten thousand futures that polls all of them each time one is woken does ten
//! thousand times ten thousand polls. So each child gets a waker of its own, which notes
//! the child's key and then wakes the parent. [`join_all`](super::join_all()),
//! [`try_join_all`](super::try_join_all()) and
//! [`FuturesUnordered`](super::FuturesUnordered) are a few lines over this.
//!
//! The wakers are `Arc`s, unlike those of Kettle's tasks: a key alone would need a place
//! that every thread can find it from, and here there is no runtime that has one.
//!
//! # How it works
//! ```text
//!   child's waker (Bell) ──key──▶ Mail: woken ──begin──▶ batch ──poll_one──▶ the child
//!            └──────────────────▶ Mail: parent's waker
//! ```
//! 1. A new child counts as woken.
//! 2. `begin` opens a poll of the parent: it leaves the parent's waker in the mail and
//!    moves the woken keys to the batch.
//! 3. `poll_one` polls along the batch until a child is ready or the batch is empty.
//!
//! # Invariants
//! 1. While its bell says `rung`, the key of a child is in `woken` or in `batch`, once.
//! 2. While a child that lives is `rung`, the parent has been woken or is being polled.
//! 3. A child that was ready, or that panicked, has left its slot. Its siblings stay as
//!    they are.
//! 4. No foreign code runs under the mail's lock: wakers are cloned before it, and
//!    dropped and woken after it.
//! 5. A parent's waker is kept only from a `begin` to the wake that it was left for, to
//!    `forget` or to the end.
//!
//! # Layer
//! 3: uses `nests` and `budget`.

use std::collections::VecDeque;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Wake, Waker, ready};
use std::thread;

use slab::Slab;

use super::nests::Nests;
use crate::budget;

/// Futures that are polled when they were woken.
pub(super) struct Children<F> {
    slots: Slab<Child>,
    /// The future of the child in each slot.
    futures: Nests<F>,
    /// Woken children whose turn is in this poll of the parent, or in the next one if
    /// this one ends early.
    batch: VecDeque<Key>,
    mail: Arc<Mail>,
    /// How many children there ever were: the next one's number.
    born: u32,
}

/// A child's waker.
struct Child {
    bell: Arc<Bell>,
    /// The bell in the shape that a `Context` wants.
    waker: Waker,
}

/// Which child. A slot is used again at once, a number only after four billion others;
/// a waker as old as that wakes a stranger, once and for nothing.
///
/// Both are small because a join of ten thousand waits for its memory.
#[derive(Clone, Copy, PartialEq)]
struct Key {
    slot: u32,
    number: u32,
}

impl<F: Future> Children<F> {
    /// No children, and room for `capacity` of them.
    pub(super) fn with_capacity(capacity: usize) -> Children<F> {
        Children {
            slots: Slab::with_capacity(capacity),
            futures: Nests::with_capacity(capacity),
            batch: VecDeque::with_capacity(capacity),
            mail: Arc::default(),
            born: 0,
        }
    }

    /// Takes in a child, which counts as woken. Children that are only ever taken in get
    /// the slots 0, 1, 2, …
    pub(super) fn insert(&mut self, future: F) {
        let slot = self.slots.vacant_key();
        let key = Key {
            slot: slot.try_into().expect("fewer than four billion children"),
            number: self.born,
        };
        self.born = self.born.wrapping_add(1);
        let bell = Arc::new(Bell {
            rung: AtomicBool::new(false),
            key,
            mail: Arc::clone(&self.mail),
        });
        let waker = Waker::from(Arc::clone(&bell));
        self.slots.insert(Child { bell, waker });
        self.futures.put(slot, future);
        self.batch.push_back(key);
    }

    /// Opens a poll of the parent: whatever is woken from now on wakes `cx`.
    pub(super) fn begin(&mut self, cx: &mut Context<'_>) {
        let waker = cx.waker().clone();
        let mut letters = self.mail.open();
        let before = letters.parent.replace(waker);
        self.batch.extend(&letters.woken);
        letters.woken.clear();
        drop(letters);
        drop(before);
    }

    /// Polls the children of this batch up to the first that is ready, which leaves.
    ///
    /// `Pending` at the end of the batch. Also, with the task woken, if the budget is
    /// spent; the rest of the batch then comes in the next poll.
    pub(super) fn poll_one(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<(usize, F::Output)> {
        while !self.batch.is_empty() {
            ready!(budget::poll_ready(cx));
            let Some(key) = self.batch.pop_front() else {
                break;
            };
            if let Poll::Ready(output) = self.poll_child(key) {
                return Poll::Ready((key.slot as usize, output));
            }
        }
        Poll::Pending
    }

    /// Polls one child with its own waker. A child that has left is `Pending`.
    fn poll_child(&mut self, key: Key) -> Poll<F::Output> {
        let slot = key.slot as usize;
        let Some(child) = self.slots.get(slot) else {
            return Poll::Pending;
        };
        if child.bell.key != key {
            return Poll::Pending;
        }
        child.bell.silence();
        let mut cx = Context::from_waker(&child.waker);
        let future = self.futures.get(slot);
        let future = future.expect("who has a slot has a future");
        let polled = catch_unwind(AssertUnwindSafe(|| future.poll(&mut cx)));
        if !matches!(polled, Ok(Poll::Pending)) {
            drop(self.slots.remove(slot));
            self.futures.remove(slot);
        }
        polled.unwrap_or_else(|panic| resume_unwind(panic))
    }
}

impl<F> Children<F> {
    /// How many children are not ready yet.
    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    /// Nobody waits any more: the parent's waker goes.
    pub(super) fn forget(&mut self) {
        let parent = self.mail.open().parent.take();
        drop(parent);
    }

    /// Drops all children, each one even if another panics; then the panic goes on.
    pub(super) fn clear(&mut self) {
        self.batch.clear();
        let mut first_panic = Ok(());
        let futures = &mut self.futures;
        for (slot, _) in &self.slots {
            let remove = AssertUnwindSafe(|| futures.remove(slot));
            first_panic = first_panic.and(catch_unwind(remove));
        }
        self.slots.clear();
        if let Err(panic) = first_panic
            && !thread::panicking()
        {
            resume_unwind(panic);
        }
    }
}

impl<F> Drop for Children<F> {
    fn drop(&mut self) {
        self.forget();
        self.clear();
    }
}

/// What a child's waker points to.
struct Bell {
    /// Whether the child was woken since it was last polled.
    ///
    /// `ring` sets it with Release, `silence` clears it with Acquire: what the waking
    /// thread wrote before is visible to the poll that follows, also when the bell was
    /// rung already and nothing is posted.
    rung: AtomicBool,
    key: Key,
    mail: Arc<Mail>,
}

impl Bell {
    fn ring(&self) {
        if !self.rung.swap(true, Ordering::Release) {
            self.mail.post(self.key);
        }
    }

    fn silence(&self) {
        // A new child's bell was never rung: that saves each child a locked instruction.
        if self.rung.load(Ordering::Relaxed) {
            self.rung.swap(false, Ordering::Acquire);
        }
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Bell>) {
        self.ring();
    }

    fn wake_by_ref(self: &Arc<Bell>) {
        self.ring();
    }
}

/// Where the bells leave what the parent must know.
#[derive(Default)]
struct Mail {
    letters: Mutex<Letters>,
}

#[derive(Default)]
struct Letters {
    /// The children that were woken, in that order.
    woken: Vec<Key>,
    /// Whom the next ring wakes (invariant 5).
    parent: Option<Waker>,
}

impl Mail {
    fn post(&self, key: Key) {
        let mut letters = self.open();
        letters.woken.push(key);
        let parent = letters.parent.take();
        drop(letters);
        if let Some(parent) = parent {
            parent.wake();
        }
    }

    fn open(&self) -> MutexGuard<'_, Letters> {
        self.letters
            .lock()
            .expect("no foreign code runs under this lock, so nothing panics there")
    }
}
