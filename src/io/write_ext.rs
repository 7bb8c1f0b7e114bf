//! Writing, in `async fn`s.
//!
//! # Layer
//! 4: uses the write trait.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::AsyncWrite;

/// What can be done with every [`AsyncWrite`].
pub trait AsyncWriteExt: AsyncWrite {
    /// Writes some of `buf`, and returns how much.
    ///
    /// # Errors
    /// What the sink says.
    ///
    /// # Cancel safety
    /// A dropped `write` has written nothing.
    fn write<'a>(&'a mut self, buf: &'a [u8]) -> Write<'a, Self>
    where
        Self: Unpin,
    {
        Write { sink: self, buf }
    }

    /// Writes all of `buf`.
    ///
    /// # Errors
    /// `WriteZero` if the sink takes nothing more, and what the sink says.
    ///
    /// # Cancel safety
    /// A dropped `write_all` may have written some bytes, and how many is not known.
    fn write_all<'a>(&'a mut self, buf: &'a [u8]) -> WriteAll<'a, Self>
    where
        Self: Unpin,
    {
        WriteAll { sink: self, buf }
    }

    /// Brings what has been written to where it is going.
    ///
    /// # Errors
    /// What the sink says.
    ///
    /// # Cancel safety
    /// A dropped `flush` may have flushed some of it; another one does the rest.
    fn flush(&mut self) -> Flush<'_, Self>
    where
        Self: Unpin,
    {
        Flush { sink: self }
    }

    /// Flushes, and says to the other side that nothing more will come.
    ///
    /// # Errors
    /// What the sink says.
    ///
    /// # Cancel safety
    /// What a dropped `shutdown` leaves undone, another one does.
    fn shutdown(&mut self) -> Shutdown<'_, Self>
    where
        Self: Unpin,
    {
        Shutdown { sink: self }
    }
}

impl<W: AsyncWrite + ?Sized> AsyncWriteExt for W {}

/// The future of [`write`](AsyncWriteExt::write).
#[derive(Debug)]
#[must_use = "futures do nothing unless they are awaited or polled"]
pub struct Write<'a, W: ?Sized> {
    sink: &'a mut W,
    buf: &'a [u8],
}

impl<W: AsyncWrite + Unpin + ?Sized> Future for Write<'_, W> {
    type Output = io::Result<usize>;

    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        let buf = self.buf;
        Pin::new(&mut *self.sink).poll_write(cx, buf)
    }
}

/// The future of [`write_all`](AsyncWriteExt::write_all).
#[derive(Debug)]
#[must_use = "futures do nothing unless they are awaited or polled"]
pub struct WriteAll<'a, W: ?Sized> {
    sink: &'a mut W,
    buf: &'a [u8],
}

impl<W: AsyncWrite + Unpin + ?Sized> Future for WriteAll<'_, W> {
    type Output = io::Result<()>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        while !this.buf.is_empty() {
            let sink = Pin::new(&mut *this.sink);
            match ready!(sink.poll_write(cx, this.buf))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                written => this.buf = &this.buf[written..],
            }
        }
        Poll::Ready(Ok(()))
    }
}

/// The future of [`flush`](AsyncWriteExt::flush).
#[derive(Debug)]
#[must_use = "futures do nothing unless they are awaited or polled"]
pub struct Flush<'a, W: ?Sized> {
    sink: &'a mut W,
}

impl<W: AsyncWrite + Unpin + ?Sized> Future for Flush<'_, W> {
    type Output = io::Result<()>;

    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.sink).poll_flush(cx)
    }
}

/// The future of [`shutdown`](AsyncWriteExt::shutdown).
#[derive(Debug)]
#[must_use = "futures do nothing unless they are awaited or polled"]
pub struct Shutdown<'a, W: ?Sized> {
    sink: &'a mut W,
}

impl<W: AsyncWrite + Unpin + ?Sized> Future for Shutdown<'_, W> {
    type Output = io::Result<()>;

    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.sink).poll_shutdown(cx)
    }
}
