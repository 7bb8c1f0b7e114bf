//! The runtime: everything below, put together and named.
//!
//! # The end
//! Dropping a [`Runtime`] ends it. From then on nothing can be spawned; task after task
//! is dropped, on this thread, with timers and sockets still there; outputs that nobody
//! fetched go with them; handles elsewhere are told; and the runtime's number is given
//! back last.
//!
//! # Layer
//! 8: uses all below.

mod builder;
mod handle;

use std::fmt;

pub use crate::waker::TooManyRuntimes;
pub use builder::Builder;
pub use handle::{EnterGuard, Handle, TryCurrentError};

use crate::driver::{Driver, DriverAtHome};
use crate::executor::Executor;
use crate::task::{JoinHandle, spawn_local_on, spawn_on};

/// A runtime: an executor and a driver, at home on the thread where it was built.
///
/// It is not `Send`, as tokio's is: what a task, a timer or a socket belongs to does not
/// wander about. Its [`Handle`] may go anywhere.
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
    executor: Executor,
    /// Before the driver, so that what is dropped with that no longer looks for it.
    at_home: DriverAtHome,
    driver: Driver,
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

    /// A handle to this runtime, for any thread.
    pub fn handle(&self) -> Handle {
        Handle::new(self.executor.runtime())
    }

    /// Makes this runtime current until the guard is dropped.
    pub fn enter(&self) -> EnterGuard {
        self.handle().enter()
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        self.executor.close();
        self.driver.close();
    }
}

impl fmt::Debug for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runtime")
            .field("executor", &self.executor)
            .field("driver", &self.driver)
            .field("at_home", &self.at_home)
            .finish()
    }
}
