//! What hyper asks of a runtime, answered by Kettle: bytes in and out, time, and tasks.
//!
//! hyper knows HTTP and no runtime. It names four traits, and whoever implements them can
//! carry it: [`Read`] and [`Write`] for a connection, [`Timer`] for limits,
//! [`Executor`] for tasks. Each is a few lines here, because Kettle's traits have the
//! same shape; only the buffers differ.
//!
//! # Layer
//! Between hyper and Kettle's public API; knows nothing of the book.

use hyper::rt::{Executor, Read, ReadBufCursor, Sleep, Timer, Write};
use kettle::io::{AsyncRead, AsyncWrite, ReadBuf};
use pin_project_lite::pin_project;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

/// A stream of Kettle's as hyper wants it.
#[derive(Debug)]
pub(super) struct Io<T>(pub(super) T);

/// What is read at once. A request is mostly smaller.
const READ: usize = 4096;

impl<T: AsyncRead + Unpin> Read for Io<T> {
    /// Reads by way of an array on the stack. To read into hyper's buffer directly would
    /// take `unsafe`, and saves the copying of a request: not worth it here.
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        mut into: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let mut bytes = [0; READ];
        let room = into.remaining().min(READ);
        let mut buffer = ReadBuf::new(&mut bytes[..room]);
        ready!(Pin::new(&mut self.0).poll_read(cx, &mut buffer))?;
        into.put_slice(buffer.filled());
        Poll::Ready(Ok(()))
    }
}

impl<T: AsyncWrite + Unpin> Write for Io<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write_vectored(cx, pieces)
    }

    fn is_write_vectored(&self) -> bool {
        self.0.is_write_vectored()
    }

    fn poll_flush(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

/// Kettle, as far as hyper knows it: a clock and a place for tasks.
#[derive(Clone, Copy, Debug)]
pub(super) struct OnKettle;

impl Timer for OnKettle {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Sleep>> {
        Box::pin(Slept {
            inner: kettle::time::sleep(duration),
        })
    }

    fn sleep_until(&self, deadline: Instant) -> Pin<Box<dyn Sleep>> {
        Box::pin(Slept {
            inner: kettle::time::sleep_until(deadline.into()),
        })
    }

    fn now(&self) -> Instant {
        kettle::time::Instant::now().into_std()
    }
}

pin_project! {
    /// Kettle's `Sleep` under hyper's trait of that name.
    struct Slept {
        #[pin]
        inner: kettle::time::Sleep,
    }
}

impl Future for Slept {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.project().inner.poll(cx)
    }
}

impl Sleep for Slept {}

/// One thread, so no `Send`: what is spawned stays at home.
impl<F: Future<Output = ()> + 'static> Executor<F> for OnKettle {
    fn execute(&self, task: F) {
        kettle::task::spawn_local(task);
    }
}
