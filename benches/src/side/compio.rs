//! compio over io_uring, or over epoll where io_uring is not permitted.

use std::future::Future;
use std::io;
use std::net::SocketAddr;

use ::compio::buf::BufResult;
use ::compio::io::{AsyncRead, AsyncWriteExt};

pub use ::compio::net::{TcpListener, TcpStream};
pub use ::compio::runtime::{JoinHandle, spawn};
pub use futures_lite::future::yield_now;

/// As the table prints it.
pub const NAME: &str = "compio";
/// Its join handles are bound to the runtime's thread.
pub const STAYS: bool = true;
/// It has sockets.
pub const SOCKETS: bool = true;
/// Its wakers work from any thread.
pub const WOKEN_ELSEWHERE: bool = true;
/// It has a pool for what blocks.
pub const OFFLOADS: bool = true;
/// `block_on` may be called again and again on one runtime.
pub const BLOCKS_AGAIN: bool = true;

/// One runtime.
#[derive(Debug)]
pub struct Runtime(::compio::runtime::Runtime);

impl Runtime {
    /// Builds one.
    pub fn build() -> io::Result<Self> {
        ::compio::runtime::Runtime::new().map(Self)
    }

    /// Drives `future` to its end on this thread.
    pub fn block_on<F: Future>(&mut self, future: F) -> F::Output {
        self.0.block_on(future)
    }
}

/// The output behind a handle.
pub async fn join<T>(handle: JoinHandle<T>) -> T {
    handle.await.expect("no scenario panics or cancels")
}

/// A listener on any free port of loopback.
pub async fn listen() -> io::Result<TcpListener> {
    TcpListener::bind(super::LOOPBACK).await
}

/// Where a listener listens.
pub fn address(listener: &TcpListener) -> io::Result<SocketAddr> {
    listener.local_addr()
}

/// The next connection, which sends small writes at once.
pub async fn accept(listener: &TcpListener) -> io::Result<TcpStream> {
    let (stream, _) = listener.accept().await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// Waits forever on a registered socket.
pub async fn idle_socket() {
    let listener = listen().await.expect("loopback has a free port");
    drop(accept(&listener).await);
}

/// One read. The buffer goes in and comes back.
pub async fn read(
    stream: &mut TcpStream,
    buffer: Vec<u8>,
) -> (io::Result<usize>, Vec<u8>) {
    let BufResult(read, buffer) = stream.read(buffer).await;
    (read, buffer)
}

/// Writes all of a buffer and gives it back.
pub async fn write_all(
    stream: &mut TcpStream,
    buffer: Vec<u8>,
) -> (io::Result<()>, Vec<u8>) {
    let BufResult(written, buffer) = stream.write_all(buffer).await;
    (written, buffer)
}

/// What `number` is, found out by a thread of the pool.
pub async fn offload(number: u64) -> u64 {
    let found = compio::runtime::spawn_blocking(move || number);
    found.await.expect("no scenario panics or aborts")
}
