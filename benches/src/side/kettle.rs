//! Kettle: tokio's arm with the crate's name changed.

use std::future::Future;
use std::io;

pub use kettle::io::{AsyncReadExt, AsyncWriteExt};
pub use kettle::net::{TcpListener, TcpStream};
pub use kettle::task::{JoinHandle, spawn, yield_now};

/// As the table prints it.
pub const NAME: &str = "Kettle";
/// Its join handles may be awaited on any thread.
pub const STAYS: bool = false;
/// It has sockets.
pub const SOCKETS: bool = true;
/// Its wakers work from any thread.
pub const WOKEN_ELSEWHERE: bool = true;

/// One runtime with its drivers on, as `#[kettle::main]` builds it.
#[derive(Debug)]
pub struct Runtime(kettle::runtime::Runtime);

impl Runtime {
    /// Builds one.
    pub fn build() -> io::Result<Self> {
        kettle::runtime::Builder::new_current_thread()
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

/// Waits forever on a registered socket.
pub async fn idle_socket() {
    let listener = TcpListener::bind(super::LOOPBACK)
        .await
        .expect("loopback has a free port");
    drop(listener.accept().await);
}
