//! ★★ A poller that asks only those who are worth it.
//!
//! What is asked of `run`:
//! 1. It polls each machine once. After that it polls a machine once for each wake, or
//!    once for several wakes that came before it could poll.
//! 2. A wake may come at any time: during the machine's own poll, from another thread,
//!    after the machine is done, after `run` has returned. None of them is lost, except
//!    those that nobody needs.
//! 3. It returns when all machines are done. A machine that is done is not polled.
//! 4. It polls in the order of the wakes.
//! 5. While there is nobody to poll, it sleeps.
//!
//! The stub is the cook of the chapter before: it asks everybody. `cargo kettle check
//! whom-to-poll/poller` counts how often.

use kettle::machinery::{Context, Future, Waker};

#[path = "poller_check.rs"]
mod check;

fn main() {
    check::check();
}

// ------------------------------------------------------------------ yours begins here

fn run(mut machines: Vec<Box<dyn Future<Output = ()>>>) {
    let waker = Waker::noop();
    let mut cx = Context::from_waker(&waker);
    while !machines.is_empty() {
        machines.retain_mut(|machine| machine.poll(&mut cx).is_pending());
    }
}

// -------------------------------------------------------------------- yours ends here
