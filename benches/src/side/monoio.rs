//! monoio over io_uring.

use std::future::Future;
use std::io;
use std::net::SocketAddr;

use ::monoio::io::{AsyncReadRent, AsyncWriteRentExt};
use ::monoio::{IoUringDriver, RuntimeBuilder};

/// So that the scenarios compile here too; row 13 does not run it.
pub use super::smol::offload;
pub use ::monoio::net::{TcpListener, TcpStream};
pub use ::monoio::spawn;
pub use ::monoio::task::JoinHandle;
pub use futures_lite::future::yield_now;

/// As the table prints it.
pub const NAME: &str = "monoio";
/// Its join handles are bound to the runtime's thread.
pub const STAYS: bool = true;
/// It has sockets.
pub const SOCKETS: bool = true;
/// Another thread may wake it only with its feature `sync`, which is off by default.
pub const WOKEN_ELSEWHERE: bool = false;
/// It has no pool of its own, and row 13 leaves it out.
pub const OFFLOADS: bool = false;
/// `block_on` may be called again and again on one runtime.
pub const BLOCKS_AGAIN: bool = true;

/// One runtime. It has no timers: they would cost it a layer that no row uses.
#[expect(missing_debug_implementations, reason = "monoio's Runtime has none")]
pub struct Runtime(::monoio::Runtime<IoUringDriver>);

impl Runtime {
    /// Builds one; an error where io_uring is not permitted.
    pub fn build() -> io::Result<Self> {
        RuntimeBuilder::<IoUringDriver>::new().build().map(Self)
    }

    /// Drives `future` to its end on this thread.
    pub fn block_on<F: Future>(&mut self, future: F) -> F::Output {
        self.0.block_on(future)
    }
}

/// The output behind a handle.
pub async fn join<T>(handle: JoinHandle<T>) -> T {
    handle.await
}

/// A listener on any free port of loopback.
pub async fn listen() -> io::Result<TcpListener> {
    TcpListener::bind(super::LOOPBACK)
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
    stream.read(buffer).await
}

/// Writes all of a buffer and gives it back.
pub async fn write_all(
    stream: &mut TcpStream,
    buffer: Vec<u8>,
) -> (io::Result<usize>, Vec<u8>) {
    stream.write_all(buffer).await
}
