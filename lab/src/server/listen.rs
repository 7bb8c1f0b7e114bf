//! The server: a listener on loopback, a task for each connection, an end.

use super::adapter::OnKettle;
use super::answer::Desk;
use super::connection::{Limits, serve_one};
use super::error::ServeError;
use super::guard::Hosts;
use super::latest::Latest;
use super::live::Shown;
use super::room::Room;
use super::site::{Site, Stamp};
use hyper::rt::Executor;
use kettle::net::TcpListener;
use kettle::runtime::Builder;
use kettle::time::{sleep, timeout};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

/// The port unless another one is asked for.
const PORT: u16 = 4000;

/// How many ports are tried after that one.
const MORE_PORTS: u16 = 20;

/// After an `accept` that failed for want of descriptors, until the next one: the want
/// does not pass by asking again at once.
const BREATH: Duration = Duration::from_millis(50);

/// A server that listens and does not answer yet; [`run`](Server::run) makes it.
#[derive(Debug)]
pub struct Server {
    listener: std::net::TcpListener,
    address: SocketAddr,
    handle: Handle,
    limits: Limits,
}

/// What another thread can do to a running server.
#[derive(Clone, Debug)]
pub struct Handle {
    shown: Arc<Latest<Shown>>,
    connections: Arc<Room>,
    token: String,
}

impl Server {
    /// Listens on 127.0.0.1 and reads the book that was built into `built`. Port 0 means
    /// any that is free.
    ///
    /// # Errors
    /// Where the port is taken or the built book cannot be read.
    pub fn bind(built: &Path, port: u16) -> Result<Server, ServeError> {
        Server::new(listen(Some(port))?, built)
    }

    /// A server on `listener`, which shows what was built into `built`.
    pub(super) fn new(
        listener: std::net::TcpListener,
        built: &Path,
    ) -> Result<Server, ServeError> {
        let address = listener.local_addr().map_err(ServeError::Listen)?;
        let handle = Handle::new(built)?;
        Ok(Server {
            listener,
            address,
            handle,
            limits: Limits::default(),
        })
    }

    /// Replaces the limits, for tests that want to see them reached.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Server {
        Server { limits, ..self }
    }

    /// Where the server listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The secret that stands in this server's pages, new with each start.
    pub fn token(&self) -> &str {
        &self.handle.token
    }

    /// For other threads: to show a new build, and to stop.
    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// Answers until [`Handle::stop`] is called, on a runtime of its own.
    ///
    /// # Errors
    /// Where the runtime or the listener cannot be set up.
    pub fn run(self) -> Result<(), ServeError> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let served = runtime.and_then(|runtime| runtime.block_on(self.serve()));
        served.map_err(ServeError::Runtime)
    }

    async fn serve(self) -> io::Result<()> {
        self.listener.set_nonblocking(true)?;
        let listener = TcpListener::from_std(self.listener)?;
        let Handle {
            shown, connections, ..
        } = self.handle;
        let desk = Rc::new(Desk {
            hosts: Hosts::on_loopback(self.address.port()),
            shown: Arc::clone(&shown),
            streams: Arc::default(),
            most_streams: self.limits.streams,
        });
        kettle::select! {
            () = accept(listener, desk, &connections, &self.limits) => {}
            () = shown.closed() => {}
        }
        // The listener is gone. Whoever has not finished by then is cut off.
        let _ = timeout(self.limits.farewell, connections.below(1)).await;
        Ok(())
    }
}

/// Accepts for ever; the caller drops it to stop.
async fn accept(
    listener: TcpListener,
    desk: Rc<Desk>,
    connections: &Arc<Room>,
    limits: &Limits,
) {
    loop {
        connections.below(limits.connections).await;
        let Ok((stream, _)) = listener.accept().await else {
            sleep(BREATH).await;
            continue;
        };
        let place = connections.enter();
        let serving = serve_one(stream, Rc::clone(&desk), limits.clone());
        OnKettle.execute(async move {
            serving.await;
            drop(place);
        });
    }
}

impl Handle {
    fn new(built: &Path) -> Result<Handle, ServeError> {
        let token = random_hex::<16>()?;
        let site = load(built, &token)?;
        let shown = Latest::new(Shown {
            site,
            problem: None,
        });
        Ok(Handle {
            shown,
            connections: Arc::default(),
            token,
        })
    }

    /// Shows the book that was built into `built`; open pages load themselves again.
    ///
    /// # Errors
    /// Where the built book cannot be read. The server goes on with the old one.
    pub fn show(&self, built: &Path) -> Result<(), ServeError> {
        let site = load(built, &self.token)?;
        self.shown.set(Shown {
            site,
            problem: None,
        });
        Ok(())
    }

    /// Shows `problem` on open pages, which stay as they are.
    pub fn report(&self, problem: &str) {
        let site = self.shown.get().site;
        self.shown.set(Shown {
            site,
            problem: Some(problem.into()),
        });
    }

    /// Stops the server: it accepts no more, ends its event streams, and gives answers
    /// under way a moment.
    pub fn stop(&self) {
        self.shown.close();
    }

    /// Whether [`stop`](Handle::stop) was called.
    pub fn is_stopped(&self) -> bool {
        self.shown.is_closed()
    }

    /// How many connections are open.
    pub fn connections(&self) -> usize {
        self.connections.taken()
    }
}

/// A listener on `port`; without one, on the usual port or the next that is free.
pub(super) fn listen(
    port: Option<u16>,
) -> Result<std::net::TcpListener, ServeError> {
    let on = |port| std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port));
    let is_taken = |error: &io::Error| error.kind() == io::ErrorKind::AddrInUse;
    if let Some(port) = port {
        return on(port).map_err(|error| match is_taken(&error) {
            true => ServeError::PortTaken(port),
            false => ServeError::Listen(error),
        });
    }
    for port in PORT..PORT + MORE_PORTS {
        match on(port) {
            Err(error) if is_taken(&error) => {}
            outcome => return outcome.map_err(ServeError::Listen),
        }
    }
    Err(ServeError::PortTaken(PORT + MORE_PORTS))
}

/// Reads a built book, as an edition of its own.
fn load(built: &Path, token: &str) -> Result<Arc<Site>, ServeError> {
    let stamp = Stamp {
        token: token.to_owned(),
        edition: random_hex::<4>()?,
    };
    let site = Site::load(built, &stamp);
    let site = site.map_err(|error| ServeError::Load(built.into(), error))?;
    Ok(Arc::new(site))
}

/// `N` bytes from the operating system that nobody can guess, in hexadecimal.
fn random_hex<const N: usize>() -> Result<String, ServeError> {
    let mut bytes = [0; N];
    let filled = getrandom::fill(&mut bytes);
    filled.map_err(|error| ServeError::Random(error.into()))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
