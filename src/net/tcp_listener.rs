//! A socket that takes connections.
//!
//! # Layer
//! 6: uses the reactor.

use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::task::{Context, Poll};

use super::TcpStream;
use crate::future::poll_fn;
use crate::reactor::{Direction, Registration};

/// Takes TCP connections.
///
/// ```
/// # #[kettle::main]
/// # async fn main() -> std::io::Result<()> {
/// use kettle::io::{AsyncReadExt, AsyncWriteExt};
/// use kettle::net::{TcpListener, TcpStream};
///
/// let listener = TcpListener::bind("127.0.0.1:0").await?;
/// let address = listener.local_addr()?;
/// let client = kettle::spawn(async move {
///     let mut stream = TcpStream::connect(address).await?;
///     stream.write_all(b"tea?").await
/// });
/// let (mut stream, _) = listener.accept().await?;
/// let mut question = [0; 4];
/// stream.read_exact(&mut question).await?;
/// assert_eq!(&question, b"tea?");
/// client.await?
/// # }
/// ```
#[derive(Debug)]
pub struct TcpListener {
    socket: Registration<mio::net::TcpListener>,
}

impl TcpListener {
    /// Listens on the first of the addresses that can be had.
    ///
    /// A host name is looked up on this thread, which waits for the answer; tokio asks
    /// its pool of threads.
    ///
    /// # Errors
    /// What the operating system says to the last address, and where no runtime with
    /// sockets is current on this thread.
    pub async fn bind<A: ToSocketAddrs>(address: A) -> io::Result<TcpListener> {
        let mut last = None;
        for address in address.to_socket_addrs()? {
            match mio::net::TcpListener::bind(address) {
                Ok(socket) => return TcpListener::register(socket),
                Err(error) => last = Some(error),
            }
        }
        Err(last.unwrap_or_else(super::no_address))
    }

    /// Listens on a socket that exists already and must be in non-blocking mode.
    ///
    /// # Errors
    /// As [`bind`](TcpListener::bind).
    pub fn from_std(listener: std::net::TcpListener) -> io::Result<TcpListener> {
        TcpListener::register(mio::net::TcpListener::from_std(listener))
    }

    fn register(socket: mio::net::TcpListener) -> io::Result<TcpListener> {
        let socket = Registration::new(socket)?;
        Ok(TcpListener { socket })
    }

    /// Takes the next connection.
    ///
    /// # Errors
    /// What the operating system says: a connection that ended before it was taken, or
    /// no descriptor left. The listener can be used on after each of them.
    ///
    /// # Cancel safety
    /// A dropped `accept` takes no connection.
    pub async fn accept(&self) -> io::Result<(TcpStream, SocketAddr)> {
        poll_fn(|cx| self.poll_accept(cx)).await
    }

    /// [`accept`](TcpListener::accept) as a poll function. Only the task that polled
    /// last is woken.
    ///
    /// # Errors
    /// As `accept`.
    pub fn poll_accept(
        &self,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<(TcpStream, SocketAddr)>> {
        let accepted =
            self.socket
                .poll_io(Direction::Read, cx, mio::net::TcpListener::accept);
        accepted.map(|accepted| {
            let (stream, address) = accepted?;
            Ok((TcpStream::register(stream)?, address))
        })
    }

    /// The address it listens on.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.socket.source().local_addr()
    }
}
