//! The right to abort a task, apart from the right to its output.
//!
//! # Layer
//! 4: uses addresses.

use super::Id;
use super::address::Address;

/// Aborts a task from anywhere; made by [`JoinHandle::abort_handle`](super::JoinHandle::abort_handle).
///
/// It keeps nothing of the task alive. Once the task has ended, it does nothing.
///
/// ```
/// # let runtime = kettle::runtime::Builder::new_current_thread().build()?;
/// # runtime.block_on(async {
/// let task = kettle::spawn(std::future::pending::<()>());
/// let stop = task.abort_handle();
/// stop.abort();
/// assert!(task.await.unwrap_err().is_cancelled());
/// assert!(stop.is_finished());
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct AbortHandle {
    address: Address,
}

impl AbortHandle {
    /// The abort handle for the task at `address`.
    pub(super) fn new(address: Address) -> AbortHandle {
        AbortHandle { address }
    }

    /// Asks the task to stop; see [`JoinHandle::abort`](super::JoinHandle::abort).
    pub fn abort(&self) {
        self.address.abort();
    }

    /// Whether the task has ended; see [`JoinHandle::is_finished`](super::JoinHandle::is_finished).
    pub fn is_finished(&self) -> bool {
        self.address.is_finished()
    }

    /// The task's id.
    pub fn id(&self) -> Id {
        self.address.id
    }
}
