//! The solution of `deadline`: who sleeps is told by the parker whether it was a wake.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::{Acquire, Release};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

#[path = "../exercises/deadline_check.rs"]
mod check;

fn main() {
    check::check();
}

fn block_on_timeout<F: Future>(future: F, timeout: Duration) -> Option<F::Output> {
    // None: so far away that the clock has no word for it.
    let deadline = Instant::now().checked_add(timeout);
    let parker = Arc::new(Parker {
        thread: thread::current(),
        token: AtomicBool::new(false),
    });
    let waker = Waker::from(Arc::clone(&parker));
    let mut cx = Context::from_waker(&waker);
    let mut future = pin!(future);
    let mut last = false;
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut cx) {
            return Some(output);
        }
        if last || !parker.park(deadline) {
            return None;
        }
        last = left(deadline).is_zero();
    }
}

/// The time until `deadline`.
fn left(deadline: Option<Instant>) -> Duration {
    match deadline {
        Some(deadline) => deadline.saturating_duration_since(Instant::now()),
        None => Duration::MAX,
    }
}

struct Parker {
    thread: Thread,
    token: AtomicBool,
}

impl Parker {
    /// Sleeps until the token is there, and takes it; false if it is not there in time.
    fn park(&self, deadline: Option<Instant>) -> bool {
        while !self.token.swap(false, Acquire) {
            let left = left(deadline);
            if left.is_zero() {
                return false;
            }
            thread::park_timeout(left);
        }
        true
    }
}

impl Wake for Parker {
    fn wake(self: Arc<Self>) {
        self.token.swap(true, Release);
        self.thread.unpark();
    }
}
