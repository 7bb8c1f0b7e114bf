//! The futures that wait for a token to be cancelled.
//!
//! # Layer
//! 4: uses the state machine and the budget.

use std::borrow::Borrow;
use std::fmt;
use std::marker::PhantomPinned;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::CancellationToken;
use crate::budget;
use crate::sync::wait_list::Ticket;
use crate::sync::{Fresh, lock};

pin_project_lite::pin_project! {
    /// The future of [`CancellationToken::cancelled`].
    #[must_use = "futures do nothing unless they are awaited or polled"]
    pub struct WaitForCancellationFuture<'a> {
        waiter: Waiter<&'a CancellationToken>,
        // As in `Notified`: code that leans on `Unpin` could not move to tokio's.
        #[pin]
        pinned: PhantomPinned,
    }
}

pin_project_lite::pin_project! {
    /// The future of [`CancellationToken::cancelled_owned`].
    #[must_use = "futures do nothing unless they are awaited or polled"]
    pub struct WaitForCancellationFutureOwned {
        waiter: Waiter<CancellationToken>,
        #[pin]
        pinned: PhantomPinned,
    }
}

impl<'a> WaitForCancellationFuture<'a> {
    /// Waits for `token`.
    pub(super) fn new(token: &'a CancellationToken) -> Self {
        let (waiter, pinned) = (Waiter::new(token), PhantomPinned);
        WaitForCancellationFuture { waiter, pinned }
    }
}

impl WaitForCancellationFutureOwned {
    /// Waits for `token`.
    pub(super) fn new(token: CancellationToken) -> Self {
        let (waiter, pinned) = (Waiter::new(token), PhantomPinned);
        WaitForCancellationFutureOwned { waiter, pinned }
    }
}

impl Future for WaitForCancellationFuture<'_> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.project().waiter.poll(cx)
    }
}

impl Future for WaitForCancellationFutureOwned {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.project().waiter.poll(cx)
    }
}

impl fmt::Debug for WaitForCancellationFuture<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitForCancellationFuture")
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for WaitForCancellationFutureOwned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitForCancellationFutureOwned")
            .finish_non_exhaustive()
    }
}

/// One that waits, with a borrow of its token or the token itself.
struct Waiter<T: Borrow<CancellationToken>> {
    token: T,
    ticket: Option<Ticket>,
}

impl<T: Borrow<CancellationToken>> Waiter<T> {
    fn new(token: T) -> Waiter<T> {
        let ticket = None;
        Waiter { token, ticket }
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        ready!(budget::poll_ready(cx));
        let Waiter { token, ticket } = self;
        let token: &CancellationToken = (*token).borrow();
        let waited = ticket.is_some();
        let polled = Fresh::ask(cx, waited, |fresh| {
            lock(&token.family).poll_cancelled(token.member, ticket, fresh)
        });
        if polled.is_ready() {
            budget::spend();
        }
        polled
    }
}

impl<T: Borrow<CancellationToken>> Drop for Waiter<T> {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket {
            let token: &CancellationToken = self.token.borrow();
            let _own = lock(&token.family).stop_waiting(token.member, ticket);
        }
    }
}
