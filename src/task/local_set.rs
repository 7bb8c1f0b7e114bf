//! `LocalSet`: a group of local tasks, in tokio's clothes.
//!
//! tokio needs it, because its tasks move between threads and one that is not `Send` must
//! be held in place. Kettle's never move, so here the set only keeps its members
//! together: they wait until it is first polled, they can be awaited as one, and they are
//! aborted when it is dropped.
//!
//! # Invariants
//! 1. A task is among `members` from its spawn until its future has been dropped.
//! 2. Nothing is in `waiting` while the set's runtime is known and at home here.
//! 3. Members hold no strong reference to the set, so it can be dropped.
//! 4. Futures are spawned, dropped and woken while nothing of the set is borrowed.
//!
//! # Layer
//! 4: uses late tasks, handles and the notion of current.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::task::{Context, Poll, Waker};

use super::id::draw_one;
use super::late::Late;
use super::{AbortHandle, HOMES, Id, JoinHandle, quietly};
use crate::waker::{RuntimeId, current};

thread_local! {
    /// The members among whom `spawn_local` spawns on this thread.
    static CURRENT: RefCell<Option<Rc<Group>>> = const { RefCell::new(None) };
}

/// Tasks of one thread that are awaited together, and aborted together.
///
/// A program written for Kettle needs none: [`spawn_local`](super::spawn_local) works
/// anywhere, and a [`JoinSet`](super::JoinSet) groups tasks. This type is for programs
/// that come from tokio.
///
/// What is spawned before the set is first polled waits until then. After that, members
/// run whenever their runtime does, also while nobody polls the set; in tokio they wait.
/// They belong to the runtime that polled the set, and end with it.
///
/// Awaiting the set waits until it has no member left. Dropping it aborts its members:
/// their futures are dropped in the runtime's next turn.
///
/// ```
/// use std::rc::Rc;
/// use kettle::task::LocalSet;
///
/// let set = LocalSet::new();
/// let cup = Rc::new("tea");
/// let mine = Rc::clone(&cup);
/// let task = set.spawn_local(async move { mine.len() });
///
/// let runtime = kettle::runtime::Runtime::new()?;
/// let len = set.block_on(&runtime, async { task.await.unwrap() });
/// assert_eq!(len, 3);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Default)]
pub struct LocalSet {
    group: Rc<Group>,
}

impl LocalSet {
    /// An empty set. It needs no runtime yet.
    pub fn new() -> LocalSet {
        LocalSet::default()
    }

    /// Starts `future` as a member of this set.
    ///
    /// # Panics
    /// At 268 million tasks alive.
    #[track_caller]
    pub fn spawn_local<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + 'static,
        F::Output: 'static,
    {
        self.group.spawn(future)
    }

    /// Runs `future`, in which [`spawn_local`](super::spawn_local) makes members of this
    /// set; they run beside it, and on after it.
    ///
    /// # Panics
    /// When it is polled where no runtime is current, or one of another thread.
    ///
    /// # Cancel safety
    /// That of `future`; dropping it leaves the members as they are.
    pub fn run_until<F: Future>(&self, future: F) -> RunUntil<'_, F> {
        RunUntil { set: self, future }
    }

    /// Makes [`spawn_local`](super::spawn_local) on this thread spawn members of this
    /// set, until the guard is dropped.
    pub fn enter(&self) -> LocalEnterGuard {
        enter(Some(Rc::clone(&self.group)))
    }
}

/// Waits until no member is left; then the set can be used again.
///
/// # Panics
/// Polled where no runtime is current, or one of another thread.
impl Future for LocalSet {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.group.open();
        if self.group.members.borrow().is_empty() {
            return Poll::Ready(());
        }
        let before = self.group.waker.replace(Some(cx.waker().clone()));
        drop(before);
        Poll::Pending
    }
}

impl Drop for LocalSet {
    fn drop(&mut self) {
        self.group.closed.set(true);
        // A waiting task goes to its end here, unborrowed: it may call back.
        drop(self.group.waiting.take());
        let members = self.group.members.borrow();
        let members: Vec<_> = members.values().cloned().collect();
        members.iter().for_each(AbortHandle::abort);
    }
}

impl fmt::Debug for LocalSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalSet")
            .field("members", &self.group.members.borrow().len())
            .field("waiting", &self.group.waiting.borrow().len())
            .finish_non_exhaustive()
    }
}

