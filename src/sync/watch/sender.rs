//! The half that changes the value.
//!
//! # Layer
//! 4: uses the state machine and `Notify`.

use std::fmt;
use std::mem;
use std::sync::Arc;

use super::error::SendError;
use super::{Receiver, Ref, Shared};
use crate::sync::lock;

/// Changes the value. Clones change the same.
pub struct Sender<T> {
    shared: Arc<Shared<T>>,
}

impl<T> Sender<T> {
    /// A channel that begins with `value`, without a receiver.
    pub fn new(value: T) -> Sender<T> {
        let shared = Shared::new(value);
        Sender { shared }
    }

    /// Replaces the value, if there is a receiver to see it.
    ///
    /// # Errors
    /// [`SendError`] with the new value, if there is none.
    pub fn send(&self, value: T) -> Result<(), SendError<T>> {
        if self.receiver_count() == 0 {
            return Err(SendError(value));
        }
        self.send_replace(value);
        Ok(())
    }

    /// Replaces the value, whether there is a receiver or not, and gives the old one.
    pub fn send_replace(&self, mut value: T) -> T {
        self.send_modify(|old| mem::swap(old, &mut value));
        value
    }

    /// Changes the value in place.
    ///
    /// # Panics
    /// With the panic of `modify`. The value is what `modify` left, and no receiver is
    /// told.
    pub fn send_modify<F>(&self, modify: F)
    where
        F: FnOnce(&mut T),
    {
        self.send_if_modified(|value| {
            modify(value);
            true
        });
    }

    /// Changes the value in place, and tells the receivers if `modify` says that it has
    /// changed. Gives what `modify` says.
    ///
    /// # Panics
    /// With the panic of `modify`. The value is what `modify` left, and no receiver is
    /// told.
    pub fn send_if_modified<F>(&self, modify: F) -> bool
    where
        F: FnOnce(&mut T) -> bool,
    {
        let mut value = self.shared.value.write();
        if !modify(&mut value) {
            return false;
        }
        let wakers = lock(&self.shared.state).change();
        drop(value);
        wakers.wake();
        true
    }

    /// Looks at the value.
    pub fn borrow(&self) -> Ref<'_, T> {
        Ref::new(self.shared.value.read(), false)
    }

    /// Another receiver, which counts the value as seen.
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

    /// Whether there is no receiver.
    pub fn is_closed(&self) -> bool {
        self.receiver_count() == 0
    }

    /// How many receivers there are.
    pub fn receiver_count(&self) -> usize {
        lock(&self.shared.state).receivers
    }

    /// How many senders there are.
    pub fn sender_count(&self) -> usize {
        lock(&self.shared.state).senders
    }

    /// Whether both change the same value.
    pub fn same_channel(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.shared, &other.shared)
    }
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Sender<T> {
        lock(&self.shared.state).senders += 1;
        let shared = Arc::clone(&self.shared);
        Sender { shared }
    }
}

impl<T: Default> Default for Sender<T> {
    fn default() -> Sender<T> {
        Sender::new(T::default())
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        let wakers = lock(&self.shared.state).drop_sender();
        wakers.wake();
    }
}

impl<T: fmt::Debug> fmt::Debug for Sender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("watch::Sender").finish_non_exhaustive()
    }
}
