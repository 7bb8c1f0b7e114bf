//! The half that receives.
//!
//! # Layer
//! 4: uses the state machine and `Notify`.

use std::fmt;
use std::sync::Arc;

use super::error::{RecvError, TryRecvError};
use super::recv::Recv;
use super::{Shared, open};
use crate::sync::{blocking, lock};

/// Receives a clone of each value that is sent while it is there.
pub struct Receiver<T> {
    /// The future that receives works on both.
    pub(super) shared: Arc<Shared<T>>,
    /// The number of the value that it will see next.
    pub(super) place: u64,
}

impl<T> Receiver<T> {
    /// Another receiver of a channel.
    pub(super) fn new(shared: Arc<Shared<T>>) -> Receiver<T> {
        let place = lock(&shared.state).subscribe();
        Receiver { shared, place }
    }

    /// How many values were sent that it has not seen; it may have missed some of them.
    pub fn len(&self) -> usize {
        lock(&self.shared.state).behind(self.place)
    }

    /// Whether it has seen all values.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether all senders are gone.
    pub fn is_closed(&self) -> bool {
        self.sender_strong_count() == 0
    }

    /// How many senders there are.
    pub fn sender_strong_count(&self) -> usize {
        lock(&self.shared.state).senders
    }

    /// Whether both receive from the same senders.
    pub fn same_channel(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.shared, &other.shared)
    }

    /// Another receiver of the same channel. It sees what is sent from now on.
    #[must_use]
    pub fn resubscribe(&self) -> Receiver<T> {
        Receiver::new(Arc::clone(&self.shared))
    }
}

impl<T: Clone> Receiver<T> {
    /// The next value.
    ///
    /// # Errors
    /// [`RecvError::Lagged`], if it was too slow and has missed values, or
    /// [`RecvError::Closed`] at the end.
    ///
    /// # Cancel safety
    /// No value is lost: it is taken by the poll that gives it.
    pub async fn recv(&mut self) -> Result<T, RecvError> {
        Recv::new(self).await.map(open)
    }

    /// The next value, if it is there.
    ///
    /// # Errors
    /// [`TryRecvError`].
    pub fn try_recv(&mut self) -> Result<T, TryRecvError> {
        let received = lock(&self.shared.state).try_recv(&mut self.place);
        received.map(open)
    }

    /// As [`recv`](Receiver::recv), with the whole thread.
    ///
    /// # Errors
    /// As [`recv`](Receiver::recv).
    ///
    /// # Panics
    /// Inside a future that a Kettle runtime polls.
    #[track_caller]
    pub fn blocking_recv(&mut self) -> Result<T, RecvError> {
        blocking::block_on("blocking_recv", "recv", self.recv())
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        let mut state = lock(&self.shared.state);
        let unseen = state.unsubscribe(self.place);
        let last = state.receivers == 0;
        drop(state);
        if last {
            self.shared.closed.notify_waiters();
        }
        drop(unseen);
    }
}

impl<T> fmt::Debug for Receiver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("broadcast::Receiver")
            .finish_non_exhaustive()
    }
}
