//! The sender of a channel without limit.
//!
//! # Layer
//! 4: uses the state machine.

use std::fmt;
use std::sync::Arc;

use super::Shared;
use super::error::SendError;
use crate::sync::wake;

/// Sends messages to the [`UnboundedReceiver`](super::UnboundedReceiver) of its channel.
/// Clones send to the same.
pub struct UnboundedSender<T> {
    shared: Arc<Shared<T>>,
}

impl<T> UnboundedSender<T> {
    /// The first sender of a new channel.
    pub(super) fn new(shared: Arc<Shared<T>>) -> UnboundedSender<T> {
        UnboundedSender { shared }
    }

    /// Sends `message`. It never waits, and may be called from code that is not async.
    ///
    /// # Errors
    /// [`SendError`] with the message, if the receiver is closed or gone.
    pub fn send(&self, message: T) -> Result<(), SendError<T>> {
        let mut message = Some(message);
        let mut state = self.shared.lock();
        let waker = match state.slots.try_take(1) {
            Ok(()) => state.push(&mut message),
            Err(_closed) => None,
        };
        drop(state);
        wake(waker);
        message.map_or(Ok(()), |message| Err(SendError(message)))
    }

    /// Waits until the receiver is closed or gone.
    ///
    /// # Cancel safety
    /// Nothing is lost.
    pub async fn closed(&self) {
        self.shared.closed().await;
    }

    /// Whether the receiver is closed or gone.
    pub fn is_closed(&self) -> bool {
        self.shared.lock().slots.is_closed()
    }

    /// Whether both send to the same receiver.
    pub fn same_channel(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.shared, &other.shared)
    }

    /// How many senders there are.
    pub fn strong_count(&self) -> usize {
        self.shared.lock().senders()
    }
}

impl<T> Clone for UnboundedSender<T> {
    fn clone(&self) -> UnboundedSender<T> {
        self.shared.add_sender();
        UnboundedSender::new(Arc::clone(&self.shared))
    }
}

impl<T> Drop for UnboundedSender<T> {
    fn drop(&mut self) {
        self.shared.drop_sender();
    }
}

impl<T> fmt::Debug for UnboundedSender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("mpsc::UnboundedSender")
            .finish_non_exhaustive()
    }
}
