//! The least that runs a future, in lines: a loop that polls.

use std::future::poll_fn;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

// ANCHOR: block_on
fn block_on<F: Future>(future: F) -> F::Output {
    let mut cx = Context::from_waker(Waker::noop());
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut cx) {
            return output;
        }
    }
}
// ANCHOR_END: block_on

// ANCHOR: main
fn main() {
    let (mut degrees, mut polls) = (20, 0);
    let water = poll_fn(|_| {
        polls += 1;
        if degrees == 100 {
            return Poll::Ready("tea");
        }
        degrees += 1;
        Poll::Pending
    });

    let drink = block_on(async { format!("a cup of {}", water.await) });
    println!("{drink} after {polls} polls");
}
// ANCHOR_END: main
