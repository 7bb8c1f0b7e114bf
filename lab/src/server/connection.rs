//! One connection: hyper's HTTP over Kettle's socket, with a limit on everything.

use super::adapter::{Io, OnKettle};
use super::answer::Desk;
use super::patient::Patient;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use kettle::net::TcpStream;
use std::convert::Infallible;
use std::future::ready;
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

/// What one client may take, and all of them together.
#[derive(Clone, Debug)]
pub struct Limits {
    /// For the head of a request, from the end of the answer before: so it also ends a
    /// connection on which nobody asks for anything.
    pub head: Duration,
    /// For an answer that the client does not read on.
    pub unread: Duration,
    /// Connections at once. More of them wait in the kernel's queue.
    pub connections: usize,
    /// Pages at once that are told of changes. More of them are refused, so that they
    /// cannot keep all connections to themselves.
    pub streams: usize,
    /// For answers under way when the server stops.
    pub farewell: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            head: Duration::from_secs(10),
            unread: Duration::from_secs(30),
            connections: 512,
            streams: 128,
            farewell: Duration::from_millis(500),
        }
    }
}

/// Bytes of a request's head; a browser sends about one thousand.
const MOST_HEAD: usize = 16 * 1024;

/// Bytes that hyper buffers for a connection, in each direction.
const BUFFER: usize = 64 * 1024;

/// Answers requests until the client leaves, breaks a limit, or the server stops.
///
/// What goes wrong on a connection is the client's affair and ends here: there is nobody
/// to tell, and the other connections do not notice.
pub(super) async fn serve_one(stream: TcpStream, desk: Rc<Desk>, limits: Limits) {
    // Not waiting for more to send: the browser waits for this answer. A socket that
    // cannot be told so is only slower.
    let _ = stream.set_nodelay(true);
    let io = Io(Patient::new(stream, limits.unread));
    let answer = |request| ready(Ok::<_, Infallible>(desk.answer(&request)));
    let connection = http1::Builder::new()
        .timer(OnKettle)
        .header_read_timeout(limits.head)
        .max_header_size(MOST_HEAD)
        .max_buf_size(BUFFER)
        .serve_connection(io, service_fn(answer));
    let mut connection = pin!(connection);
    kettle::select! {
        _ = connection.as_mut() => return,
        () = desk.shown.closed() => {}
    }
    connection.as_mut().graceful_shutdown();
    let _ = connection.await;
}
