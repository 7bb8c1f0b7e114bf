//! The right to send one message without waiting.
//!
//! # Layer
//! 4: uses the sender.

use std::fmt;
use std::mem;

use super::Sender;

/// A slot of a channel, given back when it is dropped.
#[must_use = "a permit that is dropped at once sends nothing"]
pub struct Permit<'a, T> {
    sender: &'a Sender<T>,
}

impl<'a, T> Permit<'a, T> {
    /// The caller has taken the slot.
    pub(super) fn new(sender: &'a Sender<T>) -> Permit<'a, T> {
        Permit { sender }
    }

    /// Sends `message`. It never waits and never fails: if the receiver is gone, the
    /// message is dropped.
    pub fn send(self, message: T) {
        let sender = self.sender;
        // The slot is the message's now.
        mem::forget(self);
        sender.shared.push(message);
    }
}

impl<T> Drop for Permit<'_, T> {
    fn drop(&mut self) {
        self.sender.shared.release(1);
    }
}

impl<T> fmt::Debug for Permit<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("mpsc::Permit").finish_non_exhaustive()
    }
}
