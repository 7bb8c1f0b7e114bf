//! Why the book cannot be served, in words that name the next step.

use crate::book::BookError;
use std::error::Error;
use std::path::PathBuf;
use std::{fmt, io};

/// Why the book cannot be served.
#[derive(Debug)]
pub enum ServeError {
    /// Another program listens on this port.
    PortTaken(u16),
    /// The system does not let us listen.
    Listen(io::Error),
    /// There is no temporary folder to build in.
    Folder(io::Error),
    /// The book does not build.
    Book(BookError),
    /// The built book in this folder cannot be read.
    Load(PathBuf, io::Error),
    /// The system gave no random bytes for the token.
    Random(io::Error),
    /// The runtime could not be set up.
    Runtime(io::Error),
    /// Signals could not be listened for.
    Signals(io::Error),
}

impl fmt::Display for ServeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ServeError::PortTaken(port) => write!(
                f,
                "port {port} is taken by another program; stop that one, or choose \
                 another port: `cargo kettle book --port {}`",
                port.checked_add(1).unwrap_or(4000)
            ),
            ServeError::Listen(error) => write!(
                f,
                "cannot listen on 127.0.0.1: {error}; a port above 1023 needs no \
                 privileges: `cargo kettle book --port 4000`"
            ),
            ServeError::Folder(error) => write!(
                f,
                "no temporary folder to build the book in: {error}; set TMPDIR to a \
                 folder that can be written to"
            ),
            ServeError::Book(error) => error.fmt(f),
            ServeError::Load(built, error) => write!(
                f,
                "cannot read the built book in {}: {error}",
                built.display()
            ),
            ServeError::Random(error) => {
                write!(f, "the system gave no random bytes for a token: {error}")
            }
            ServeError::Runtime(error) => {
                write!(f, "Kettle's runtime did not start: {error}")
            }
            ServeError::Signals(error) => {
                write!(f, "cannot listen for Ctrl-C: {error}")
            }
        }
    }
}

impl Error for ServeError {}
