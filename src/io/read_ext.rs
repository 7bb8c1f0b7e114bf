//! Reading, in `async fn`s.
//!
//! Each method returns a future with a name and not an `impl Future`: only so a generic
//! `R: AsyncRead + Send` gives futures that are `Send`, as a program for tokio expects.
//!
//! # Layer
//! 4: uses the read trait.

use std::io;
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::{AsyncRead, ReadBuf};

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
    fn read<'a>(&'a mut self, buf: &'a mut [u8]) -> Read<'a, Self>
    where
        Self: Unpin,
    {
        Read { source: self, buf }
    }

    /// Reads until `buf` is full, and returns its length.
    ///
    /// # Errors
    /// `UnexpectedEof` if the end comes first, and what the source says.
    ///
    /// # Cancel safety
    /// A dropped `read_exact` may have read some bytes, and how many is not known.
    fn read_exact<'a>(&'a mut self, buf: &'a mut [u8]) -> ReadExact<'a, Self>
    where
        Self: Unpin,
    {
        ReadExact {
            source: self,
            buf: ReadBuf::new(buf),
        }
    }

    /// Appends everything up to the end to `buf`, and returns how much that was.
    ///
    /// # Errors
    /// What the source says; what was read before stays in `buf`.
    ///
    /// # Cancel safety
    /// A dropped `read_to_end` leaves in `buf` what it has read.
    fn read_to_end<'a>(&'a mut self, buf: &'a mut Vec<u8>) -> ReadToEnd<'a, Self>
    where
        Self: Unpin,
    {
        ReadToEnd {
            source: self,
            start: buf.len(),
            buf,
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
    fn read_to_string<'a>(
        &'a mut self,
        buf: &'a mut String,
    ) -> ReadToString<'a, Self>
    where
        Self: Unpin,
    {
        ReadToString {
            source: self,
            bytes: Vec::new(),
            text: buf,
        }
    }
}

impl<R: AsyncRead + ?Sized> AsyncReadExt for R {}

/// The future of [`read`](AsyncReadExt::read).
#[derive(Debug)]
#[must_use = "futures do nothing unless they are awaited or polled"]
pub struct Read<'a, R: ?Sized> {
    source: &'a mut R,
    buf: &'a mut [u8],
}

impl<R: AsyncRead + Unpin + ?Sized> Future for Read<'_, R> {
    type Output = io::Result<usize>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let mut buf = ReadBuf::new(this.buf);
        ready!(Pin::new(&mut *this.source).poll_read(cx, &mut buf))?;
        Poll::Ready(Ok(buf.filled().len()))
    }
}

/// The future of [`read_exact`](AsyncReadExt::read_exact).
#[derive(Debug)]
#[must_use = "futures do nothing unless they are awaited or polled"]
pub struct ReadExact<'a, R: ?Sized> {
    source: &'a mut R,
    buf: ReadBuf<'a>,
}

impl<R: AsyncRead + Unpin + ?Sized> Future for ReadExact<'_, R> {
    type Output = io::Result<usize>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let ReadExact { source, buf } = self.get_mut();
        while buf.remaining() > 0 {
            let before = buf.filled().len();
            ready!(Pin::new(&mut **source).poll_read(cx, buf))?;
            if buf.filled().len() == before {
                return Poll::Ready(Err(early_end(before, buf.capacity())));
            }
        }
        Poll::Ready(Ok(buf.capacity()))
    }
}

/// The future of [`read_to_end`](AsyncReadExt::read_to_end).
#[derive(Debug)]
#[must_use = "futures do nothing unless they are awaited or polled"]
pub struct ReadToEnd<'a, R: ?Sized> {
    source: &'a mut R,
    start: usize,
    buf: &'a mut Vec<u8>,
}

impl<R: AsyncRead + Unpin + ?Sized> Future for ReadToEnd<'_, R> {
    type Output = io::Result<usize>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        ready!(poll_to_end(Pin::new(&mut *this.source), cx, this.buf))?;
        Poll::Ready(Ok(this.buf.len() - this.start))
    }
}

/// The future of [`read_to_string`](AsyncReadExt::read_to_string).
#[derive(Debug)]
#[must_use = "futures do nothing unless they are awaited or polled"]
pub struct ReadToString<'a, R: ?Sized> {
    source: &'a mut R,
    bytes: Vec<u8>,
    text: &'a mut String,
}

impl<R: AsyncRead + Unpin + ?Sized> Future for ReadToString<'_, R> {
    type Output = io::Result<usize>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        ready!(poll_to_end(
            Pin::new(&mut *this.source),
            cx,
            &mut this.bytes
        ))?;
        let text = str::from_utf8(&this.bytes)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        this.text.push_str(text);
        Poll::Ready(Ok(text.len()))
    }
}

/// Appends to `bytes` until the end.
fn poll_to_end<R: AsyncRead + ?Sized>(
    mut source: Pin<&mut R>,
    cx: &mut Context<'_>,
    bytes: &mut Vec<u8>,
) -> Poll<io::Result<()>> {
    let mut chunk = [MaybeUninit::uninit(); CHUNK];
    loop {
        let mut buf = ReadBuf::uninit(&mut chunk);
        ready!(source.as_mut().poll_read(cx, &mut buf))?;
        if buf.filled().is_empty() {
            return Poll::Ready(Ok(()));
        }
        bytes.extend_from_slice(buf.filled());
    }
}

#[cold]
fn early_end(read: usize, wanted: usize) -> io::Error {
    io::Error::new(
        io::ErrorKind::UnexpectedEof,
        format!("the end came after {read} of {wanted} bytes"),
    )
}
