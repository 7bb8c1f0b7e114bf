//! What a runtime counts of itself.
//!
//! tokio counts for each of its worker threads. Here there is one, so what is left are
//! the numbers of the tasks, of the inbox and of the blocking pool.
//!
//! # Layer
//! 8: uses tasks, the inbox and the pool.

use std::fmt;

use crate::blocking::{Counts, pool_of};
use crate::task::HOMES;
use crate::waker::{Census, RuntimeId, inbox_of};

/// A runtime's numbers, each read when it is asked for; made by
/// [`Handle::metrics`](super::Handle::metrics).
///
/// At home they are exact. On other threads, those of the tasks may be a turn old. Once
/// the runtime has ended, all are zero.
///
/// ```
/// let runtime = kettle::runtime::Runtime::new()?;
/// let metrics = runtime.metrics();
/// let task = runtime.spawn(async {});
/// assert_eq!(metrics.num_alive_tasks(), 1);
/// runtime.block_on(task)?;
/// assert_eq!(metrics.num_alive_tasks(), 0);
/// assert_eq!(metrics.spawned_tasks_count(), 1);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone)]
pub struct RuntimeMetrics {
    runtime: RuntimeId,
}

impl RuntimeMetrics {
    /// The numbers of `runtime`.
    pub(super) fn new(runtime: RuntimeId) -> RuntimeMetrics {
        RuntimeMetrics { runtime }
    }

    /// The threads that run tasks: one.
    pub fn num_workers(&self) -> usize {
        1
    }

    /// Tasks that have been spawned and have not ended. The future of `block_on` is none,
    /// nor are closures of `spawn_blocking`.
    pub fn num_alive_tasks(&self) -> usize {
        let Census { spawned, ended } = self.census();
        usize::try_from(spawned - ended).expect("each of them has a slot")
    }

    /// Tasks that have been spawned since the runtime was built.
    pub fn spawned_tasks_count(&self) -> u64 {
        self.census().spawned
    }

    /// Wakes and orders of other threads that the runtime has not looked at.
    pub fn global_queue_depth(&self) -> usize {
        inbox_of(self.runtime).map_or(0, |inbox| inbox.len())
    }

    /// Threads of `spawn_blocking`, the idle ones among them.
    pub fn num_blocking_threads(&self) -> usize {
        self.pool().threads
    }

    /// Threads of `spawn_blocking` that wait for work.
    pub fn num_idle_blocking_threads(&self) -> usize {
        self.pool().idle
    }

    /// Closures of `spawn_blocking` that wait for a thread.
    pub fn blocking_queue_depth(&self) -> usize {
        self.pool().queued
    }

    fn census(&self) -> Census {
        let at_home =
            HOMES.with(|homes| homes.with(self.runtime, |tasks| tasks.census()));
        let elsewhere = || inbox_of(self.runtime).map(|inbox| inbox.census());
        at_home.or_else(elsewhere).unwrap_or_default()
    }

    fn pool(&self) -> Counts {
        pool_of(self.runtime).map_or(Counts::default(), |pool| pool.counts())
    }
}

impl fmt::Debug for RuntimeMetrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RuntimeMetrics")
            .field("alive_tasks", &self.num_alive_tasks())
            .field("spawned_tasks", &self.spawned_tasks_count())
            .field("pool", &self.pool())
            .finish_non_exhaustive()
    }
}
