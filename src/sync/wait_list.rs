//! Who waits, in order of arrival: the list behind every primitive.
//!
//! The usual list links nodes that lie inside the waiting futures. That needs no memory
//! of its own, and a page of reasoning why no future moves or goes while it is linked.
//! Here the nodes lie in a slab that the primitive owns, linked by their keys, and a
//! future holds a key. The price is about 40 bytes for each one that waits at a time.
//!
//! # How it works
//! ```text
//!   push_back ---> waiting ---pop_front---> popped
//!                  has a waker              has none
//!                     |                        |
//!                     +---- remove(key) -------+---> gone
//! ```
//! A popped node stays in the slab until its future looks: that the node is no longer
//! waiting is the news.
//!
//! # Invariants
//! 1. A key is good from `push_back` to `remove`. The future that has it removes it, once.
//! 2. A node is linked exactly if it has a waker.
//! 3. Wakers come in and go out by value. No method clones, wakes or drops one, so that a
//!    list can live behind a lock.
//!
//! # Layer
//! 4: uses the slab crate.

use std::fmt;
use std::num::NonZeroU32;
use std::task::Waker;

use slab::Slab;

use super::{Fresh, Spent, Wakers};

/// A queue of waiters, each with a note `T` about what it waits for.
pub(super) struct WaitList<T = ()> {
    nodes: Slab<Node<T>>,
    /// The one that has waited longest.
    front: Option<WaitKey>,
    /// The one that came last.
    back: Option<WaitKey>,
    /// Nodes that are linked.
    waiting: usize,
}

/// A waiter's number: its place in the slab, plus one, so that `Option<WaitKey>` takes
/// four bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WaitKey(NonZeroU32);

struct Node<T> {
    waker: Option<Waker>,
    note: T,
    previous: Option<WaitKey>,
    next: Option<WaitKey>,
}

impl<T> WaitList<T> {
    /// An empty list, which takes no memory.
    pub(super) const fn new() -> WaitList<T> {
        WaitList {
            nodes: Slab::new(),
            front: None,
            back: None,
            waiting: 0,
        }
    }

    /// Whether nobody waits.
    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.front.is_none()
    }

    /// How many wait.
    pub(super) fn len(&self) -> usize {
        self.waiting
    }

    /// Puts the waker in `fresh` at the end; if none is there, it is wanted.
    #[inline]
    pub(super) fn push_back(
        &mut self,
        fresh: &mut Fresh<'_>,
        note: T,
    ) -> Option<WaitKey> {
        let waker = fresh.take()?;
        let key = WaitKey::of(self.nodes.insert(Node {
            waker: Some(waker),
            note,
            previous: self.back,
            next: None,
        }));
        match self.back.replace(key) {
            Some(before) => self.node(before).next = Some(key),
            None => self.front = Some(key),
        }
        self.waiting += 1;
        Some(key)
    }

    /// The note of the one that has waited longest.
    pub(super) fn front_mut(&mut self) -> Option<&mut T> {
        let key = self.front?;
        Some(&mut self.node(key).note)
    }

    /// Unlinks the one that has waited longest; the caller wakes what is returned.
    #[inline]
    pub(super) fn pop_front(&mut self) -> Option<Waker> {
        let key = self.front?;
        self.unlink(key);
        self.node(key).waker.take()
    }

    /// Unlinks all, in order.
    pub(super) fn pop_all(&mut self) -> Wakers {
        let mut wakers = Wakers::default();
        while let Some(waker) = self.pop_front() {
            wakers.push(waker);
        }
        wakers
    }

    /// Whether the waiter has not been popped.
    #[inline]
    pub(super) fn is_waiting(&self, key: WaitKey) -> bool {
        self.nodes[key.index()].waker.is_some()
    }

    /// Sees to it that the task of `fresh` is woken from now on.
    #[inline]
    pub(super) fn renew(&mut self, key: WaitKey, fresh: &mut Fresh<'_>) {
        debug_assert!(self.is_waiting(key), "invariant 2");
        fresh.renew(&mut self.node(key).waker);
    }

    /// Ends the key's life. Gives the note, and the waker if the waiter was waiting still.
    #[inline]
    pub(super) fn remove(&mut self, key: WaitKey) -> (Option<Waker>, T) {
        if self.is_waiting(key) {
            self.unlink(key);
        }
        let node = self.nodes.remove(key.index());
        (node.waker, node.note)
    }

    #[inline]
    fn unlink(&mut self, key: WaitKey) {
        let node = self.node(key);
        let (previous, next) = (node.previous, node.next);
        match previous {
            Some(previous) => self.node(previous).next = next,
            None => self.front = next,
        }
        match next {
            Some(next) => self.node(next).previous = previous,
            None => self.back = previous,
        }
        self.waiting -= 1;
    }

    fn node(&mut self, key: WaitKey) -> &mut Node<T> {
        &mut self.nodes[key.index()]
    }
}

/// For whoever waits to be let go with all others, and has nothing to say.
impl WaitList<()> {
    /// Goes on waiting at `key`, or takes a place and remembers it there.
    pub(super) fn wait(
        &mut self,
        key: &mut Option<WaitKey>,
        fresh: &mut Fresh<'_>,
    ) {
        match *key {
            Some(key) => self.renew(key, fresh),
            None => *key = self.push_back(fresh, ()),
        }
    }

    /// The wait at `key` is over, if there was one: it was let go.
    pub(super) fn arrive(&mut self, key: &mut Option<WaitKey>) {
        if let Some(key) = key.take() {
            let (waker, ()) = self.remove(key);
            debug_assert!(waker.is_none(), "who is ready has been popped");
        }
    }

    /// Gives up the place. The waker is the caller's to drop, unlocked.
    #[must_use]
    pub(super) fn leave(&mut self, key: WaitKey) -> Spent {
        let (waker, ()) = self.remove(key);
        Spent(waker)
    }
}

impl<T> Default for WaitList<T> {
    fn default() -> WaitList<T> {
        WaitList::new()
    }
}

impl<T> fmt::Debug for WaitList<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitList")
            .field("waiting", &self.waiting)
            .finish_non_exhaustive()
    }
}

impl WaitKey {
    fn of(index: usize) -> WaitKey {
        let number = u32::try_from(index + 1).ok().and_then(NonZeroU32::new);
        WaitKey(number.expect("four billion waiters would fill 160 GB first"))
    }

    fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}
