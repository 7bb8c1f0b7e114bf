//! The state machine with its lock, as all halves have it.
//!
//! # Layer
//! 4: uses the state machine and `Notify`.

use std::sync::{Arc, Mutex, MutexGuard};

use super::state::State;
use crate::sync::{Notify, lock, wake};

/// What senders and receiver share.
pub(super) struct Shared<T> {
    state: Mutex<State<T>>,
    /// Tells the senders that wait for the receiver to close.
    closed: Notify,
}

impl<T> Shared<T> {
    /// An empty channel with `most` slots.
    pub(super) fn new(most: usize) -> Arc<Shared<T>> {
        Arc::new(Shared {
            state: Mutex::new(State::new(most)),
            closed: Notify::new(),
        })
    }

    /// The state.
    pub(super) fn lock(&self) -> MutexGuard<'_, State<T>> {
        lock(&self.state)
    }

    /// Puts a message into a slot that was taken for it.
    pub(super) fn push(&self, message: T) {
        // A message that nobody will take is dropped after the lock.
        let mut message = Some(message);
        let waker = self.lock().push(&mut message);
        wake(waker);
    }

    /// Gives back `n` slots that no message came into.
    pub(super) fn release(&self, n: usize) {
        let wakers = self.lock().release(n);
        wakers.wake();
    }

    /// One sender more.
    pub(super) fn add_sender(&self) {
        self.lock().add_sender();
    }

    /// One sender less.
    pub(super) fn drop_sender(&self) {
        let waker = self.lock().drop_sender();
        wake(waker);
    }

    /// Waits until the receiver is closed or gone.
    pub(super) async fn closed(&self) {
        let notified = self.closed.notified();
        if !self.lock().slots.is_closed() {
            notified.await;
        }
    }

    /// Lets nothing more be sent.
    pub(super) fn close(&self) {
        let wakers = self.lock().close();
        wakers.wake();
        self.closed.notify_waiters();
    }

    /// The receiver is gone.
    pub(super) fn end_receiver(&self) {
        self.close();
        let (_messages, _own) = self.lock().end_receiver();
    }

    /// The receiver waits no longer.
    pub(super) fn forget_receiver(&self) {
        let _own = self.lock().forget_receiver();
    }
}
