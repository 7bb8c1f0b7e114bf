//! compio over io_uring, or over epoll where io_uring is not permitted.

use std::future::Future;
use std::io;

pub use ::compio::io::{AsyncRead, AsyncWriteExt};
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

/// Waits forever on a registered socket.
pub async fn idle_socket() {
    let listener = TcpListener::bind(super::LOOPBACK)
        .await
        .expect("loopback has a free port");
    drop(listener.accept().await);
}