/// What a set and its members share.
#[derive(Default)]
pub(super) struct Group {
    /// Where members run, once the set has been polled.
    runtime: Cell<Option<RuntimeId>>,
    waiting: RefCell<VecDeque<Late>>,
    members: RefCell<BTreeMap<Id, AbortHandle>>,
    /// Who awaits the set.
    waker: Cell<Option<Waker>>,
    /// The set is gone: nothing is taken in any more.
    closed: Cell<bool>,
}

impl Group {
    /// The group that is current on this thread.
    pub(super) fn current() -> Option<Rc<Group>> {
        let current = CURRENT.try_with(|current| current.borrow().clone());
        current.ok().flatten()
    }

    /// Takes `future` in, and starts it where it is known where.
    #[track_caller]
    pub(super) fn spawn<F>(self: &Rc<Self>, future: F) -> JoinHandle<F::Output>
    where
        F: Future + 'static,
        F::Output: 'static,
    {
        let id = draw_one();
        let group = Rc::downgrade(self);
        let membership = Membership { id, group };
        let (late, handle) = Late::new(id, Member { future, membership });
        if !self.closed.get() {
            let mut members = self.members.borrow_mut();
            members.insert(id, handle.abort_handle());
            self.waiting.borrow_mut().push_back(late);
        }
        self.start_waiting();
        handle
    }

    /// The set is polled: from now on it is known where its members run.
    fn open(&self) {
        if !self.is_open() {
            let here = current().filter(|it| is_home(*it)).unwrap_or_else(|| {
                panic!(
                    "a LocalSet was polled where no Kettle runtime of this thread is \
                     current; await it inside block_on or #[kettle::main], or use \
                     LocalSet::block_on"
                )
            });
            self.runtime.set(Some(here));
        }
        self.start_waiting();
    }

    /// Whether the runtime is known, and has not ended.
    fn is_open(&self) -> bool {
        self.runtime.get().is_some_and(is_home)
    }

    fn start_waiting(&self) {
        let Some(runtime) = self.runtime.get().filter(|_| self.is_open()) else {
            return;
        };
        loop {
            let next = self.waiting.borrow_mut().pop_front();
            match next {
                Some(late) => late.start(runtime),
                None => return,
            }
        }
    }

    /// The member `id` has been dropped.
    fn left(&self, id: Id) {
        let mut members = self.members.borrow_mut();
        members.remove(&id);
        let last = members.is_empty();
        drop(members);
        if last && let Some(waker) = self.waker.take() {
            quietly(|| waker.wake());
        }
    }
}

fn is_home(runtime: RuntimeId) -> bool {
    HOMES.with(|homes| homes.is_home(runtime))
}

fn enter(group: Option<Rc<Group>>) -> LocalEnterGuard {
    // Where the thread is past its thread-locals, nothing is spawned any more.
    let before = CURRENT.try_with(|current| current.replace(group));
    LocalEnterGuard {
        before: before.ok().flatten(),
    }
}

/// While it lives, `spawn_local` spawns members of a set; made by [`LocalSet::enter`].
#[must_use = "the set is current only as long as the guard lives"]
pub struct LocalEnterGuard {
    before: Option<Rc<Group>>,
}

impl Drop for LocalEnterGuard {
    fn drop(&mut self) {
        let before = self.before.take();
        drop(CURRENT.try_with(|current| current.replace(before)));
    }
}

impl fmt::Debug for LocalEnterGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalEnterGuard").finish_non_exhaustive()
    }
}

pin_project_lite::pin_project! {
    /// The future of [`LocalSet::run_until`].
    #[derive(Debug)]
    #[must_use = "a future does nothing until it is polled"]
    pub struct RunUntil<'a, F> {
        set: &'a LocalSet,
        #[pin] future: F,
    }
}

impl<F: Future> Future for RunUntil<'_, F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        this.set.group.open();
        let _entered = this.set.enter();
        this.future.poll(cx)
    }
}

pin_project_lite::pin_project! {
    /// A member's future: what it spawns are members, too.
    struct Member<F> {
        #[pin] future: F,
        // Below the future, so that it goes after it (invariant 1).
        membership: Membership,
    }
}

impl<F: Future> Future for Member<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let _entered = enter(this.membership.group.upgrade());
        this.future.poll(cx)
    }
}

/// Takes its member out of the group when it is dropped.
struct Membership {
    id: Id,
    group: Weak<Group>,
}

impl Drop for Membership {
    fn drop(&mut self) {
        if let Some(group) = self.group.upgrade() {
            group.left(self.id);
        }
    }
}
