//! Reading, in `async fn`s.
//!
//! # Layer
//! 4: uses the read trait.

use std::future::Future;
use std::io;
use std::pin::Pin;

use super::{AsyncRead, ReadBuf};
use crate::future::poll_fn;

/// How much `read_to_end` reads at once.
const CHUNK: usize = 8 * 1024;

/// What can be done with every [`AsyncRead`].
pub trait AsyncReadExt: AsyncRead {
    /// Reads what there is, at most `buf.len()` bytes; zero is the end, if there was room.
    ///
    /// # Errors
    /// What the source says.
    ///
    /// # Cancel safety
    /// A dropped `read` has read nothing.
    fn read(&mut self, buf: &mut [u8]) -> impl Future<Output = io::Result<usize>>
    where
        Self: Unpin,
    {
        async move {
            let mut buf = ReadBuf::new(buf);
            poll_fn(|cx| Pin::new(&mut *self).poll_read(cx, &mut buf)).await?;
            Ok(buf.filled().len())
        }
    }

    /// Reads until `buf` is full, and returns its length.
    ///
    /// # Errors
    /// `UnexpectedEof` if the end comes first, and what the source says.
    ///
    /// # Cancel safety
    /// A dropped `read_exact` may have read some bytes, and which is not known.
    fn read_exact(
        &mut self,
        buf: &mut [u8],
    ) -> impl Future<Output = io::Result<usize>>
    where
        Self: Unpin,
    {
        async move {
            let mut buf = ReadBuf::new(buf);
            while buf.remaining() > 0 {
                let before = buf.filled().len();
                poll_fn(|cx| Pin::new(&mut *self).poll_read(cx, &mut buf)).await?;
                if buf.filled().len() == before {
                    return Err(early_end(before, buf.capacity()));
                }
            }
            Ok(buf.capacity())
        }
    }

    /// Appends everything up to the end to `buf`, and returns how much that was.
    ///
    /// # Errors
    /// What the source says; what was read before stays in `buf`.
    ///
    /// # Cancel safety
    /// A dropped `read_to_end` leaves in `buf` what it has read.
    fn read_to_end(
        &mut self,
        buf: &mut Vec<u8>,
    ) -> impl Future<Output = io::Result<usize>>
    where
        Self: Unpin,
    {
        async move {
            let start = buf.len();
            let mut chunk = vec![0; CHUNK];
            loop {
                let read = self.read(&mut chunk).await?;
                if read == 0 {
                    return Ok(buf.len() - start);
                }
                buf.extend_from_slice(&chunk[..read]);
            }
        }
    }

    /// Appends everything up to the end to `buf`, and returns how many bytes that was.
    ///
    /// # Errors
    /// `InvalidData` if it is not UTF-8, and what the source says; then `buf` is as it
    /// was, and what was read is lost.
    ///
    /// # Cancel safety
    /// A dropped `read_to_string` loses what it has read.
    fn read_to_string(
        &mut self,
        buf: &mut String,
    ) -> impl Future<Output = io::Result<usize>>
    where
        Self: Unpin,
    {
        async move {
            let mut bytes = Vec::new();
            self.read_to_end(&mut bytes).await?;
            let text = str::from_utf8(&bytes).map_err(|error| {
                io::Error::new(io::ErrorKind::InvalidData, error)
            })?;
            buf.push_str(text);
            Ok(text.len())
        }
    }
}

impl<R: AsyncRead + ?Sized> AsyncReadExt for R {}

#[cold]
fn early_end(read: usize, wanted: usize) -> io::Error {
    io::Error::new(
        io::ErrorKind::UnexpectedEof,
        format!("the end came after {read} of {wanted} bytes"),
    )
}
