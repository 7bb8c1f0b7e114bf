//! The futures that receive, for both kinds of channel.
//!
//! They exist because of their drop: a receiver that nobody awaits any more must not keep
//! the waker of the task that did.
//!
//! # Layer
//! 4: uses nothing but the standard library.

use std::pin::Pin;
use std::task::{Context, Poll};

/// What both kinds of receiver can do.
pub(super) trait Receive {
    /// What is received.
    type Message;

    /// The next message, or `None` at the end.
    fn poll_recv(&mut self, cx: &mut Context<'_>) -> Poll<Option<Self::Message>>;

    /// Up to `limit` messages, behind those in `buffer`.
    fn poll_recv_many(
        &mut self,
        cx: &mut Context<'_>,
        buffer: &mut Vec<Self::Message>,
        limit: usize,
    ) -> Poll<usize>;

    /// Nobody waits any more: the waker that was left behind goes.
    fn forget_waker(&mut self);
}

/// Awaits a receiver, and cleans up behind itself.
struct Awaited<'a, R: Receive> {
    receiver: &'a mut R,
    /// The last poll left a waker behind.
    waiting: bool,
}

impl<R: Receive> Drop for Awaited<'_, R> {
    #[inline]
    fn drop(&mut self) {
        if self.waiting {
            self.receiver.forget_waker();
        }
    }
}

/// Receives one message.
pub(super) struct Recv<'a, R: Receive>(Awaited<'a, R>);

impl<'a, R: Receive> Recv<'a, R> {
    /// The next message of `receiver`.
    pub(super) fn new(receiver: &'a mut R) -> Recv<'a, R> {
        let waiting = false;
        Recv(Awaited { receiver, waiting })
    }
}

impl<R: Receive> Future for Recv<'_, R> {
    type Output = Option<R::Message>;

    #[inline]
    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<R::Message>> {
        let awaited = &mut self.0;
        let polled = awaited.receiver.poll_recv(cx);
        awaited.waiting = polled.is_pending();
        polled
    }
}

/// Receives many messages at a time.
pub(super) struct RecvMany<'a, R: Receive> {
    awaited: Awaited<'a, R>,
    buffer: &'a mut Vec<R::Message>,
    limit: usize,
}

impl<'a, R: Receive> RecvMany<'a, R> {
    /// Up to `limit` messages of `receiver`, behind those in `buffer`.
    pub(super) fn new(
        receiver: &'a mut R,
        buffer: &'a mut Vec<R::Message>,
        limit: usize,
    ) -> RecvMany<'a, R> {
        let waiting = false;
        RecvMany {
            awaited: Awaited { receiver, waiting },
            buffer,
            limit,
        }
    }
}

impl<R: Receive> Future for RecvMany<'_, R> {
    type Output = usize;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<usize> {
        let this = &mut *self;
        let awaited = &mut this.awaited;
        let polled = awaited.receiver.poll_recv_many(cx, this.buffer, this.limit);
        awaited.waiting = polled.is_pending();
        polled
    }
}
