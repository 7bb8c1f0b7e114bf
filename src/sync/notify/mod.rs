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
//! tells its first poll that `notify_waiters` has meant it too. Once it waits it has a
//! ticket, and `notify_one` shows which tickets it has called: who sees that his is among
//! them, and that his round is not over, need not lock.
//!
//! # Invariants
//! 1. While somebody waits, no permit is stored.
//! 2. A popped waiter that was meant by `notify_one` and is dropped before it looks
//!    passes the notification on.
//!
//! # Layer
//! 4: uses the wait list and the budget.

mod notified;
mod state;

use std::fmt;
use std::sync::Mutex;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

pub use notified::Notified;
use state::State;

use super::wait_list::Ticket;
use super::{lock, wake};

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
/// About 24 bytes for each waiter, kept for the next ones until the `Notify` is dropped;
/// and as much for each `notify_waiters` that some whom it meant have not heard of yet.
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
pub struct Notify {
    state: Mutex<State>,
    /// Calls of `notify_waiters`, changed under the lock (Release). Read without it when
    /// a [`Notified`] is made (Acquire): one that is too young to be meant by a call sees
    /// all that was written before the call, so it knows not to wait for it.
    rounds: AtomicU64,
    /// All tickets up to this number were served, and those of a round that is not over by
    /// `notify_one`. Changed under the lock (Release); who finds his own reached (Acquire)
    /// sees what was written before he was notified, and whether his round was over then.
    called: AtomicU64,
}

impl Notify {
    /// Nobody waits, and nothing is stored.
    pub const fn new() -> Notify {
        Notify {
            state: Mutex::new(State::new()),
            rounds: AtomicU64::new(0),
            called: AtomicU64::new(0),
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
        Notified::new(self, self.rounds.load(Acquire))
    }

    /// Notifies the one that has waited longest. If nobody waits, the next one to come
    /// passes; that is stored at most once.
    pub fn notify_one(&self) {
        wake(self.locked(State::notify_one));
    }

    /// Notifies all that wait, and all that were made by `notified` and not polled yet.
    pub fn notify_waiters(&self) {
        let mut state = lock(&self.state);
        self.rounds.fetch_add(1, Release);
        let wakers = state.notify_waiters();
        drop(state);
        wakers.wake();
    }

    /// Runs `step` on the state machine, and shows whom `notify_one` has called.
    #[inline]
    fn locked<R>(&self, step: impl FnOnce(&mut State) -> R) -> R {
        let mut state = lock(&self.state);
        let result = step(&mut state);
        self.called.store(state.waiters.served(), Release);
        result
    }

    /// Whether a round is over; the caller has the lock.
    #[inline]
    fn is_over(&self, round: u64) -> bool {
        self.rounds.load(Relaxed) != round
    }

    /// Whether it shows, without the lock, that `notify_one` has called this ticket of this
    /// round.
    #[inline]
    fn has_called(&self, ticket: Ticket, round: u64) -> bool {
        let called = ticket.number() <= self.called.load(Acquire);
        called && self.rounds.load(Relaxed) == round
    }
}

impl Default for Notify {
    fn default() -> Notify {
        Notify::new()
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
