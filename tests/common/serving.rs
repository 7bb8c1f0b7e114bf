//! A server of the book on a thread of its own, for as long as a test lasts.

use kettle_lab::server::{Handle, Limits, ServeError, Server};
use std::net::SocketAddr;
use std::path::Path;
use std::thread::{self, JoinHandle};

/// A running server; dropping it stops it.
pub(crate) struct Serving {
    pub(crate) address: SocketAddr,
    pub(crate) handle: Handle,
    thread: Option<JoinHandle<Result<(), ServeError>>>,
}

impl Serving {
    /// Serves what was built into `built`, on any free port.
    pub(crate) fn start(built: &Path, limits: Limits) -> Serving {
        let server = Server::bind(built, 0).expect("a server");
        Serving::run(server.with_limits(limits))
    }

    pub(crate) fn run(server: Server) -> Serving {
        let (address, handle) = (server.address(), server.handle());
        let thread = Some(thread::spawn(|| server.run()));
        Serving {
            address,
            handle,
            thread,
        }
    }

    /// Stops the server and returns what it came to.
    pub(crate) fn stop(&mut self) -> Result<(), ServeError> {
        self.handle.stop();
        let thread = self.thread.take().expect("stopped once");
        thread.join().expect("the server does not panic")
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        if self.thread.is_some() {
            let _ = self.stop();
        }
    }
}
