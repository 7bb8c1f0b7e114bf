//! futures' `LocalPool`: the smallest executor that people really use.

use std::cell::RefCell;
use std::future::Future;
use std::io;

use futures::executor::{LocalPool, LocalSpawner};
use futures::future::RemoteHandle;
use futures::task::LocalSpawnExt;

/// So that the scenarios compile here too; row 13 does not run it.
pub use super::smol::offload;
pub use futures_lite::future::yield_now;

/// As the table prints it.
pub const NAME: &str = "LocalPool";
/// Its remote handles may be awaited on any thread, though the pool stays.
pub const STAYS: bool = false;
/// It has no reactor.
pub const SOCKETS: bool = false;
/// Its wakers work from any thread.
pub const WOKEN_ELSEWHERE: bool = true;
/// It has no pool of its own, and row 13 leaves it out.
pub const OFFLOADS: bool = false;
/// `block_on` may be called again and again on one runtime.
pub const BLOCKS_AGAIN: bool = true;

thread_local! {
    static CURRENT: RefCell<Option<LocalSpawner>> = const { RefCell::new(None) };
}

/// One pool.
#[derive(Debug)]
pub struct Runtime(LocalPool);

impl Runtime {
    /// Makes one and puts its spawner where `spawn` finds it.
    pub fn build() -> io::Result<Self> {
        let pool = LocalPool::new();
        CURRENT.set(Some(pool.spawner()));
        Ok(Self(pool))
    }

    /// Drives `future` and the pool's tasks on this thread.
    pub fn block_on<F: Future>(&mut self, future: F) -> F::Output {
        self.0.run_until(future)
    }
}

/// Spawns on this thread's pool.
pub fn spawn<F>(body: F) -> RemoteHandle<F::Output>
where
    F: Future + 'static,
    F::Output: 'static,
{
    CURRENT.with_borrow(|current| {
        let spawner = current.as_ref().expect("the pool was made on this thread");
        spawner
            .spawn_local_with_handle(body)
            .expect("the pool is alive")
    })
}

/// The output behind a handle.
pub async fn join<T: 'static>(handle: RemoteHandle<T>) -> T {
    handle.await
}

/// Never asked for: see [`SOCKETS`].
pub async fn idle_socket() {
    std::future::pending().await
}
