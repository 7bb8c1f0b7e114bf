//! Why a task ended without an output.
//!
//! # Layer
//! 4: uses ids.

use std::any::Any;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use super::Id;

/// What a panic carries.
pub(crate) type Payload = Box<dyn Any + Send + 'static>;

/// A task did not get to its end: it panicked, or it was cancelled.
///
/// ```
/// # let runtime = kettle::runtime::Builder::new_current_thread().build()?;
/// # runtime.block_on(async {
/// let handle = kettle::spawn(async { std::future::pending::<()>().await });
/// handle.abort();
/// let error = handle.await.unwrap_err();
/// assert!(error.is_cancelled());
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct JoinError {
    id: Id,
    why: Why,
}

enum Why {
    Cancelled,
    /// The mutex only makes the payload `Sync`; the box keeps errors two words small.
    Panic(Box<Mutex<Payload>>),
}

impl JoinError {
    /// The task `id` was dropped before its end.
    pub(crate) fn cancelled(id: Id) -> JoinError {
        let why = Why::Cancelled;
        JoinError { id, why }
    }

    /// The task `id` panicked with `payload`.
    pub(crate) fn panic(id: Id, payload: Payload) -> JoinError {
        let why = Why::Panic(Box::new(Mutex::new(payload)));
        JoinError { id, why }
    }

    /// Whether the task was aborted, or its runtime ended before it did.
    pub fn is_cancelled(&self) -> bool {
        matches!(self.why, Why::Cancelled)
    }

    /// Whether the task panicked.
    pub fn is_panic(&self) -> bool {
        matches!(self.why, Why::Panic(_))
    }

    /// What the task panicked with, to hand to `std::panic::resume_unwind`.
    ///
    /// # Panics
    /// If the task did not panic; `try_into_panic` asks first.
    #[track_caller]
    pub fn into_panic(self) -> Box<dyn Any + Send + 'static> {
        self.try_into_panic().unwrap_or_else(|error| {
            panic!("into_panic was called on a JoinError without a panic: {error}")
        })
    }

    /// What the task panicked with.
    ///
    /// # Errors
    /// The error itself, if the task was cancelled.
    pub fn try_into_panic(
        self,
    ) -> Result<Box<dyn Any + Send + 'static>, JoinError> {
        match self.why {
            Why::Panic(payload) => {
                Ok(payload.into_inner().unwrap_or_else(PoisonError::into_inner))
            }
            Why::Cancelled => Err(self),
        }
    }

    /// The task that this is about.
    pub fn id(&self) -> Id {
        self.id
    }

    /// What the panic said, if it said it in words.
    fn message(&self) -> Option<String> {
        let Why::Panic(payload) = &self.why else {
            return None;
        };
        let payload = payload.lock().unwrap_or_else(PoisonError::into_inner);
        let text = payload.downcast_ref::<&'static str>().copied();
        text.or_else(|| payload.downcast_ref::<String>().map(String::as_str))
            .map(str::to_owned)
    }
}

impl fmt::Display for JoinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.why, self.message()) {
            (Why::Cancelled, _) => write!(f, "task {} was cancelled", self.id),
            (_, Some(said)) => write!(f, "task {} panicked with {said:?}", self.id),
            (_, None) => write!(f, "task {} panicked", self.id),
        }
    }
}

impl fmt::Debug for JoinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.why, self.message()) {
            (Why::Cancelled, _) => write!(f, "JoinError::Cancelled({:?})", self.id),
            (_, Some(said)) => {
                write!(f, "JoinError::Panic({:?}, {said:?})", self.id)
            }
            (_, None) => write!(f, "JoinError::Panic({:?}, ..)", self.id),
        }
    }
}

impl std::error::Error for JoinError {}

impl From<JoinError> for std::io::Error {
    fn from(error: JoinError) -> std::io::Error {
        std::io::Error::other(error)
    }
}
