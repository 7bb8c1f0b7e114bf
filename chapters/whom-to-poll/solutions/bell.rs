//! The solution of `bell`: word first, then the look; and `wake` when the lock is gone.

use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::{Arc, Mutex};

use kettle::machinery::{Context, Future, Poll, Waker};

#[path = "../exercises/bell_check.rs"]
mod check;

fn main() {
    check::check();
}

#[derive(Default)]
struct Bell {
    was_rung: AtomicBool,
    word: Mutex<Option<Waker>>,
}

impl Bell {
    fn ring(&self) {
        self.was_rung.store(true, SeqCst);
        let word = self.word.lock().unwrap().take();
        if let Some(waker) = word {
            waker.wake();
        }
    }
}

/// Is ready when its bell was rung.
struct Listen(Arc<Bell>);

impl Future for Listen {
    type Output = ();

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        // The clone before the lock, and the drop of what was there after it.
        let word = Some(cx.waker().clone());
        let before = std::mem::replace(&mut *self.0.word.lock().unwrap(), word);
        drop(before);
        match self.0.was_rung.load(SeqCst) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    }
}
