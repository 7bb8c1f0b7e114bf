//! Teacup, the reader's runtime: one future, on one thread.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::{Acquire, Release};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

/// Runs `future` on this thread until it is done, and sleeps in between.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let parker = Arc::new(Parker::of_this_thread());
    let waker = Waker::from(Arc::clone(&parker));
    let mut cx = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut cx) {
            Poll::Ready(output) => return output,
            Poll::Pending => parker.park(),
        }
    }
}

/// Puts one thread to sleep until its token is there.
struct Parker {
    thread: Thread,
    token: AtomicBool,
}

impl Parker {
    fn of_this_thread() -> Parker {
        Parker {
            thread: thread::current(),
            token: AtomicBool::new(false),
        }
    }

    /// Sleeps until the token is there, and takes it.
    fn park(&self) {
        while !self.token.swap(false, Acquire) {
            thread::park();
        }
    }

    /// Puts the token there, and sees to it that it is found.
    fn unpark(&self) {
        self.token.swap(true, Release);
        self.thread.unpark();
    }
}

impl Wake for Parker {
    fn wake(self: Arc<Self>) {
        self.unpark();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.unpark();
    }
}
