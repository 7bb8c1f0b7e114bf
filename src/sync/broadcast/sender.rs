//! The half that sends.
//!
//! # Layer
//! 4: uses the state machine and `Notify`.

use std::fmt;
use std::sync::{Arc, Mutex};

use super::error::SendError;
use super::{Message, Receiver, Shared, State};
use crate::sync::{Notify, lock};

/// Sends values to all [`Receiver`]s. Clones send to the same.
pub struct Sender<T> {
    shared: Arc<Shared<T>>,
}

impl<T> Sender<T> {
    /// A channel that keeps the last `capacity` values, without a receiver.
    ///
    /// # Panics
    /// If `capacity` is 0.
    #[track_caller]
    pub fn new(capacity: usize) -> Sender<T> {
        assert!(
            capacity > 0,
            "a broadcast channel keeps at least one value; for a signal without a value \
             use Notify"
        );
        let shared = Shared {
            state: Mutex::new(State::new(capacity)),
            closed: Notify::new(),
        };
        let shared = Arc::new(shared);
        Sender { shared }
    }

    /// Sends `value` to all receivers there are, and says how many that is. It never
    /// waits. If a receiver is as far behind as the ring is long, it misses the oldest.
    ///
    /// # Errors
    /// [`SendError`] with the value, if there is no receiver.
    pub fn send(&self, value: T) -> Result<usize, SendError<T>> {
        let message = Arc::new(Mutex::new(value));
        let sent = lock(&self.shared.state).send(message);
        let sent = sent.map_err(|unsent| SendError(take_back(unsent)))?;
        sent.wakers.wake();
        Ok(sent.receivers)
    }

    /// Another receiver. It sees what is sent from now on.
    pub fn subscribe(&self) -> Receiver<T> {
        Receiver::new(Arc::clone(&self.shared))
    }

    /// Waits until there is no receiver.
    ///
    /// # Cancel safety
    /// Nothing is lost.
    pub async fn closed(&self) {
        loop {
            let notified = self.shared.closed.notified();
            if self.receiver_count() == 0 {
                return;
            }
            notified.await;
        }
    }

    /// How many values some receiver has not seen yet.
    pub fn len(&self) -> usize {
        lock(&self.shared.state).len()
    }

    /// Whether all receivers have seen all values.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many receivers there are.
    pub fn receiver_count(&self) -> usize {
        lock(&self.shared.state).receivers
    }

    /// How many senders there are.
    pub fn strong_count(&self) -> usize {
        lock(&self.shared.state).senders
    }

    /// Whether both send to the same receivers.
    pub fn same_channel(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.shared, &other.shared)
    }
}

/// The value of a message that was not sent.
fn take_back<T>(unsent: Message<T>) -> T {
    let value = Arc::into_inner(unsent).expect("nobody else has got it");
    value.into_inner().expect("nobody has locked it")
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Sender<T> {
        lock(&self.shared.state).senders += 1;
        let shared = Arc::clone(&self.shared);
        Sender { shared }
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        let wakers = lock(&self.shared.state).drop_sender();
        wakers.wake();
    }
}

impl<T> fmt::Debug for Sender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("broadcast::Sender").finish_non_exhaustive()
    }
}
