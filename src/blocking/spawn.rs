//! Sending a closure to the pool.
//!
//! # Layer
//! 5: uses pools and errands.

use super::pool_of;
use crate::task::{Errand, JoinHandle, current_for};
use crate::waker::RuntimeId;

/// Runs `act`, which may block, on a thread of the current runtime's pool.
///
/// The runtime's thread goes on meanwhile. Inside of `act`, the runtime is current:
/// [`spawn`](fn@crate::task::spawn) and
/// [`Handle::current`](crate::runtime::Handle::current) work.
///
/// The pool starts a thread where none is idle, up to
/// [`max_blocking_threads`](crate::runtime::Builder::max_blocking_threads); after that,
/// closures wait for a free one in order. For computing on all cores, a pool with as many
/// threads as cores (such as rayon's) is the better place.
///
/// An abort takes effect as long as `act` has not begun: it is dropped when its turn
/// comes. Once it runs, nothing can stop it. What the end of the runtime does is told at
/// [`Runtime`](crate::runtime::Runtime#the-end).
///
/// # Errors
/// The handle says cancelled if `act` was aborted or the runtime ended before it began;
/// and that it panicked, if it did, or if the operating system refuses the pool's first
/// thread. Where it refuses a later one, `act` waits for one of those there are.
///
/// # Panics
/// Where no runtime is current.
///
/// ```
/// # let runtime = kettle::runtime::Builder::new_current_thread().build()?;
/// # runtime.block_on(async {
/// let sum = kettle::task::spawn_blocking(|| (1..=1_000_000_u64).sum::<u64>());
/// assert_eq!(sum.await.unwrap(), 500_000_500_000);
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
#[track_caller]
pub fn spawn_blocking<F, T>(act: F) -> JoinHandle<T>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    spawn_blocking_on(current_for("spawn_blocking"), act)
}

/// Runs `act` on a thread of `runtime`'s pool.
pub(crate) fn spawn_blocking_on<F, T>(runtime: RuntimeId, act: F) -> JoinHandle<T>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    let (errand, handle) = Errand::new(runtime, act);
    match pool_of(runtime) {
        Some(pool) => pool.submit(errand),
        None => errand.cancel(),
    }
    handle
}
