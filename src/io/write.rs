//! What one can write to.
//!
//! # Layer
//! 4: uses nothing of Kettle.

use std::io::{self, IoSlice};
use std::ops::DerefMut;
use std::pin::Pin;
use std::task::{Context, Poll};

/// A sink of bytes that may have to be waited for; the trait has tokio's shape.
pub trait AsyncWrite {
    /// Writes some of `buf` and says how much. Zero means that the sink takes nothing
    /// more, unless `buf` was empty.
    ///
    /// # Errors
    /// What the sink says; then nothing of `buf` has been written.
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>>;

    /// Brings what has been written to where it is going.
    ///
    /// # Errors
    /// What the sink says.
    fn poll_flush(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<()>>;

    /// Flushes, and says to the other side that nothing more will come.
    ///
    /// # Errors
    /// What the sink says.
    fn poll_shutdown(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<()>>;

    /// Writes from several buffers as if they were one; the first that is not empty,
    /// where the sink knows nothing better.
    ///
    /// # Errors
    /// As [`poll_write`](AsyncWrite::poll_write).
    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let first = bufs.iter().find(|buf| !buf.is_empty());
        self.poll_write(cx, first.map_or(&[], |buf| &**buf))
    }

    /// Whether the sink does better than that.
    fn is_write_vectored(&self) -> bool {
        false
    }
}

/// The methods of a pointer to a sink, all of them the sink's own.
macro_rules! delegate {
    ($this:ident => $sink:expr) => {
        fn poll_write(
            mut $this: Pin<&mut Self>,
            cx: &mut Context<'_>,
            buf: &[u8],
        ) -> Poll<io::Result<usize>> {
            $sink.poll_write(cx, buf)
        }

        fn poll_flush(
            mut $this: Pin<&mut Self>,
            cx: &mut Context<'_>,
        ) -> Poll<io::Result<()>> {
            $sink.poll_flush(cx)
        }

        fn poll_shutdown(
            mut $this: Pin<&mut Self>,
            cx: &mut Context<'_>,
        ) -> Poll<io::Result<()>> {
            $sink.poll_shutdown(cx)
        }

        fn poll_write_vectored(
            mut $this: Pin<&mut Self>,
            cx: &mut Context<'_>,
            bufs: &[IoSlice<'_>],
        ) -> Poll<io::Result<usize>> {
            $sink.poll_write_vectored(cx, bufs)
        }

        fn is_write_vectored(&self) -> bool {
            (**self).is_write_vectored()
        }
    };
}

impl<T: AsyncWrite + Unpin + ?Sized> AsyncWrite for &mut T {
    delegate!(self => Pin::new(&mut **self));
}

impl<T: AsyncWrite + Unpin + ?Sized> AsyncWrite for Box<T> {
    delegate!(self => Pin::new(&mut **self));
}

impl<P> AsyncWrite for Pin<P>
where
    P: DerefMut,
    P::Target: AsyncWrite,
{
    delegate!(self => self.as_mut().as_deref_mut());
}

impl AsyncWrite for Vec<u8> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.extend_from_slice(buf);
        Poll::Ready(Ok(buf.len()))
    }

    fn poll_flush(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
