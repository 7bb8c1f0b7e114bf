//! What can go wrong with a broadcast channel.
//!
//! # Layer
//! 4: uses nothing but the standard library.

use std::error::Error;
use std::fmt;

/// There is no receiver; the value comes back.
#[derive(Debug)]
pub struct SendError<T>(pub T);

impl<T> fmt::Display for SendError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the channel has no receiver")
    }
}

impl<T: fmt::Debug> Error for SendError<T> {}

/// Why `recv` gives no value.
#[derive(Debug, PartialEq, Eq, Clone)]
pub enum RecvError {
    /// All senders are gone, and all values were seen.
    Closed,
    /// So many values came too fast and are gone. The next `recv` gives the oldest that
    /// is there.
    Lagged(u64),
}

impl fmt::Display for RecvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RecvError::Closed => f.write_str("the channel is closed"),
            RecvError::Lagged(missed) => lagged(*missed, f),
        }
    }
}

impl Error for RecvError {}

/// Why `try_recv` gives no value.
#[derive(Debug, PartialEq, Eq, Clone)]
pub enum TryRecvError {
    /// All values were seen.
    Empty,
    /// All senders are gone, and all values were seen.
    Closed,
    /// So many values came too fast and are gone. The next call gives the oldest that is
    /// there.
    Lagged(u64),
}

impl fmt::Display for TryRecvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TryRecvError::Empty => f.write_str("the channel is empty"),
            TryRecvError::Closed => f.write_str("the channel is closed"),
            TryRecvError::Lagged(missed) => lagged(*missed, f),
        }
    }
}

impl Error for TryRecvError {}

fn lagged(missed: u64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "the receiver was too slow and missed {missed} values")
}
