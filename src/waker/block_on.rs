//! The smallest honest executor: one future, one thread, no runtime.
//!
//! # Layer
//! 3: uses the thread parker.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use super::ThreadParker;

/// Runs `future` on this thread until it is done, and sleeps in between.
///
/// There is no runtime around it: nothing fires timers or watches sockets, and `spawn`
/// finds nothing to spawn on. It is for futures that other threads complete, such as
/// channels. [`Runtime::block_on`](crate::runtime::Runtime::block_on) is the large one.
/// `futures::executor::block_on` and `pollster` are its counterparts.
///
/// Each wake leads to one poll, and there is no poll without a wake but the first.
///
/// # Panics
/// With whatever `future` panics with.
///
/// ```
/// let answer = kettle::block_on(async { 6 * 7 });
/// assert_eq!(answer, 42);
/// ```
pub fn block_on<F: Future>(future: F) -> F::Output {
    let parker = ThreadParker::current();
    let waker = Waker::from(parker.clone());
    let mut cx = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut cx) {
            Poll::Ready(output) => return output,
            Poll::Pending => parker.park_until_unparked(),
        }
    }
}
