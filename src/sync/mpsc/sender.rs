//! The sender of a bounded channel.
//!
//! # Layer
//! 4: uses the state machine.

use std::fmt;
use std::future::poll_fn;
use std::sync::Arc;

use super::claim::Claim;
use super::error::{SendError, TrySendError};
use super::send::Send;
use super::{OwnedPermit, Permit, PermitIterator, Shared};
use crate::sync::{NotUnpin, TryAcquireError, blocking, wake};

/// Sends messages to the [`Receiver`](super::Receiver) of its channel. Clones send to the
/// same.
pub struct Sender<T> {
    /// Permits reach it from here.
    pub(super) shared: Arc<Shared<T>>,
}

impl<T> Sender<T> {
    /// The first sender of a new channel.
    pub(super) fn new(shared: Arc<Shared<T>>) -> Sender<T> {
        Sender { shared }
    }

    /// Sends `message`, or waits for a slot to put it into.
    ///
    /// # Errors
    /// [`SendError`] with the message, if the receiver is closed or gone. No error does
    /// not mean that the message will be received: the receiver may be dropped.
    ///
    /// # Cancel safety
    /// Dropped before it is ready, it has sent nothing: the message is dropped with it,
    /// and the place in the queue is given up. [`reserve`](Sender::reserve) first, and
    /// the message stays yours.
    pub fn send(
        &self,
        message: T,
    ) -> impl Future<Output = Result<(), SendError<T>>> {
        NotUnpin::new(Send::new(&self.shared, message))
    }

    /// Sends `message`, if a slot is free and nobody waits for it.
    ///
    /// # Errors
    /// [`TrySendError`] with the message.
    pub fn try_send(&self, message: T) -> Result<(), TrySendError<T>> {
        let mut message = Some(message);
        let mut state = self.shared.lock();
        let taken = state.slots.try_take(1);
        let waker = match taken {
            Ok(()) => state.push(&mut message),
            Err(_) => None,
        };
        drop(state);
        wake(waker);
        match message {
            Some(message) => Err(refused(taken, message)),
            None => Ok(()),
        }
    }

    /// As [`send`](Sender::send), with the whole thread.
    ///
    /// # Errors
    /// [`SendError`] with the message, if the receiver is closed or gone.
    ///
    /// # Panics
    /// Inside a future that a Kettle runtime polls.
    #[track_caller]
    pub fn blocking_send(&self, message: T) -> Result<(), SendError<T>> {
        blocking::block_on("blocking_send", "send", self.send(message))
    }

    /// Takes a slot, or waits for one. The permit sends into it without waiting.
    ///
    /// # Errors
    /// [`SendError`], if the receiver is closed or gone.
    ///
    /// # Cancel safety
    /// Dropping the future gives up the place in the queue; a slot that was granted
    /// already goes to the next one.
    pub async fn reserve(&self) -> Result<Permit<'_, T>, SendError<()>> {
        self.claim(1).await?;
        Ok(Permit::new(self))
    }

    /// Takes `n` slots at once, or waits until it can.
    ///
    /// # Errors
    /// [`SendError`], if the receiver is closed or gone, or if the channel never has as
    /// many slots.
    ///
    /// # Cancel safety
    /// As for [`reserve`](Sender::reserve): all slots or none.
    pub async fn reserve_many(
        &self,
        n: usize,
    ) -> Result<PermitIterator<'_, T>, SendError<()>> {
        if n > self.max_capacity() {
            return Err(SendError(()));
        }
        self.claim(n).await?;
        Ok(PermitIterator::new(self, n))
    }

    /// As [`reserve`](Sender::reserve), with a permit that owns this sender and gives it
    /// back.
    ///
    /// # Errors
    /// [`SendError`], if the receiver is closed or gone.
    ///
    /// # Cancel safety
    /// As for [`reserve`](Sender::reserve), but the sender is dropped with the future.
    pub async fn reserve_owned(self) -> Result<OwnedPermit<T>, SendError<()>> {
        self.claim(1).await?;
        Ok(OwnedPermit::new(self))
    }

    /// Takes a slot, if one is free and nobody waits for it.
    ///
    /// # Errors
    /// [`TrySendError`].
    pub fn try_reserve(&self) -> Result<Permit<'_, T>, TrySendError<()>> {
        self.try_claim(1).map_err(|error| refused(Err(error), ()))?;
        Ok(Permit::new(self))
    }

    /// Takes `n` slots, if as many are free and nobody waits.
    ///
    /// # Errors
    /// [`TrySendError`]. A channel that never has as many slots counts as closed.
    pub fn try_reserve_many(
        &self,
        n: usize,
    ) -> Result<PermitIterator<'_, T>, TrySendError<()>> {
        if n > self.max_capacity() {
            return Err(TrySendError::Closed(()));
        }
        self.try_claim(n).map_err(|error| refused(Err(error), ()))?;
        Ok(PermitIterator::new(self, n))
    }

    /// As [`try_reserve`](Sender::try_reserve), with a permit that owns this sender.
    ///
    /// # Errors
    /// [`TrySendError`] with this sender.
    pub fn try_reserve_owned(self) -> Result<OwnedPermit<T>, TrySendError<Self>> {
        match self.try_claim(1) {
            Ok(()) => Ok(OwnedPermit::new(self)),
            Err(error) => Err(refused(Err(error), self)),
        }
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

    /// How many messages could be sent at once.
    pub fn capacity(&self) -> usize {
        self.shared.lock().slots.available()
    }

    /// How many slots the channel has.
    pub fn max_capacity(&self) -> usize {
        self.shared.lock().most()
    }

    /// Whether both send to the same receiver.
    pub fn same_channel(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.shared, &other.shared)
    }

    /// How many senders there are.
    pub fn strong_count(&self) -> usize {
        self.shared.lock().senders()
    }

    async fn claim(&self, n: usize) -> Result<(), SendError<()>> {
        let mut claim = Claim::new(&self.shared, n);
        poll_fn(|cx| claim.poll(cx)).await
    }

    fn try_claim(&self, n: usize) -> Result<(), TryAcquireError> {
        self.shared.lock().slots.try_take(n)
    }
}

/// What the refusal of a slot means for a message.
fn refused<T>(taken: Result<(), TryAcquireError>, message: T) -> TrySendError<T> {
    match taken {
        Err(TryAcquireError::NoPermits) => TrySendError::Full(message),
        Ok(()) | Err(TryAcquireError::Closed) => TrySendError::Closed(message),
    }
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Sender<T> {
        self.shared.add_sender();
        Sender::new(Arc::clone(&self.shared))
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        self.shared.drop_sender();
    }
}

impl<T> fmt::Debug for Sender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("mpsc::Sender").finish_non_exhaustive()
    }
}
