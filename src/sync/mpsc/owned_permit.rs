//! The right to send one message without waiting, with the sender in it.
//!
//! # Layer
//! 4: uses the sender.

use std::fmt;
use std::sync::Arc;

use super::{Sender, Shared};

/// A slot of a channel, given back when it is dropped. It owns its sender.
#[must_use = "a permit that is dropped at once sends nothing"]
pub struct OwnedPermit<T> {
    /// None once the slot is filled or given back.
    sender: Option<Sender<T>>,
}

const THERE: &str = "only methods that take the permit take its sender out";

impl<T> OwnedPermit<T> {
    /// The caller has taken the slot.
    pub(super) fn new(sender: Sender<T>) -> OwnedPermit<T> {
        let sender = Some(sender);
        OwnedPermit { sender }
    }

    /// Sends `message`, and gives the sender back. If the receiver is gone, the message
    /// is dropped.
    pub fn send(mut self, message: T) -> Sender<T> {
        let sender = self.sender.take().expect(THERE);
        sender.shared.push(message);
        sender
    }

    /// Gives the slot back, and the sender.
    pub fn release(mut self) -> Sender<T> {
        let sender = self.sender.take().expect(THERE);
        sender.shared.release(1);
        sender
    }

    /// Whether both send to the same receiver.
    pub fn same_channel(&self, other: &Self) -> bool {
        Arc::ptr_eq(self.shared(), other.shared())
    }

    /// Whether it sends to the same receiver as `sender`.
    pub fn same_channel_as_sender(&self, sender: &Sender<T>) -> bool {
        Arc::ptr_eq(self.shared(), &sender.shared)
    }

    fn shared(&self) -> &Arc<Shared<T>> {
        &self.sender.as_ref().expect(THERE).shared
    }
}

impl<T> Drop for OwnedPermit<T> {
    fn drop(&mut self) {
        if let Some(sender) = &self.sender {
            sender.shared.release(1);
        }
    }
}

impl<T> fmt::Debug for OwnedPermit<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("mpsc::OwnedPermit").finish_non_exhaustive()
    }
}
