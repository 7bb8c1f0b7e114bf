//! The runtime: everything below, put together and named.
//!
//! # The end
//! Dropping a [`Runtime`] ends it. From then on nothing can be spawned; task after task
//! is dropped, on this thread, with timers and sockets still there; outputs that nobody
//! fetched go with them; handles elsewhere are told. Then closures of `spawn_blocking`
//! that have not begun are dropped, and those that have are waited for; and the runtime's
//! number is given back last.
//!
//! # Layer
//! 8: uses all below.

mod announce;
mod builder;
mod handle;
mod id;
mod join_set;
mod local_set;
mod metrics;
mod rng_seed;

use std::fmt;
use std::time::Duration;

pub use crate::waker::TooManyRuntimes;
pub use builder::Builder;
pub use handle::{EnterGuard, Handle, TryCurrentError};
pub use id::Id;
#[doc(hidden)] // its path is `task::JoinSet`
pub use join_set::JoinSet;
pub use metrics::RuntimeMetrics;
pub use rng_seed::RngSeed;

use crate::blocking::{Open, spawn_blocking_on};
use crate::driver::{Driver, DriverAtHome};
use crate::executor::Executor;
use crate::task::{JoinHandle, spawn_local_on, spawn_on};

/// A runtime: an executor and a driver, at home on the thread where it was built.
///
/// It is not `Send`, as tokio's is: what a task, a timer or a socket belongs to does not
/// wander about. Its [`Handle`] may go anywhere.
///
/// # The end
/// Dropping the runtime drops its tasks, each where it waits, on this thread. Closures of
/// [`spawn_blocking`](crate::task::spawn_blocking) that have not begun are dropped, too.
/// Those that have begun cannot be stopped, and the drop waits for them, however long
/// they take; [`shutdown_timeout`](Runtime::shutdown_timeout) and
/// [`shutdown_background`](Runtime::shutdown_background) do not. It waits also where it
/// stands in an `async fn`, where tokio's drop panics.
///
/// ```
/// let runtime = kettle::runtime::Runtime::new()?;
/// let sum = runtime.block_on(async {
///     let two = kettle::spawn(async { 2 });
///     two.await.unwrap() + 2
/// });
/// assert_eq!(sum, 4);
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct Runtime {
    /// Before the executor, which gives back the id that the pool is found by.
    pool: Open,
    executor: Executor,
    handle: Handle,
    /// Before the driver, so that what is dropped with that no longer looks for it.
    at_home: DriverAtHome,
    driver: Driver,
    /// How long the end waits for the pool; `None` is as long as it takes.
    patience: Option<Duration>,
}

impl Runtime {
    /// A runtime with sockets and timers.
    ///
    /// # Errors
    /// As [`Builder::build`].
    pub fn new() -> std::io::Result<Runtime> {
        Builder::new_current_thread().enable_all().build()
    }

    /// Runs `future` on this thread until it is done, and all tasks meanwhile.
    ///
    /// Tasks that are not done by then wait for the next `block_on`.
    ///
    /// # Panics
    /// With what `future` panics with, and inside of another `block_on` on this thread.
    #[track_caller]
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        let _clock = self.driver.show_clock();
        self.executor.block_on(&self.driver, future)
    }

    /// Starts `future` as a task, to be run in the next `block_on`.
    ///
    /// # Panics
    /// At 268 million tasks alive.
    #[track_caller]
    pub fn spawn<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        spawn_on(self.executor.runtime(), future)
    }

    /// Starts `future`, which need not be `Send`, as a task.
    ///
    /// # Panics
    /// At 268 million tasks alive.
    #[track_caller]
    pub fn spawn_local<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + 'static,
        F::Output: 'static,
    {
        spawn_local_on(self.executor.runtime(), future)
    }

    /// Runs `act`, which may block, on a thread of this runtime's pool; see
    /// [`task::spawn_blocking`](crate::task::spawn_blocking).
    ///
    /// ```
    /// let runtime = kettle::runtime::Runtime::new()?;
    /// let file = runtime.spawn_blocking(|| std::fs::read("Cargo.toml"));
    /// assert!(!runtime.block_on(file)??.is_empty());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn spawn_blocking<F, T>(&self, act: F) -> JoinHandle<T>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        spawn_blocking_on(self.executor.runtime(), act)
    }

    /// The handle to this runtime; its clones may go to any thread.
    pub fn handle(&self) -> &Handle {
        &self.handle
    }

    /// This runtime's numbers.
    pub fn metrics(&self) -> RuntimeMetrics {
        self.handle.metrics()
    }

    /// Makes this runtime current until the guard is dropped.
    pub fn enter(&self) -> EnterGuard {
        self.handle.enter()
    }

    /// Ends this runtime, and waits at most for `patience` for the closures of
    /// `spawn_blocking` that have begun. Those that take longer run on by themselves,
    /// and their handles hear from them.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let runtime = kettle::runtime::Runtime::new()?;
    /// runtime.spawn_blocking(|| std::thread::sleep(Duration::from_secs(3600)));
    /// runtime.shutdown_timeout(Duration::from_millis(1));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn shutdown_timeout(mut self, patience: Duration) {
        self.patience = Some(patience);
    }

    /// Ends this runtime, and waits for nothing: `shutdown_timeout` with no time at all.
    pub fn shutdown_background(self) {
        self.shutdown_timeout(Duration::ZERO);
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        let clock = self.driver.show_clock();
        self.executor.close();
        drop(clock);
        self.pool.pool().close(self.patience);
        self.driver.close();
    }
}

impl fmt::Debug for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runtime")
            .field("executor", &self.executor)
            .field("driver", &self.driver)
            .field("at_home", &self.at_home)
            .field("pool", &self.pool)
            .finish_non_exhaustive()
    }
}
