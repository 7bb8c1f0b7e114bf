//! Three ways to put a thread to sleep until a waker is called, two of them wrong.

#![allow(dead_code, unreachable_pub, reason = "each program uses a part of it")]

use std::pin::pin;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::{Acquire, Release};
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

/// Something whose `wake` ends its `park`.
pub trait Parker: Wake + Send + Sync + 'static {
    fn of_this_thread() -> Self;
    fn park(&self);
}

/// Runs `future` until it is done, and parks in between.
pub fn block_on<P: Parker, F: Future>(parker: &Arc<P>, future: F) -> F::Output {
    let waker = Waker::from(Arc::clone(parker));
    let mut cx = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut cx) {
            Poll::Ready(output) => return output,
            Poll::Pending => parker.park(),
        }
    }
}

/// Wakes the thread only if it sleeps.
pub struct SleepFlag {
    thread: Thread,
    asleep: AtomicBool,
}

impl Parker for SleepFlag {
    fn of_this_thread() -> SleepFlag {
        SleepFlag {
            thread: thread::current(),
            asleep: AtomicBool::new(false),
        }
    }

    fn park(&self) {
        self.asleep.store(true, Release);
        thread::park();
        self.asleep.store(false, Release);
    }
}

impl Wake for SleepFlag {
    fn wake(self: Arc<Self>) {
        // Who is awake need not be woken.
        if self.asleep.load(Acquire) {
            self.thread.unpark();
        }
    }
}

impl SleepFlag {
    pub fn is_asleep(&self) -> bool {
        self.asleep.load(Acquire)
    }
}

/// Relies on std's token.
pub struct BarePark(Thread);

impl Parker for BarePark {
    fn of_this_thread() -> BarePark {
        BarePark(thread::current())
    }

    fn park(&self) {
        thread::park();
    }
}

impl Wake for BarePark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Sleeps on a `Condvar` until the flag under the lock is set.
#[derive(Default)]
pub struct LockedFlag {
    woken: Mutex<bool>,
    changed: Condvar,
}

impl Parker for LockedFlag {
    fn of_this_thread() -> LockedFlag {
        LockedFlag::default()
    }

    fn park(&self) {
        let mut woken = self.woken.lock().unwrap();
        while !*woken {
            woken = self.changed.wait(woken).unwrap();
        }
        *woken = false;
    }
}

impl Wake for LockedFlag {
    fn wake(self: Arc<Self>) {
        *self.woken.lock().unwrap() = true;
        self.changed.notify_one();
    }
}
