//! Tells tasks that there is something to look at, and carries nothing else.
//!
//! # How it works
//! ```text
//!                       notify_one               notify_waiters
//!   somebody waits      pops the first           pops all
//!   nobody waits        stores a permit          (nothing)
//!   made, not polled    stores a permit          counts, in `rounds`
//! ```
//! A [`Notified`] remembers the number of the round in which it was made. A later number
//! tells its first poll that `notify_waiters` has meant it too.
//!
//! # Invariants
//! 1. While somebody waits, no permit is stored.
//! 2. A popped waiter that was meant by `notify_one` and is dropped before it looks
//!    passes the notification on.
//!
//! # Layer
//! 4: uses the wait list and the budget.

use std::fmt;
use std::marker::PhantomPinned;
use std::pin::Pin;
use std::sync::Mutex;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::task::{Context, Poll, Waker, ready};

use super::wait_list::{WaitKey, WaitList};
use super::{Fresh, Spent, Wakers, lock, wake};
use crate::budget;

/// Wakes tasks that wait for something to happen.
///
/// [`notify_one`](Notify::notify_one) lets one [`notified`](Notify::notified) pass: one
/// that waits, or else the next that comes; it is stored, but only once.
/// [`notify_waiters`](Notify::notify_waiters) lets all pass that have been made so far,
/// and stores nothing.
///
/// # Fairness
/// `notify_one` takes the one that has waited longest.
///
/// # Memory
/// About 40 bytes for each waiter, kept for the next ones until the `Notify` is dropped.
///
/// ```
/// use std::cell::Cell;
/// use kettle::sync::Notify;
///
/// # #[kettle::main]
/// # async fn main() {
/// let (whistle, hot) = (Notify::new(), Cell::new(false));
/// kettle::join!(
///     async {
///         whistle.notified().await;
///         assert!(hot.get());
///     },
///     async {
///         hot.set(true);
///         whistle.notify_one();
///     },
/// );
/// # }
/// ```
#[derive(Default)]
pub struct Notify {
    state: Mutex<State>,
    /// Calls of `notify_waiters`, changed under the lock (Release). Read without it when
    /// a [`Notified`] is made (Acquire): one that is too young to be meant by a call sees
    /// all that was written before the call, so it knows not to wait for it.
    rounds: AtomicU64,
}

#[derive(Default)]
struct State {
    permit: bool,
    waiters: WaitList<Meant>,
}

/// By which call a popped waiter was meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meant {
    One,
    All,
}

impl Notify {
    /// Nobody waits, and nothing is stored.
    pub const fn new() -> Notify {
        let state = State {
            permit: false,
            waiters: WaitList::new(),
        };
        Notify {
            state: Mutex::new(state),
            rounds: AtomicU64::new(0),
        }
    }

    /// The same as [`new`](Notify::new), under the name that tokio has for constants.
    pub const fn const_new() -> Notify {
        Notify::new()
    }

    /// Waits for a notification.
    ///
    /// It has a place in the queue from its first poll, or from
    /// [`enable`](Notified::enable); `notify_waiters` means it from now on.
    ///
    /// # Cancel safety
    /// Dropping it gives up the place in the queue. If `notify_one` meant it already,
    /// the notification goes to the next one, or is stored.
    pub fn notified(&self) -> Notified<'_> {
        let waiter = Waiter {
            notify: self,
            round: self.rounds.load(Acquire),
            stage: Stage::Made,
        };
        let pinned = PhantomPinned;
        Notified { waiter, pinned }
    }

    /// Notifies the one that has waited longest. If nobody waits, the next one to come
    /// passes; that is stored at most once.
    pub fn notify_one(&self) {
        let waker = lock(&self.state).notify_one();
        wake(waker);
    }

    /// Notifies all that wait, and all that were made by `notified` and not polled yet.
    pub fn notify_waiters(&self) {
        let mut state = lock(&self.state);
        self.rounds.fetch_add(1, Release);
        let wakers = state.notify_waiters();
        drop(state);
        wakers.wake();
    }
}

impl State {
    /// The caller wakes what is returned.
    #[must_use]
    fn notify_one(&mut self) -> Option<Waker> {
        let waker = self.waiters.pop_front();
        if waker.is_none() {
            self.permit = true;
        }
        waker
    }

    fn notify_waiters(&mut self) -> Wakers {
        let mut wakers = Wakers::default();
        while let Some(meant) = self.waiters.front_mut() {
            *meant = Meant::All;
            wakers.extend(self.waiters.pop_front());
        }
        wakers
    }

