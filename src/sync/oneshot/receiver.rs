//! The half that receives.
//!
//! # Layer
//! 4: uses the state machine and the budget.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};

use super::error::{RecvError, TryRecvError};
use super::state::State;
use crate::budget;
use crate::sync::{Fresh, blocking, lock};

/// Receives one value: it is itself the future.
///
/// # Cancel safety
/// Dropping it drops the value with it, if one was sent. To wait for it in a `select!` in
/// a loop, await `&mut receiver`: nothing is lost.
///
/// # Panics
/// When it is polled after it has given its value or its error.
pub struct Receiver<T> {
    /// None once it has given its value or its error.
    state: Option<Arc<Mutex<State<T>>>>,
}

impl<T> Receiver<T> {
    /// The receiver of a channel.
    pub(super) fn new(state: Arc<Mutex<State<T>>>) -> Receiver<T> {
        let state = Some(state);
        Receiver { state }
    }

    /// Lets nothing more be sent. What was sent before can still be received.
    pub fn close(&mut self) {
        if let Some(state) = &self.state {
            let farewell = lock(state).close();
            farewell.tell();
        }
    }

    /// Whether it has given its value or its error, and must not be polled again.
    pub fn is_terminated(&self) -> bool {
        self.state.is_none()
    }

    /// Whether there is no value to receive right now.
    pub fn is_empty(&self) -> bool {
        let state = self.state.as_ref();
        state.is_none_or(|state| lock(state).is_empty())
    }

    /// The value, if it is there.
    ///
    /// # Errors
    /// [`TryRecvError::Empty`] or [`TryRecvError::Closed`].
    pub fn try_recv(&mut self) -> Result<T, TryRecvError> {
        let state = self.state.as_ref().ok_or(TryRecvError::Closed)?;
        let Poll::Ready(result) = lock(state).try_recv() else {
            return Err(TryRecvError::Empty);
        };
        self.state = None;
        result.map_err(|_| TryRecvError::Closed)
    }

    /// Waits for the value with the whole thread.
    ///
    /// # Errors
    /// [`RecvError`], if the sender is dropped without sending.
    ///
    /// # Panics
    /// Inside a future that a Kettle runtime polls.
    #[track_caller]
    pub fn blocking_recv(self) -> Result<T, RecvError> {
        blocking::block_on("blocking_recv", "the receiver", self)
    }
}

impl<T> Future for Receiver<T> {
    type Output = Result<T, RecvError>;

    #[track_caller]
    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<T, RecvError>> {
        let state = self.state.as_ref().expect(
            "a oneshot::Receiver was polled after it had given its value or its error; \
             ask is_terminated before",
        );
        ready!(budget::poll_ready(cx));
        let result = if Arc::strong_count(state) == 1 {
            self.take_alone()
        } else {
            // Who comes before the sender has gone is early, as a rule.
            let mut fresh = Fresh::of(cx);
            let polled = lock(state).poll_recv(&mut fresh);
            let result = ready!(polled);
            self.state = None;
            result
        };
        budget::spend();
        Poll::Ready(result)
    }
}

impl<T> Receiver<T> {
    /// The sender is done and gone. Whoever is alone with the state needs no lock for it,
    /// and no waker.
    fn take_alone(&mut self) -> Result<T, RecvError> {
        let state = self.state.take().and_then(Arc::into_inner);
        let state = state.and_then(|state| state.into_inner().ok());
        match state.map(|mut state| state.try_recv()) {
            Some(Poll::Ready(result)) => result,
            _ => unreachable!(
                "a sender that is gone was done, and let nothing panic"
            ),
        }
    }
}

impl<T> Drop for Receiver<T> {
    // Mostly it has got its value, and only that question is asked in the caller's code.
    #[inline]
    fn drop(&mut self) {
        if let Some(state) = &self.state {
            leave(state);
        }
    }
}

/// Goes without the value.
#[inline(never)]
fn leave<T>(state: &Mutex<State<T>>) {
    let (farewell, _value) = lock(state).end_receiver();
    farewell.tell();
}

impl<T> fmt::Debug for Receiver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("oneshot::Receiver").finish_non_exhaustive()
    }
}
