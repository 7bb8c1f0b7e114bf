//! A reference to a runtime that may go anywhere: its number.
//!
//! # Layer
//! 8: uses tasks and the notion of current.

use std::fmt;

use super::{Id, RuntimeMetrics};
use crate::blocking::spawn_blocking_on;
use crate::task::{JoinHandle, spawn_on};
use crate::waker::{Current, RuntimeId, block_on, current, enter, run};

/// A runtime, seen from anywhere. It keeps nothing alive: once the runtime has ended, a
/// spawn drops its future and says cancelled.
///
/// ```
/// let runtime = kettle::runtime::Runtime::new()?;
/// let handle = runtime.handle().clone();
/// let elsewhere = std::thread::spawn(move || handle.spawn(async { "tea" }));
/// let task = elsewhere.join().unwrap();
/// assert_eq!(runtime.block_on(task).unwrap(), "tea");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Handle {
    runtime: RuntimeId,
}

impl Handle {
    /// The handle of `runtime`.
    pub(super) fn new(runtime: RuntimeId) -> Handle {
        Handle { runtime }
    }

    /// A handle to the runtime that is current on this thread.
    ///
    /// # Panics
    /// Where none is.
    #[track_caller]
    pub fn current() -> Handle {
        Handle::try_current().unwrap_or_else(|error| panic!("{error}"))
    }

    /// A handle to the runtime that is current on this thread.
    ///
    /// # Errors
    /// Where none is.
    pub fn try_current() -> Result<Handle, TryCurrentError> {
        current().map(Handle::new).ok_or(TryCurrentError(()))
    }

    /// Starts `future` as a task of this runtime, from any thread.
    ///
    /// At home it is as good as [`kettle::spawn`](crate::spawn). From elsewhere the future
    /// travels through the runtime's inbox, and runs from its next turn on.
    ///
    /// # Panics
    /// At 268 million tasks alive.
    #[track_caller]
    pub fn spawn<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        spawn_on(self.runtime, future)
    }

    /// Runs `act`, which may block, on a thread of this runtime's pool, from any thread;
    /// see [`task::spawn_blocking`](crate::task::spawn_blocking).
    pub fn spawn_blocking<F, T>(&self, act: F) -> JoinHandle<T>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        spawn_blocking_on(self.runtime, act)
    }

    /// Runs `future` on this thread until it is done, with this runtime current; the
    /// thread sleeps in between.
    ///
    /// It is for a thread of one's own, or of `spawn_blocking`, that needs the output of a
    /// future. It runs none of the runtime's tasks: those need a
    /// [`Runtime::block_on`](super::Runtime::block_on) at home meanwhile, and where `future`
    /// waits for one of them, so does this call. What belongs to the runtime's thread, its
    /// sockets and its timers, cannot be awaited here; a task can do that, and its
    /// [`JoinHandle`] can be.
    ///
    /// # Panics
    /// With what `future` panics with, and inside of another `block_on` on this thread.
    ///
    /// ```
    /// use kettle::runtime::{Handle, Runtime};
    ///
    /// let runtime = Runtime::new()?;
    /// let cups = runtime.spawn_blocking(|| {
    ///     let two = kettle::spawn(async { 2 });
    ///     Handle::current().block_on(two).unwrap() + 2
    /// });
    /// assert_eq!(runtime.block_on(cups)?, 4);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[track_caller]
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        let _running = run(self.runtime);
        block_on(future)
    }

    /// The runtime's number.
    pub fn id(&self) -> Id {
        Id::new(self.runtime)
    }

    /// The runtime's numbers.
    pub fn metrics(&self) -> RuntimeMetrics {
        RuntimeMetrics::new(self.runtime)
    }

    /// Makes this runtime current on this thread until the guard is dropped: `spawn` and
    /// the like then mean it.
    ///
    /// # Panics
    /// The guard panics when it is dropped before one that was made after it.
    pub fn enter(&self) -> EnterGuard {
        EnterGuard {
            _current: enter(self.runtime),
        }
    }
}

/// While it lives, a runtime is current on this thread; made by [`Handle::enter`].
#[derive(Debug)]
#[must_use = "the runtime is current only as long as the guard lives"]
pub struct EnterGuard {
    _current: Current,
}

/// No runtime is current on this thread.
#[derive(Debug, Clone)]
pub struct TryCurrentError(());

impl fmt::Display for TryCurrentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "no Kettle runtime is current on this thread; call this inside block_on or \
             #[kettle::main], or enter a runtime's Handle first",
        )
    }
}

impl std::error::Error for TryCurrentError {}
