//! Sockets.
//!
//! # Layer
//! 6: uses the reactor and the io traits.

mod tcp_listener;
mod tcp_stream;

pub use tcp_listener::TcpListener;
pub use tcp_stream::TcpStream;

use std::io;

/// The error of a host name that stands for no address.
fn no_address() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidInput,
        "the name of the host stands for no address",
    )
}
