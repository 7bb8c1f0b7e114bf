//! Putting a thread to sleep until somebody wakes it.
//!
//! [`Park`] is the seam on which a runtime's loop sleeps: a bare thread here, timers and
//! the reactor above, a simulator in tests. [`Unpark`] is its other end, for any thread.
//!
//! # Invariants
//! 1. An unpark is never lost: one that comes before the park makes the park return.
//! 2. Many unparks before a park are as good as one.
//!
//! # Layer
//! 3: uses the clock and the trace.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::{Acquire, Release};
use std::task::Wake;
use std::thread::{self, Thread};

use crate::clock::Instant;
use crate::trace::{self, Event, Why};

/// What a loop sleeps on.
pub(crate) trait Park {
    /// Takes in what has happened already, and does not sleep.
    fn look(&self);

    /// Sleeps until something happens, [`Unpark::unpark`] is called, or `deadline` has
    /// passed, and says which. It may return early for no reason; then it says that the
    /// deadline has passed.
    fn park(&self, deadline: Option<Instant>) -> Why;
}

/// The other end of a [`Park`].
pub(crate) trait Unpark: Send + Sync {
    /// Makes the `park` under way return, or else the next one.
    fn unpark(&self);
}

/// Sleeps by means of the operating system's thread parking and a token of its own.
///
/// The token makes it exact: `std::thread::park` may return for no reason, and a future
/// may call it for purposes of its own and take away an unpark that was meant for us.
#[derive(Debug)]
pub(crate) struct ThreadParker {
    thread: Thread,
    /// Set by `unpark` with Release, taken by `park` with Acquire: what a waking thread
    /// wrote before the wake is visible after the park. Set by `swap`, so that this holds
    /// for each of several wakers: a swap continues the release sequence of the one
    /// before it, and a store by another thread would end it.
    token: AtomicBool,
}

impl ThreadParker {
    /// The parker of the calling thread.
    pub(crate) fn current() -> Arc<ThreadParker> {
        Arc::new(ThreadParker {
            thread: thread::current(),
            token: AtomicBool::new(false),
        })
    }

    /// Sleeps until the token is there, and takes it.
    pub(crate) fn park_until_unparked(&self) {
        while !self.token.swap(false, Acquire) {
            thread::park();
        }
    }

    /// Sleeps until the token is there, and takes it, or until `deadline` has passed:
    /// then it is false.
    fn park_until(&self, deadline: Instant) -> bool {
        while !self.token.swap(false, Acquire) {
            let left = deadline - Instant::now();
            if left.is_zero() {
                return false;
            }
            thread::park_timeout(left);
        }
        true
    }
}

impl Park for Arc<ThreadParker> {
    fn look(&self) {}

    fn park(&self, deadline: Option<Instant>) -> Why {
        let timeout = deadline.map(|deadline| deadline - Instant::now());
        trace::emit(|_| Event::Park { timeout });
        let unparked = match deadline {
            None => {
                self.park_until_unparked();
                true
            }
            Some(deadline) => self.park_until(deadline),
        };
        let why = if unparked {
            Why::Unparked
        } else {
            Why::Deadline
        };
        trace::emit(|_| Event::Unpark { why });
        why
    }
}

impl Unpark for ThreadParker {
    fn unpark(&self) {
        self.token.swap(true, Release);
        self.thread.unpark();
    }
}

impl Wake for ThreadParker {
    fn wake(self: Arc<Self>) {
        self.unpark();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.unpark();
    }
}
