//! A TCP connection.
//!
//! # Layer
//! 6: uses the reactor and the io traits.

use std::io::{self, IoSlice, Read, Write};
use std::net::{Shutdown, SocketAddr, ToSocketAddrs};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use crate::future::poll_fn;
use crate::io::{AsyncRead, AsyncWrite, ReadBuf};
use crate::reactor::{Direction, Registration};

/// A TCP connection, to read from and write to.
///
/// Of each direction one task can wait at a time; the one that polled last is woken.
/// On another thread than its runtime's, and after the runtime's end, every operation
/// gives an error that says so. It may be dropped anywhere.
#[derive(Debug)]
pub struct TcpStream {
    socket: Registration<mio::net::TcpStream>,
}

impl TcpStream {
    /// Connects to the first of the addresses that answers.
    ///
    /// A host name is looked up on this thread, which waits for the answer; tokio asks
    /// its pool of threads.
    ///
    /// # Errors
    /// What the operating system says of the last address, and where no runtime with
    /// sockets is current on this thread.
    ///
    /// # Cancel safety
    /// A dropped `connect` closes the connection that was being made.
    pub async fn connect<A: ToSocketAddrs>(address: A) -> io::Result<TcpStream> {
        let mut last = None;
        for address in address.to_socket_addrs()? {
            match TcpStream::connect_to(address).await {
                Ok(stream) => return Ok(stream),
                Err(error) => last = Some(error),
            }
        }
        Err(last.unwrap_or_else(super::no_address))
    }

    async fn connect_to(address: SocketAddr) -> io::Result<TcpStream> {
        let stream = TcpStream::register(mio::net::TcpStream::connect(address)?)?;
        // The connection stands when the socket can be written to and has a peer.
        let operation = |socket: &mio::net::TcpStream| {
            if let Some(error) = socket.take_error()? {
                return Err(error);
            }
            match socket.peer_addr() {
                Err(error) if error.kind() == io::ErrorKind::NotConnected => {
                    Err(io::ErrorKind::WouldBlock.into())
                }
                connected => connected.map(drop),
            }
        };
        poll_fn(|cx| stream.socket.poll_io(Direction::Write, cx, operation))
            .await?;
        Ok(stream)
    }

    /// A connection that exists already and must be in non-blocking mode.
    ///
    /// # Errors
    /// As [`connect`](TcpStream::connect).
    pub fn from_std(stream: std::net::TcpStream) -> io::Result<TcpStream> {
        TcpStream::register(mio::net::TcpStream::from_std(stream))
    }

    /// The connection, known to the reactor.
    pub(super) fn register(stream: mio::net::TcpStream) -> io::Result<TcpStream> {
        let socket = Registration::new(stream)?;
        Ok(TcpStream { socket })
    }

    /// The address of this end.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.socket.source().local_addr()
    }

    /// The address of the other end.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.socket.source().peer_addr()
    }

    /// Whether small writes are sent at once (Nagle's algorithm is off).
    ///
    /// # Errors
    /// What the operating system says.
    pub fn nodelay(&self) -> io::Result<bool> {
        self.socket.source().nodelay()
    }

    /// Sends small writes at once, or lets the operating system collect them.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn set_nodelay(&self, nodelay: bool) -> io::Result<()> {
        self.socket.source().set_nodelay(nodelay)
    }
}

impl AsyncRead for TcpStream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let socket = &self.socket;
        let room = buf.initialize_unfilled();
        let asked = room.len();
        let read = ready!(
            socket.poll_io(Direction::Read, cx, |mut stream| stream.read(room))
        )?;
        if (1..asked).contains(&read) {
            socket.expect_nothing(Direction::Read);
        }
        buf.advance(read);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for TcpStream {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let socket = &self.socket;
        let written = ready!(socket.poll_io(
            Direction::Write,
            cx,
            |mut stream| stream.write(buf)
        ))?;
        if (1..buf.len()).contains(&written) {
            socket.expect_nothing(Direction::Write);
        }
        Poll::Ready(Ok(written))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.socket.poll_io(Direction::Write, cx, |mut stream| {
            stream.write_vectored(bufs)
        })
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        // The operating system has the bytes; there is no buffer here to empty.
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        Poll::Ready(match self.socket.source().shutdown(Shutdown::Write) {
            // The other end was faster; it is shut either way.
            Err(error) if error.kind() == io::ErrorKind::NotConnected => Ok(()),
            done => done,
        })
    }
}
