//! ★ A bell that loses no ring.
//!
//! What is asked of it:
//! 1. Whoever listens is ready once the bell was rung, be it before the first poll or
//!    at any moment after.
//! 2. A ring wakes the waker of the last poll, not of one before.
//! 3. While it calls `wake`, it holds no lock.
//!
//! The stub breaks all three, some of them only at a bad moment. `cargo kettle check
//! whom-to-poll/bell` says at which.

use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::{Arc, Mutex};

use kettle::machinery::{Context, Future, Poll, Waker};

#[path = "bell_check.rs"]
mod check;

fn main() {
    check::check();
}

// ------------------------------------------------------------------ yours begins here

#[derive(Default)]
struct Bell {
    was_rung: AtomicBool,
    word: Mutex<Option<Waker>>,
}

impl Bell {
    fn ring(&self) {
        self.was_rung.store(true, SeqCst);
        let word = self.word.lock().unwrap();
        if let Some(waker) = &*word {
            waker.wake_by_ref();
        }
    }
}

/// Is ready when its bell was rung.
struct Listen(Arc<Bell>);

impl Future for Listen {
    type Output = ();

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.0.was_rung.load(SeqCst) {
            return Poll::Ready(());
        }
        let waker = cx.waker().clone();
        self.0.word.lock().unwrap().get_or_insert(waker);
        Poll::Pending
    }
}

// -------------------------------------------------------------------- yours ends here
