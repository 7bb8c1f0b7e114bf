//! Water that boils when it is told to, and then calls whoever has left word.

#![allow(dead_code, unreachable_pub, reason = "each program uses a part of it")]

use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;

use kettle::machinery::Waker;

#[derive(Default)]
pub struct Water {
    boils: AtomicBool,
    whistle: Mutex<Option<Waker>>,
}

impl Water {
    pub fn boils(&self) -> bool {
        self.boils.load(Relaxed)
    }

    /// Makes it true first, and then tells.
    pub fn boil(&self) {
        self.boils.store(true, Relaxed);
        let word = self.whistle.lock().unwrap().take();
        if let Some(waker) = word {
            waker.wake();
        }
    }

    /// Keeps a waker of the one who asks. Whose came before is told no more.
    pub fn leave_word(&self, waker: &Waker) {
        let word = Some(waker.clone());
        let before = std::mem::replace(&mut *self.whistle.lock().unwrap(), word);
        drop(before);
    }

    /// Whether somebody has left word.
    pub fn has_word(&self) -> bool {
        self.whistle.lock().unwrap().is_some()
    }
}
