//! smol: async-executor under async-io's `block_on`, with sockets.

use std::future::Future;
use std::io;
use std::net::SocketAddr;

use async_io::Async;

use super::async_executor;

pub use super::async_executor::{join, spawn, yield_now};
pub use futures_lite::io::{AsyncReadExt, AsyncWriteExt};

/// async-io's listener.
pub type TcpListener = Async<std::net::TcpListener>;
/// async-io's connection.
pub type TcpStream = Async<std::net::TcpStream>;

/// As the table prints it.
pub const NAME: &str = "smol";
/// Its tasks may be awaited on any thread, though the executor stays.
pub const STAYS: bool = false;
/// It has sockets.
pub const SOCKETS: bool = true;
/// Its wakers work from any thread.
pub const WOKEN_ELSEWHERE: bool = true;
/// It has a pool for what blocks.
pub const OFFLOADS: bool = true;
/// Row 1 shows async-executor without the reactor instead.
pub const BLOCKS_AGAIN: bool = false;

/// One executor and the process's reactor.
#[derive(Debug)]
pub struct Runtime(async_executor::Runtime);

impl Runtime {
    /// Makes one and puts it where `spawn` finds it.
    pub fn build() -> io::Result<Self> {
        async_executor::Runtime::build().map(Self)
    }

    /// Drives `future`, the executor's tasks and the reactor on this thread.
    pub fn block_on<F: Future>(&mut self, future: F) -> F::Output {
        async_io::block_on(self.0.executor().run(future))
    }
}

/// A listener on any free port of loopback.
pub async fn listen() -> io::Result<TcpListener> {
    TcpListener::bind(([127, 0, 0, 1], 0))
}

/// Where a listener listens.
pub fn address(listener: &TcpListener) -> io::Result<SocketAddr> {
    listener.get_ref().local_addr()
}

/// The next connection, which sends small writes at once.
pub async fn accept(listener: &TcpListener) -> io::Result<TcpStream> {
    let (stream, _) = listener.accept().await?;
    stream.get_ref().set_nodelay(true)?;
    Ok(stream)
}

/// Waits forever on a registered socket.
pub async fn idle_socket() {
    let listener = listen().await.expect("loopback has a free port");
    drop(accept(&listener).await);
}

/// What `number` is, found out by a thread of the `blocking` crate's pool.
pub async fn offload(number: u64) -> u64 {
    blocking::unblock(move || number).await
}
