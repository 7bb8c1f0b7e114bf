//! tokio's `current_thread` runtime: the side that ratios are taken to.

use std::future::Future;
use std::io;
use std::net::SocketAddr;

pub use tokio::io::{AsyncReadExt, AsyncWriteExt};
pub use tokio::net::{TcpListener, TcpStream};
pub use tokio::task::{JoinHandle, spawn, yield_now};

/// As the table prints it.
pub const NAME: &str = "tokio";
/// Its join handles may be awaited on any thread.
pub const STAYS: bool = false;
/// It has sockets.
pub const SOCKETS: bool = true;
/// Its wakers work from any thread.
pub const WOKEN_ELSEWHERE: bool = true;
/// It has a pool for what blocks.
pub const OFFLOADS: bool = true;
/// `block_on` may be called again and again on one runtime.
pub const BLOCKS_AGAIN: bool = true;

/// One runtime with its drivers on, as `#[tokio::main]` builds it.
#[derive(Debug)]
pub struct Runtime(tokio::runtime::Runtime);

impl Runtime {
    /// Builds one.
    pub fn build() -> io::Result<Self> {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map(Self)
    }

    /// Drives `future` to its end on this thread.
    pub fn block_on<F: Future>(&mut self, future: F) -> F::Output {
        self.0.block_on(future)
    }
}

/// The output behind a handle.
pub async fn join<T: 'static>(handle: JoinHandle<T>) -> T {
    handle.await.expect("no scenario panics or aborts")
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

/// What `number` is, found out by a thread of the pool.
pub async fn offload(number: u64) -> u64 {
    let found = tokio::task::spawn_blocking(move || number);
    found.await.expect("no scenario panics or aborts")
}