    /// What a future finds that has no place yet; `over` says that its round is over.
    #[inline]
    fn enter(&mut self, over: bool, fresh: &mut Fresh<'_>) -> Stage {
        if over || std::mem::take(&mut self.permit) {
            return Stage::Done;
        }
        // `notify_waiters` corrects the note; otherwise it is `notify_one` that pops.
        let place = self.waiters.push_back(fresh, Meant::One);
        place.map_or(Stage::Made, Stage::Waiting)
    }

    /// What a future finds that has a place.
    #[inline]
    fn glance(&mut self, place: WaitKey) -> Stage {
        if self.waiters.is_waiting(place) {
            return Stage::Waiting(place);
        }
        self.waiters.remove(place);
        Stage::Done
    }

    /// The same in a poll: where it waits on, the waker in `fresh` stays behind.
    #[inline]
    fn look(&mut self, place: WaitKey, fresh: &mut Fresh<'_>) -> Stage {
        let stage = self.glance(place);
        if let Stage::Waiting(place) = stage {
            self.waiters.renew(place, fresh);
        }
        stage
    }

    /// A future gives up. Gives the waker to wake in its stead, and its own.
    #[must_use]
    fn leave(&mut self, place: WaitKey) -> (Option<Waker>, Spent) {
        match self.waiters.remove(place) {
            (None, Meant::One) => (self.notify_one(), Spent(None)),
            (own, _) => (None, Spent(own)),
        }
    }
}

impl fmt::Debug for Notify {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = lock(&self.state);
        f.debug_struct("Notify")
            .field("permit", &state.permit)
            .field("waiting", &state.waiters.len())
            .finish()
    }
}

pin_project_lite::pin_project! {
    /// The future of [`Notify::notified`].
    #[derive(Debug)]
    #[must_use = "futures do nothing unless they are awaited or polled"]
    pub struct Notified<'a> {
        waiter: Waiter<'a>,
        // Nothing in here needs a fixed place. In tokio's it does, and code that leans on
        // `Unpin` could not move there.
        #[pin]
        pinned: PhantomPinned,
    }
}

impl Notified<'_> {
    /// Takes a place in the queue before the first poll. True if it has been notified
    /// already.
    ///
    /// It makes "look, and if there is nothing, wait" safe against a `notify_one` in
    /// between: enable first, then look, then await.
    pub fn enable(self: Pin<&mut Self>) -> bool {
        self.project().waiter.enable()
    }
}

impl Future for Notified<'_> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        ready!(budget::poll_ready(cx));
        ready!(self.project().waiter.poll(cx));
        budget::spend();
        Poll::Ready(())
    }
}

/// One that waits, or will.
#[derive(Debug)]
struct Waiter<'a> {
    notify: &'a Notify,
    /// The round in which it was made.
    round: u64,
    stage: Stage,
}

/// Made, then waiting or done; waiting, then done; done for ever.
#[derive(Debug, Clone, Copy)]
enum Stage {
    Made,
    Waiting(WaitKey),
    Done,
}

impl Waiter<'_> {
    #[inline]
    fn poll(&mut self, cx: &Context<'_>) -> Poll<()> {
        match self.stage {
            Stage::Made => self.enter(&mut Fresh::of(cx)),
            Stage::Waiting(place) => Fresh::lazily(cx, |fresh| {
                self.stage = lock(&self.notify.state).look(place, fresh);
            }),
            Stage::Done => {}
        }
        match self.stage {
            Stage::Done => Poll::Ready(()),
            Stage::Made | Stage::Waiting(_) => Poll::Pending,
        }
    }

    /// Takes a place without a task to wake. If it has one, that one's waker stays.
    fn enable(&mut self) -> bool {
        match self.stage {
            Stage::Made => self.enter(&mut Fresh::noop()),
            Stage::Waiting(place) => {
                self.stage = lock(&self.notify.state).glance(place);
            }
            Stage::Done => {}
        }
        matches!(self.stage, Stage::Done)
    }

    /// Takes a place, unless it has been notified.
    fn enter(&mut self, fresh: &mut Fresh<'_>) {
        let mut state = lock(&self.notify.state);
        let over = self.notify.rounds.load(Relaxed) != self.round;
        self.stage = state.enter(over, fresh);
    }

    /// Gives up a place, and passes on what `notify_one` has left there.
    #[inline(never)]
    fn leave(&self, place: WaitKey) {
        let (next, _own) = lock(&self.notify.state).leave(place);
        wake(next);
    }
}

impl Drop for Waiter<'_> {
    #[inline]
    fn drop(&mut self) {
        if let Stage::Waiting(place) = self.stage {
            self.leave(place);
        }
    }
}
