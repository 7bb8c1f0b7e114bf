//! The half that sends.
//!
//! # Layer
//! 4: uses the state machine and the budget.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};

use super::state::State;
use crate::budget;
use crate::sync::{Fresh, lock, wake};

/// Sends one value. Dropped without sending, it lets the receiver know.
pub struct Sender<T> {
    /// None once it has sent.
    state: Option<Arc<Mutex<State<T>>>>,
}

const SENT: &str = "only `send` takes the state away, and it takes the sender too";

impl<T> Sender<T> {
    /// The sender of a channel.
    pub(super) fn new(state: Arc<Mutex<State<T>>>) -> Sender<T> {
        let state = Some(state);
        Sender { state }
    }

    /// Sends `value`. It never waits.
    ///
    /// # Errors
    /// The value, if the receiver is closed or dropped. No error does not mean that it
    /// will be received: the receiver may be dropped right after.
    pub fn send(mut self, value: T) -> Result<(), T> {
        let mut state = lock(self.state());
        let receiver = state.send(value)?;
        let own = state.forget_sender();
        drop(state);
        self.state = None;
        wake(receiver);
        drop(own);
        Ok(())
    }

    /// Waits until the receiver is closed or dropped, for a task that would work for
    /// nothing otherwise.
    ///
    /// # Cancel safety
    /// Nothing is lost.
    pub async fn closed(&mut self) {
        let waiting = false;
        let sender = self;
        Closed { sender, waiting }.await;
    }

    /// Whether the receiver is closed or dropped.
    pub fn is_closed(&self) -> bool {
        lock(self.state()).is_closed()
    }

    /// As [`closed`](Sender::closed), for hand-written futures. The waker of the last
    /// call is kept until the sender goes.
    pub fn poll_closed(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        ready!(budget::poll_ready(cx));
        let state = self.state();
        ready!(Fresh::lazily(cx, |fresh| lock(state).poll_closed(fresh)));
        budget::spend();
        Poll::Ready(())
    }

    fn state(&self) -> &Mutex<State<T>> {
        self.state.as_ref().expect(SENT)
    }
}

impl<T> Drop for Sender<T> {
    // Mostly it has sent, and only that question is asked in the caller's code.
    #[inline]
    fn drop(&mut self) {
        if let Some(state) = &self.state {
            leave(state);
        }
    }
}

/// Goes without having sent.
#[inline(never)]
fn leave<T>(state: &Mutex<State<T>>) {
    let mut state = lock(state);
    let receiver = state.end_sender();
    let own = state.forget_sender();
    drop(state);
    wake(receiver);
    drop(own);
}

impl<T> fmt::Debug for Sender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("oneshot::Sender").finish_non_exhaustive()
    }
}

/// The future of [`Sender::closed`].
struct Closed<'a, T> {
    sender: &'a mut Sender<T>,
    /// Its waker has been left behind.
    waiting: bool,
}

impl<T> Future for Closed<'_, T> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let polled = self.sender.poll_closed(cx);
        self.waiting = polled.is_pending();
        polled
    }
}

impl<T> Drop for Closed<'_, T> {
    fn drop(&mut self) {
        if self.waiting {
            let _own = lock(self.sender.state()).forget_sender();
        }
    }
}
