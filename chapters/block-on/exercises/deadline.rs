//! ★★ A `block_on` that gives up, but never on a future that was woken in time.
//!
//! What is asked of `block_on_timeout`:
//! 1. It polls at least once, and then once for each wake, as Teacup does.
//! 2. It returns `None` when `timeout` has passed, and never before.
//! 3. A wake that came before it gives up gets its poll, even if the time is over by
//!    then. After the time is over there is one such poll at most.
//! 4. Any `Duration` will do.
//!
//! `cargo kettle check block-on/deadline` says what is wrong with this one.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

#[path = "deadline_check.rs"]
mod check;

fn main() {
    check::check();
}

// ------------------------------------------------------------------ yours begins here

fn block_on_timeout<F: Future>(future: F, timeout: Duration) -> Option<F::Output> {
    let deadline = Instant::now() + timeout;
    let parker = Arc::new(Parker(thread::current()));
    let waker = Waker::from(Arc::clone(&parker));
    let mut cx = Context::from_waker(&waker);
    let mut future = pin!(future);
    while Instant::now() < deadline {
        match future.as_mut().poll(&mut cx) {
            Poll::Ready(output) => return Some(output),
            Poll::Pending => thread::park_timeout(timeout),
        }
    }
    None
}

struct Parker(Thread);

impl Wake for Parker {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

// -------------------------------------------------------------------- yours ends here
