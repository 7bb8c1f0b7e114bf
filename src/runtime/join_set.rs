//! A set of tasks that gives each output when it comes, and aborts the rest when dropped.
//!
//! Tasks that are spawned and forgotten run on after the function that spawned them has
//! failed. A set has them on a leash, and its owner hears from each, the quickest first.
//!
//! # Invariants
//! 1. A child is in the set from its spawn until its output has been given, or it is
//!    detached.
//! 2. One poll of the set looks at as many children as its budget allows, and each look
//!    follows an announcement: joining `n` children takes O(n) looks.
//!
//! # Layer
//! 8: uses handles, announcements and the budget.

use std::fmt;
use std::future::{Future, poll_fn};
use std::panic::resume_unwind;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};

use slab::Slab;

use super::Handle;
use super::announce::{Announcement, Bell, Board};
use crate::blocking::spawn_blocking;
use crate::budget;
use crate::task::{AbortHandle, Id, JoinError, JoinHandle, LocalSet};
use crate::task::{spawn, spawn_local};

/// Tasks with the same type of output, joined in the order in which they end.
///
/// Dropping the set aborts the tasks that are still in it, as in tokio;
/// [`detach_all`](JoinSet::detach_all) lets them run on.
///
/// ```
/// use kettle::task::JoinSet;
///
/// # let runtime = kettle::runtime::Builder::new_current_thread().build()?;
/// # runtime.block_on(async {
/// let mut pots = JoinSet::new();
/// for cups in 1..=4 {
///     pots.spawn(async move { cups * 2 });
/// }
/// let mut sum = 0;
/// while let Some(poured) = pots.join_next().await {
///     sum += poured.unwrap();
/// }
/// assert_eq!(sum, 20);
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct JoinSet<T> {
    children: Slab<JoinHandle<T>>,
    board: Arc<Board>,
}

impl<T> JoinSet<T> {
    /// An empty set.
    pub fn new() -> JoinSet<T> {
        JoinSet {
            children: Slab::new(),
            board: Arc::default(),
        }
    }

    /// How many tasks are in the set, those among them that have ended and have not been
    /// joined.
    pub fn len(&self) -> usize {
        self.children.len()
    }

    /// Whether there is nothing to wait for.
    pub fn is_empty(&self) -> bool {
        self.children.is_empty()
    }

    /// Asks every task of the set to stop; each is still joined, and most say cancelled.
    pub fn abort_all(&mut self) {
        for (_, child) in &self.children {
            child.abort();
        }
    }

    /// Takes all tasks out of the set and lets them run on; nobody hears from them.
    pub fn detach_all(&mut self) {
        self.children.clear();
    }
}

