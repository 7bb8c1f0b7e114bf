//! The other thread of row 12: parked until it is asked, then it wakes the task.

use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::thread::{self, JoinHandle, Thread};

use crate::cpu;

/// The thread, ended and joined on drop.
#[derive(Debug)]
pub(crate) struct Partner {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

/// A task's end of the line.
#[derive(Debug)]
pub(crate) struct Ping {
    shared: Arc<Shared>,
    partner: Thread,
}

#[derive(Debug, Default)]
struct Shared {
    /// Whom to wake. The lock also orders `answered`.
    waiting: Mutex<Option<Waker>>,
    /// Set by the partner before it wakes (Release), read by the task (Acquire).
    answered: AtomicBool,
    /// Set by `Partner::drop` (Release), read by its thread (Acquire).
    ended: AtomicBool,
}

impl Partner {
    /// Starts the thread on the core that is not measured.
    pub(crate) fn start() -> Self {
        let shared = Arc::new(Shared::default());
        let theirs = shared.clone();
        let thread = thread::spawn(move || {
            cpu::pin_other();
            theirs.serve();
        });
        Self {
            shared,
            thread: Some(thread),
        }
    }

    /// A task's end of the line.
    pub(crate) fn ping(&self) -> Ping {
        let thread = self.thread.as_ref().expect("only drop takes it");
        Ping {
            shared: self.shared.clone(),
            partner: thread.thread().clone(),
        }
    }
}

impl Drop for Partner {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::Release);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            thread.join().expect("the partner does not panic");
        }
    }
}

impl Shared {
    fn serve(&self) {
        while !self.ended.load(Ordering::Acquire) {
            thread::park();
            let waiting = self.lock().take();
            if let Some(waker) = waiting {
                self.answered.store(true, Ordering::Release);
                waker.wake();
            }
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Waker>> {
        self.waiting.lock().expect("no one panics under this lock")
    }
}

impl Ping {
    /// Asks the partner, and waits for its wake.
    pub(crate) async fn round_trip(&self) {
        let mut asked = false;
        poll_fn(|cx| {
            if self.shared.answered.swap(false, Ordering::AcqRel) {
                return Poll::Ready(());
            }
            if !asked {
                asked = true;
                *self.shared.lock() = Some(cx.waker().clone());
                self.partner.unpark();
            }
            Poll::Pending
        })
        .await;
    }
}
