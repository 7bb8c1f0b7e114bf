//! Writing, in `async fn`s.
//!
//! # Layer
//! 4: uses the write trait.

use std::future::Future;
use std::io;
use std::pin::Pin;

use super::AsyncWrite;
use crate::future::poll_fn;

/// What can be done with every [`AsyncWrite`].
pub trait AsyncWriteExt: AsyncWrite {
    /// Writes some of `buf`, and returns how much.
    ///
    /// # Errors
    /// What the sink says.
    ///
    /// # Cancel safety
    /// A dropped `write` has written nothing.
    fn write(&mut self, buf: &[u8]) -> impl Future<Output = io::Result<usize>>
    where
        Self: Unpin,
    {
        poll_fn(move |cx| Pin::new(&mut *self).poll_write(cx, buf))
    }

    /// Writes all of `buf`.
    ///
    /// # Errors
    /// `WriteZero` if the sink takes nothing more, and what the sink says.
    ///
    /// # Cancel safety
    /// A dropped `write_all` may have written some bytes, and how many is not known.
    fn write_all(&mut self, buf: &[u8]) -> impl Future<Output = io::Result<()>>
    where
        Self: Unpin,
    {
        async move {
            let mut rest = buf;
            while !rest.is_empty() {
                match self.write(rest).await? {
                    0 => return Err(io::ErrorKind::WriteZero.into()),
                    written => rest = &rest[written..],
                }
            }
            Ok(())
        }
    }

    /// Brings what has been written to where it is going.
    ///
    /// # Errors
    /// What the sink says.
    ///
    /// # Cancel safety
    /// A dropped `flush` may have flushed some of it; another one does the rest.
    fn flush(&mut self) -> impl Future<Output = io::Result<()>>
    where
        Self: Unpin,
    {
        poll_fn(move |cx| Pin::new(&mut *self).poll_flush(cx))
    }

    /// Flushes, and says to the other side that nothing more will come.
    ///
    /// # Errors
    /// What the sink says.
    ///
    /// # Cancel safety
    /// A dropped `shutdown` may be done by another one.
    fn shutdown(&mut self) -> impl Future<Output = io::Result<()>>
    where
        Self: Unpin,
    {
        poll_fn(move |cx| Pin::new(&mut *self).poll_shutdown(cx))
    }
}

impl<W: AsyncWrite + ?Sized> AsyncWriteExt for W {}
