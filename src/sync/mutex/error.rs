//! What can be wrong with asking for a lock.
//!
//! # Layer
//! 4: uses nothing but the standard library.

use std::error::Error;
use std::fmt;

/// The lock is taken, or somebody has waited longer for it.
#[derive(Debug)]
pub struct TryLockError(pub(in crate::sync) ());

impl fmt::Display for TryLockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the lock cannot be taken without waiting")
    }
}

impl Error for TryLockError {}
