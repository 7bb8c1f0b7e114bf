//! Row 11: a TCP echo server on each side, under one and the same raw client.
//!
//! # How it works
//! 1. Every side's server runs on a thread of its own, all of them on the measured
//!    core; while one is asked, the others sleep.
//! 2. The client sits on the other core. It sends a message on every connection of
//!    one server, then reads every answer, and so on: a burst.
//! 3. A server's cost is the CPU time of all threads but the client's, between one
//!    moment where nobody runs and the next. Helper threads are in it, and so is
//!    what the kernel does on their behalf.
//!
//! Requests per second stand beside it: a server could look cheap by being slow.

mod client;
mod limit;
#[macro_use]
mod text;

use std::io;
use std::net::SocketAddr;
use std::sync::mpsc::{self, Sender};
use std::thread::{self, JoinHandle};

pub use client::{Burst, Client};

use crate::arm::RAW;

/// Bytes of a request and of its answer.
pub const MESSAGE: usize = 64;

/// A server's buffer. Larger than a message, as in real programs: a read that fills
/// its buffer forces a second one to learn that there is no more.
const BUFFER: usize = 1024;

/// Accepts so many connections, tells its address, and echoes until all are closed.
type Serve = fn(usize, Sender<SocketAddr>) -> io::Result<()>;

/// One side's server.
#[derive(Clone, Copy, Debug)]
pub struct Server {
    /// The side's name.
    pub side: &'static str,
    /// Whether the side's join handles are bound to their thread.
    pub stays: bool,
    serve: Serve,
}

macro_rules! server {
    ($side:ident, $echo:ident) => {
        mod $side {
            use crate::side::$side as side;
            accept!();
            $echo!();
            pub(super) const SERVER: super::Server = super::Server {
                side: side::NAME,
                stays: side::STAYS,
                serve,
            };
        }
    };
}

server!(kettle, echo_by_readiness);
server!(tokio, echo_by_readiness);
server!(smol, echo_by_readiness);
#[cfg(all(feature = "peers", target_os = "linux"))]
server!(glommio, echo_by_readiness);
#[cfg(all(feature = "peers", target_os = "linux"))]
server!(monoio, echo_by_completion);
#[cfg(all(feature = "peers", target_os = "linux"))]
server!(compio, echo_by_completion);

/// Every server that was compiled in, and the bare loop that is the limit.
#[must_use]
pub fn servers() -> Vec<Server> {
    vec![
        kettle::SERVER,
        tokio::SERVER,
        smol::SERVER,
        #[cfg(all(feature = "peers", target_os = "linux"))]
        monoio::SERVER,
        #[cfg(all(feature = "peers", target_os = "linux"))]
        compio::SERVER,
        #[cfg(all(feature = "peers", target_os = "linux"))]
        glommio::SERVER,
        Server {
            side: RAW,
            stays: true,
            serve: limit::serve,
        },
    ]
}

/// A server at work, with the client's connections to it.
#[derive(Debug)]
pub struct Session {
    /// The server.
    pub server: Server,
    /// The connections to it.
    pub client: Client,
    thread: JoinHandle<io::Result<()>>,
}

impl Server {
    /// Starts the server on its thread and connects.
    ///
    /// # Errors
    /// What the server said when it could not start.
    pub fn start(self, connections: usize) -> io::Result<Session> {
        let (told, address) = mpsc::channel();
        let thread = thread::spawn(move || (self.serve)(connections, told));
        match address.recv() {
            Ok(address) => Ok(Session {
                server: self,
                client: Client::connect(address, connections)?,
                thread,
            }),
            Err(_) => Err(ended(thread).err().unwrap_or_else(|| {
                io::Error::other("the server ended before it told its address")
            })),
        }
    }
}

impl Session {
    /// Closes the connections and waits for the server's end.
    ///
    /// # Errors
    /// What the server's tasks met.
    pub fn end(self) -> io::Result<()> {
        drop(self.client);
        ended(self.thread)
    }
}

fn ended(thread: JoinHandle<io::Result<()>>) -> io::Result<()> {
    let panicked = |_| Err(io::Error::other("the server panicked"));
    thread.join().unwrap_or_else(panicked)
}
