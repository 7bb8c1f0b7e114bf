//! glommio over io_uring.

use std::future::Future;
use std::io;
use std::net::SocketAddr;

use ::glommio::{LocalExecutor, LocalExecutorBuilder, Placement};

pub use ::glommio::net::{TcpListener, TcpStream};
pub use ::glommio::{Task, spawn_local as spawn};
pub use futures_lite::future::yield_now;
pub use futures_lite::io::{AsyncReadExt, AsyncWriteExt};

/// As the table prints it.
pub const NAME: &str = "glommio";
/// Its join handles are bound to the runtime's thread.
pub const STAYS: bool = true;
/// It has sockets.
pub const SOCKETS: bool = true;
/// Its wakers work from any thread.
pub const WOKEN_ELSEWHERE: bool = true;
/// It has a pool for what blocks.
pub const OFFLOADS: bool = true;
/// Its `run` is made to be called once: called again and again on one executor it
/// falls asleep for good, sooner or later.
pub const BLOCKS_AGAIN: bool = false;

/// One executor.
#[derive(Debug)]
pub struct Runtime(LocalExecutor);

impl Runtime {
    /// Builds one; an error where io_uring or its locked memory is not permitted.
    pub fn build() -> io::Result<Self> {
        LocalExecutorBuilder::new(Placement::Unbound)
            .make()
            .map(Self)
            .map_err(|error| io::Error::other(error.to_string()))
    }

    /// Drives `future` to its end on this thread.
    pub fn block_on<F: Future>(&mut self, future: F) -> F::Output {
        self.0.run(future)
    }
}

/// The output behind a handle.
pub async fn join<T: 'static>(handle: Task<T>) -> T {
    handle.await
}

/// A listener on any free port of loopback.
pub async fn listen() -> io::Result<TcpListener> {
    Ok(TcpListener::bind(super::LOOPBACK)?)
}

/// Where a listener listens.
pub fn address(listener: &TcpListener) -> io::Result<SocketAddr> {
    Ok(listener.local_addr()?)
}

/// The next connection, which sends small writes at once.
pub async fn accept(listener: &TcpListener) -> io::Result<TcpStream> {
    let stream = listener.accept().await?;
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
    glommio::executor().spawn_blocking(move || number).await
}
