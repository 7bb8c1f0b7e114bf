//! A future that a test moves by hand and that reports what is done to it.
//!
//! It counts its polls and drops, notes when it was moved after its first poll, holds
//! exactly the waker of its last poll until it is woken, ready or dropped, and panics
//! where it is told to.

use std::future::Future;
use std::marker::PhantomPinned;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// The future: give it to what is tested.
pub(crate) struct Probe<T> {
    life: Arc<Mutex<Life<T>>>,
    /// What is pinned must not move; a probe that is `Unpin` would prove nothing.
    pinned: PhantomPinned,
}

/// The hand that the test keeps.
pub(crate) struct Hand<T> {
    life: Arc<Mutex<Life<T>>>,
}

struct Life<T> {
    output: Option<T>,
    ready: bool,
    waker: Option<Waker>,
    polls: usize,
    polls_after_ready: usize,
    drops: usize,
    address: Option<usize>,
    moved: bool,
    panic_in_poll: bool,
    panic_in_drop: bool,
}

/// A future that waits, and the hand that moves it.
pub(crate) fn probe<T>() -> (Hand<T>, Probe<T>) {
    let life = Arc::new(Mutex::new(Life {
        output: None,
        ready: false,
        waker: None,
        polls: 0,
        polls_after_ready: 0,
        drops: 0,
        address: None,
        moved: false,
        panic_in_poll: false,
        panic_in_drop: false,
    }));
    let hand = Hand {
        life: Arc::clone(&life),
    };
    let pinned = PhantomPinned;
    (hand, Probe { life, pinned })
}

/// A future that is ready at its first poll, and its hand.
pub(crate) fn ready_probe<T>(output: T) -> (Hand<T>, Probe<T>) {
    let (hand, probe) = probe();
    hand.give(output);
    (hand, probe)
}

impl<T> Hand<T> {
    /// Makes the future ready with `output`, and wakes whoever polled it last.
    pub(crate) fn give(&self, output: T) {
        self.open().output = Some(output);
        self.wake();
    }

    /// Wakes whoever polled it last, for nothing.
    pub(crate) fn wake(&self) {
        let waker = self.open().waker.take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// The waker of the last poll.
    pub(crate) fn waker(&self) -> Option<Waker> {
        self.open().waker.clone()
    }

    /// Makes the next poll panic with `"probe: poll"`.
    pub(crate) fn panic_in_poll(&self) {
        self.open().panic_in_poll = true;
    }

    /// Makes the drop panic with `"probe: drop"`.
    pub(crate) fn panic_in_drop(&self) {
        self.open().panic_in_drop = true;
    }

    /// How often it was polled.
    pub(crate) fn polls(&self) -> usize {
        self.open().polls
    }

    /// How often it was polled after it had been ready.
    pub(crate) fn polls_after_ready(&self) -> usize {
        self.open().polls_after_ready
    }

    /// How often it was dropped.
    pub(crate) fn drops(&self) -> usize {
        self.open().drops
    }

    /// Whether it lay somewhere else at a later poll or at its drop.
    pub(crate) fn was_moved(&self) -> bool {
        self.open().moved
    }

    fn open(&self) -> MutexGuard<'_, Life<T>> {
        self.life.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Probe<T> {
    fn open(&self) -> MutexGuard<'_, Life<T>> {
        self.life.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn here(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }
}

impl<T> Future for Probe<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        let waker = cx.waker().clone();
        let here = self.here();
        let mut life = self.open();
        life.polls += 1;
        life.polls_after_ready += usize::from(life.ready);
        life.moved |= *life.address.get_or_insert(here) != here;
        if life.panic_in_poll {
            drop(life);
            panic!("probe: poll");
        }
        let Some(output) = life.output.take() else {
            let before = life.waker.replace(waker);
            drop(life);
            drop(before);
            return Poll::Pending;
        };
        life.ready = true;
        let before = life.waker.take();
        drop(life);
        drop(before);
        Poll::Ready(output)
    }
}

impl<T> Drop for Probe<T> {
    fn drop(&mut self) {
        let here = self.here();
        let mut life = self.open();
        life.drops += 1;
        life.moved |= life.address.is_some_and(|address| address != here);
        let waker = life.waker.take();
        let panics = life.panic_in_drop;
        drop(life);
        drop(waker);
        assert!(!panics, "probe: drop");
    }
}
