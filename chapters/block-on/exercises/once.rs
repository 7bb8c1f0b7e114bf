//! ★ A `block_on` that polls once for each wake, and misses none.
//!
//! This one relies on std's token. `cargo kettle check block-on/once` says what is
//! wrong with it; change what you like between the two lines.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

#[path = "once_check.rs"]
mod check;

fn main() {
    check::check();
}

// ------------------------------------------------------------------ yours begins here

fn block_on<F: Future>(future: F) -> F::Output {
    let parker = Arc::new(Parker(thread::current()));
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

struct Parker(Thread);

impl Parker {
    fn park(&self) {
        thread::park();
    }
}

impl Wake for Parker {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

// -------------------------------------------------------------------- yours ends here
