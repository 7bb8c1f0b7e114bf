//! The answer of a future that was asked.
//!
//! An `Option` could say as much. A type of its own says it so that nobody takes "not
//! yet" for "nothing".
//!
//! # Layer
//! 0: uses nothing of Kettle.

/// Whether a value is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Poll<T> {
    /// It is.
    Ready(T),
    /// Not yet. Whoever says so sees to it that the asker is woken when it is worth
    /// asking again.
    Pending,
}

impl<T> Poll<T> {
    /// Whether the value is there.
    pub fn is_ready(&self) -> bool {
        matches!(self, Poll::Ready(_))
    }

    /// Whether the value is not there yet.
    pub fn is_pending(&self) -> bool {
        !self.is_ready()
    }

    /// Changes the value, if it is there.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Poll<U> {
        match self {
            Poll::Ready(value) => Poll::Ready(change(value)),
            Poll::Pending => Poll::Pending,
        }
    }
}