impl<T: 'static> JoinSet<T> {
    /// Starts `future` as a task of the current runtime and of this set.
    ///
    /// # Panics
    /// As [`task::spawn`](fn@crate::task::spawn).
    #[track_caller]
    pub fn spawn<F>(&mut self, future: F) -> AbortHandle
    where
        F: Future<Output = T> + Send + 'static,
        T: Send,
    {
        let handle = spawn(Child::new(future, self.announcement()));
        self.insert(handle)
    }

    /// Starts `future` as a task of the runtime of `handle` and of this set.
    ///
    /// # Panics
    /// As [`Handle::spawn`].
    #[track_caller]
    pub fn spawn_on<F>(&mut self, future: F, handle: &Handle) -> AbortHandle
    where
        F: Future<Output = T> + Send + 'static,
        T: Send,
    {
        let handle = handle.spawn(Child::new(future, self.announcement()));
        self.insert(handle)
    }

    /// Starts `future`, which need not be `Send`, as a task of the current runtime and of
    /// this set. The set may then be awaited at home only.
    ///
    /// # Panics
    /// As [`task::spawn_local`](crate::task::spawn_local).
    #[track_caller]
    pub fn spawn_local<F>(&mut self, future: F) -> AbortHandle
    where
        F: Future<Output = T> + 'static,
    {
        let handle = spawn_local(Child::new(future, self.announcement()));
        self.insert(handle)
    }

    /// Starts `future` as a task of `local_set` and of this set.
    ///
    /// # Panics
    /// As [`LocalSet::spawn_local`].
    #[track_caller]
    pub fn spawn_local_on<F>(
        &mut self,
        future: F,
        local_set: &LocalSet,
    ) -> AbortHandle
    where
        F: Future<Output = T> + 'static,
    {
        let child = Child::new(future, self.announcement());
        self.insert(local_set.spawn_local(child))
    }

    /// Runs `act`, which may block, on a thread of the current runtime's pool, as a task
    /// of this set.
    ///
    /// # Panics
    /// As [`task::spawn_blocking`](crate::task::spawn_blocking).
    #[track_caller]
    pub fn spawn_blocking<F>(&mut self, act: F) -> AbortHandle
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send,
    {
        let handle = spawn_blocking(announced(act, self.announcement()));
        self.insert(handle)
    }

    /// Runs `act`, which may block, on a thread of the pool of `handle`'s runtime, as a
    /// task of this set.
    #[track_caller]
    pub fn spawn_blocking_on<F>(&mut self, act: F, handle: &Handle) -> AbortHandle
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send,
    {
        let act = announced(act, self.announcement());
        self.insert(handle.spawn_blocking(act))
    }

    /// The announcement of the next child.
    fn announcement(&self) -> Announcement {
        Announcement::new(&self.board, self.children.vacant_key())
    }

    /// Takes in the child that the last announcement was made for.
    fn insert(&mut self, handle: JoinHandle<T>) -> AbortHandle {
        let abort = handle.abort_handle();
        self.children.insert(handle);
        abort
    }

    /// Waits for the next task to end; `None` if the set is empty.
    ///
    /// # Errors
    /// The inner result is an error if the task panicked or was aborted.
    ///
    /// # Cancel safety
    /// Dropping the future that it returns loses nothing.
    ///
    /// # Panics
    /// As awaiting a [`JoinHandle`] does.
    pub async fn join_next(&mut self) -> Option<Result<T, JoinError>> {
        let joined = self.join_next_with_id().await?;
        Some(joined.map(|(_, output)| output))
    }

    /// As [`join_next`](JoinSet::join_next), with the task's id; an error has it anyway.
    ///
    /// # Errors
    /// The inner result is an error if the task panicked or was aborted.
    ///
    /// # Cancel safety
    /// Dropping the future that it returns loses nothing.
    pub async fn join_next_with_id(
        &mut self,
    ) -> Option<Result<(Id, T), JoinError>> {
        let waiting = Waiting { set: self };
        poll_fn(|cx| waiting.set.poll_join_next_with_id(cx)).await
    }

    /// The next task that has ended, if there is one; it does not wait.
    ///
    /// `None` says that nothing is there to be joined *now*; ask
    /// [`is_empty`](JoinSet::is_empty) whether something will be.
    ///
    /// ```
    /// use kettle::task::{JoinSet, yield_now};
    ///
    /// # let runtime = kettle::runtime::Builder::new_current_thread().build()?;
    /// # runtime.block_on(async {
    /// let mut set = JoinSet::new();
    /// set.spawn(async { "tea" });
    /// assert!(set.try_join_next().is_none());
    /// yield_now().await;
    /// assert_eq!(set.try_join_next().unwrap().unwrap(), "tea");
    /// # });
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn try_join_next(&mut self) -> Option<Result<T, JoinError>> {
        let joined = self.try_join_next_with_id()?;
        Some(joined.map(|(_, output)| output))
    }

    /// As [`try_join_next`](JoinSet::try_join_next), with the task's id.
    pub fn try_join_next_with_id(&mut self) -> Option<Result<(Id, T), JoinError>> {
        // Whoever does not wait cannot give way either, so no budget stops it.
        let _unlimited = budget::unlimited();
        while let Some(number) = self.board.try_next() {
            if let Poll::Ready(joined) = self.look(number) {
                return Some(joined);
            }
        }
        None
    }

    /// The poll of [`join_next`](JoinSet::join_next): `Ready(None)` if the set is empty.
    ///
    /// It also is `Pending`, with the task woken, where the budget of a poll is spent.
    pub fn poll_join_next(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<T, JoinError>>> {
        let joined = ready!(self.poll_join_next_with_id(cx));
        Poll::Ready(joined.map(|joined| joined.map(|(_, output)| output)))
    }

    /// The poll of [`join_next_with_id`](JoinSet::join_next_with_id).
    pub fn poll_join_next_with_id(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<(Id, T), JoinError>>> {
        while !self.is_empty() {
            ready!(budget::poll_ready(cx));
            let Some(number) = self.board.next(cx) else {
                return Poll::Pending;
            };
            if let Poll::Ready(joined) = self.look(number) {
                return Poll::Ready(Some(joined));
            }
            budget::spend();
        }
        Poll::Ready(None)
    }

    /// Looks at the child that `number` was posted for.
    fn look(&mut self, number: usize) -> Poll<Result<(Id, T), JoinError>> {
        let Some(child) = self.children.get_mut(number) else {
            return Poll::Pending;
        };
        let id = child.id();
        let mut poll = |waker: &Waker| {
            Pin::new(&mut *child).poll(&mut Context::from_waker(waker))
        };
        let mut polled = poll(Waker::noop());
        if polled.is_pending() {
            // Announced, and not there yet; so the handle itself must say when.
            polled = poll(&Bell::waker(&self.board, number));
        }
        let joined = ready!(polled);
        self.children.remove(number);
        Poll::Ready(joined.map(|output| (id, output)))
    }

    /// Aborts all tasks and waits until each has been dropped, and its output.
    ///
    /// # Cancel safety
    /// Dropping the future that it returns loses nothing: all tasks are aborted.
    pub async fn shutdown(&mut self) {
        self.abort_all();
        while self.join_next().await.is_some() {}
    }

    /// Waits for all tasks; their outputs stand in the order of their ends.
    ///
    /// # Panics
    /// With the panic of the first task that panicked, and where one was aborted. The
    /// tasks that are left are aborted then.
    ///
    /// ```
    /// use kettle::task::JoinSet;
    ///
    /// # let runtime = kettle::runtime::Builder::new_current_thread().build()?;
    /// # runtime.block_on(async {
    /// let set: JoinSet<u32> = (1..=3).map(|n| async move { n }).collect();
    /// assert_eq!(set.join_all().await, [1, 2, 3]);
    /// # });
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub async fn join_all(mut self) -> Vec<T> {
        let mut outputs = Vec::with_capacity(self.len());
        while let Some(joined) = self.join_next().await {
            outputs.push(joined.unwrap_or_else(|error| give_up(error)));
        }
        outputs
    }
}

fn give_up(error: JoinError) -> ! {
    match error.try_into_panic() {
        Ok(payload) => resume_unwind(payload),
        Err(error) => panic!("JoinSet::join_all has no output to give: {error}"),
    }
}

impl<T> Drop for JoinSet<T> {
    fn drop(&mut self) {
        self.abort_all();
    }
}

impl<T> Default for JoinSet<T> {
    fn default() -> JoinSet<T> {
        JoinSet::new()
    }
}

/// Spawns each future on the current runtime, as [`JoinSet::spawn`] does.
impl<T, F> FromIterator<F> for JoinSet<T>
where
    F: Future<Output = T> + Send + 'static,
    T: Send + 'static,
{
    #[track_caller]
    fn from_iter<I: IntoIterator<Item = F>>(futures: I) -> JoinSet<T> {
        let mut set = JoinSet::new();
        for future in futures {
            set.spawn(future);
        }
        set
    }
}

impl<T> fmt::Debug for JoinSet<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JoinSet")
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}

/// While it lives, somebody awaits the set.
struct Waiting<'a, T> {
    set: &'a mut JoinSet<T>,
}

impl<T> Drop for Waiting<'_, T> {
    fn drop(&mut self) {
        self.set.board.forget();
    }
}

pin_project_lite::pin_project! {
    /// A future that announces its end, after it has been dropped.
    struct Child<F> {
        #[pin] future: F,
        // Below the future, so that it goes after it.
        _announcement: Announcement,
    }
}

impl<F> Child<F> {
    fn new(future: F, announcement: Announcement) -> Child<F> {
        Child {
            future,
            _announcement: announcement,
        }
    }
}

impl<F: Future> Future for Child<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        self.project().future.poll(cx)
    }
}

/// A closure that announces its end.
fn announced<T>(
    act: impl FnOnce() -> T + Send + 'static,
    announcement: Announcement,
) -> impl FnOnce() -> T + Send + 'static {
    move || {
        let _announcement = announcement;
        act()
    }
}
