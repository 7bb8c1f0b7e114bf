//! async-executor's `LocalExecutor` under futures-lite's `block_on`.
//!
//! The executor of smol without its reactor: what it can do at best when no socket
//! is about. With sockets the side is [`smol`](super::smol).

use std::cell::RefCell;
use std::future::Future;
use std::io;
use std::rc::Rc;

use ::async_executor::{LocalExecutor, Task};

/// So that the scenarios compile here too; row 13 does not run it.
pub use super::smol::offload;
pub use futures_lite::future::yield_now;

/// As the table prints it.
pub const NAME: &str = "async-executor";
/// Its tasks may be awaited on any thread, though the executor stays.
pub const STAYS: bool = false;
/// It has no reactor; row 4 with a socket and row 11 belong to smol.
pub const SOCKETS: bool = false;
/// Its wakers work from any thread.
pub const WOKEN_ELSEWHERE: bool = true;
/// It has no pool of its own, and row 13 leaves it out.
pub const OFFLOADS: bool = false;
/// `block_on` may be called again and again on one runtime.
pub const BLOCKS_AGAIN: bool = true;

thread_local! {
    static CURRENT: RefCell<Option<Rc<LocalExecutor<'static>>>> =
        const { RefCell::new(None) };
}

/// One executor, shared with this thread's `spawn` while it lives.
#[derive(Debug)]
pub struct Runtime(Rc<LocalExecutor<'static>>);

impl Runtime {
    /// Makes one and puts it where `spawn` finds it.
    pub fn build() -> io::Result<Self> {
        let executor = Rc::new(LocalExecutor::new());
        CURRENT.set(Some(executor.clone()));
        Ok(Self(executor))
    }

    /// Drives `future` and the executor's tasks on this thread.
    pub fn block_on<F: Future>(&mut self, future: F) -> F::Output {
        futures_lite::future::block_on(self.0.run(future))
    }

    /// The executor itself, for another way to block.
    #[must_use]
    pub fn executor(&self) -> &LocalExecutor<'static> {
        &self.0
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        CURRENT.set(None);
    }
}

/// Spawns on this thread's executor.
pub fn spawn<F>(body: F) -> Task<F::Output>
where
    F: Future + 'static,
    F::Output: 'static,
{
    CURRENT.with_borrow(|current| {
        let executor = current.as_ref().expect("a runtime lives on this thread");
        executor.spawn(body)
    })
}

/// The output behind a handle.
pub async fn join<T>(handle: Task<T>) -> T {
    handle.await
}

/// Never asked for: see [`SOCKETS`].
pub async fn idle_socket() {
    std::future::pending().await
}
