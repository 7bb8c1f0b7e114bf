//! The number of a runtime.
//!
//! # Layer
//! 8: uses runtime numbers.

use std::fmt;

use crate::waker::RuntimeId;

/// A runtime's number. No two runtimes of a process ever have the same one.
///
/// ```
/// let (one, two) = (kettle::runtime::Runtime::new()?, kettle::runtime::Runtime::new()?);
/// assert_eq!(one.handle().id(), one.handle().id());
/// assert_ne!(one.handle().id(), two.handle().id());
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Id(RuntimeId);

impl Id {
    pub(super) fn new(runtime: RuntimeId) -> Id {
        Id(runtime)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Id({})", self.0)
    }
}
