//! What can be wrong with asking for a permit.
//!
//! # Layer
//! 4: uses nothing but the standard library.

use std::error::Error;
use std::fmt;

/// The semaphore is closed: it hands out no permit any more.
#[derive(Debug, PartialEq, Eq)]
pub struct AcquireError(pub(super) ());

impl fmt::Display for AcquireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the semaphore is closed")
    }
}

impl Error for AcquireError {}

/// Why there is no permit right now.
#[derive(Debug, PartialEq, Eq)]
pub enum TryAcquireError {
    /// The semaphore hands out no permit any more.
    Closed,
    /// Too few are free, or somebody has waited longer for them.
    NoPermits,
}

impl fmt::Display for TryAcquireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TryAcquireError::Closed => "the semaphore is closed",
            TryAcquireError::NoPermits => "too few permits are free",
        })
    }
}

impl Error for TryAcquireError {}
