//! smol: async-executor under async-io's `block_on`, with sockets.

use std::future::Future;
use std::io;
use std::net::TcpListener;

use async_io::Async;

use super::async_executor;

pub use super::async_executor::{join, spawn, yield_now};

/// As the table prints it.
pub const NAME: &str = "smol";
/// Its tasks may be awaited on any thread, though the executor stays.
pub const STAYS: bool = false;
/// It has sockets.
pub const SOCKETS: bool = true;
/// Its wakers work from any thread.
pub const WOKEN_ELSEWHERE: bool = true;

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

/// Waits forever on a registered socket.
pub async fn idle_socket() {
    let listener = Async::<TcpListener>::bind(([127, 0, 0, 1], 0))
        .expect("loopback has a free port");
    drop(listener.accept().await);
}
