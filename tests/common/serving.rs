//! A server of the book on a thread of its own, for as long as a test lasts.

use kettle_lab::server::{Handle, Limits, ServeError, Server};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

/// How long a server may take to stop. Only one that hangs takes this long.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running server; dropping it stops it.
pub(crate) struct Serving {
    pub(crate) address: SocketAddr,
    pub(crate) handle: Handle,
    /// Hears, once, what the server came to.
    ended: Receiver<Result<(), ServeError>>,
}

impl Serving {
    /// Serves what was built into `built`, on any free port.
    pub(crate) fn start(built: &Path, limits: Limits) -> Serving {
        let server = Server::bind(built, 0).expect("a server");
        Serving::run(server.with_limits(limits))
    }

    pub(crate) fn run(server: Server) -> Serving {
        let (address, handle) = (server.address(), server.handle());
        let (sender, ended) = channel();
        thread::spawn(move || sender.send(server.run()));
        Serving {
            address,
            handle,
            ended,
        }
    }

    /// Stops the server and returns what it came to.
    pub(crate) fn stop(&self) -> Result<(), ServeError> {
        self.handle.stop();
        let ended = self.ended.recv_timeout(PATIENCE);
        ended.expect("the server neither hangs nor panics")
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.handle.stop();
    }
}
