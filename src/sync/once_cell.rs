//! A value that is made once, by async code, and then read without waiting.
//!
//! std's `OnceLock` holds the value; a semaphore of one permit decides whose turn it is
//! to make it, and is closed when it is made.
//!
//! # Invariants
//! 1. Only the holder of the permit sets the value.
//! 2. The semaphore is closed exactly if the value is there, but for the moment in
//!    between, during which the permit is held.
//!
//! # Layer
//! 4: uses the semaphore.

use std::convert::Infallible;
use std::error::Error;
use std::fmt;
use std::sync::OnceLock;

use super::{Semaphore, SemaphorePermit, TryAcquireError};

/// A value that is made at most once.
///
/// If several tasks want it, one makes it and the others wait. If that one fails, panics
/// or is dropped on the way, the next one tries.
///
/// # Fairness
/// Tasks try in order of arrival.
///
/// # Memory
/// About 32 bytes for each waiter, kept until the cell is dropped.
///
/// ```
/// use kettle::sync::OnceCell;
///
/// static MENU: OnceCell<String> = OnceCell::const_new();
///
/// async fn print() -> String {
///     "tea, cake".to_owned() // takes a while, and is done once
/// }
///
/// # #[kettle::main]
/// # async fn main() {
/// assert_eq!(MENU.get(), None);
/// let (one, two) = kettle::join!(MENU.get_or_init(print), MENU.get_or_init(print));
/// assert!(std::ptr::eq(one, two));
/// # }
/// ```
pub struct OnceCell<T> {
    value: OnceLock<T>,
    turn: Semaphore,
}

const MADE: &str = "the semaphore is closed when the value is there";

impl<T> OnceCell<T> {
    /// An empty cell.
    pub const fn new() -> OnceCell<T> {
        OnceCell {
            value: OnceLock::new(),
            turn: Semaphore::new(1),
        }
    }

    /// The same as [`new`](OnceCell::new), under the name that tokio has for constants.
    pub const fn const_new() -> OnceCell<T> {
        OnceCell::new()
    }

    /// A cell with `value` in it, or an empty one.
    pub fn new_with(value: Option<T>) -> OnceCell<T> {
        value.map_or_else(OnceCell::new, OnceCell::from)
    }

    /// Whether the value is there.
    pub fn initialized(&self) -> bool {
        self.value.get().is_some()
    }

    /// The value, if it is there.
    pub fn get(&self) -> Option<&T> {
        self.value.get()
    }

    /// The value, if it is there, to change.
    pub fn get_mut(&mut self) -> Option<&mut T> {
        self.value.get_mut()
    }

    /// Puts the value in.
    ///
    /// # Errors
    /// [`SetError`] with the value, if there is one already, or somebody is making it.
    pub fn set(&self, value: T) -> Result<(), SetError<T>> {
        match self.turn.try_acquire() {
            Ok(permit) => {
                self.put(value, permit);
                Ok(())
            }
            Err(TryAcquireError::NoPermits) => {
                Err(SetError::InitializingError(value))
            }
            Err(TryAcquireError::Closed) => {
                Err(SetError::AlreadyInitializedError(value))
            }
        }
    }

    /// The value. If it is not there, `make` makes it, or somebody else's does.
    ///
    /// # Cancel safety
    /// Dropped on the way, it drops the future of `make`, and the next one tries.
    pub async fn get_or_init<F, Fut>(&self, make: F) -> &T
    where
        F: FnOnce() -> Fut,
        Fut: Future<Output = T>,
    {
        let make = || async { Ok::<T, Infallible>(make().await) };
        match self.get_or_try_init(make).await {
            Ok(value) => value,
            Err(never) => match never {},
        }
    }

    /// The value. If it is not there, `make` makes it, or fails.
    ///
    /// # Errors
    /// Those of `make`; the next one tries again.
    ///
    /// # Cancel safety
    /// As for [`get_or_init`](OnceCell::get_or_init).
    pub async fn get_or_try_init<E, F, Fut>(&self, make: F) -> Result<&T, E>
    where
        F: FnOnce() -> Fut,
        Fut: Future<Output = Result<T, E>>,
    {
        if let Some(value) = self.value.get() {
            return Ok(value);
        }
        if let Ok(permit) = self.turn.acquire().await {
            let value = make().await?;
            self.put(value, permit);
        }
        Ok(self.value.get().expect(MADE))
    }

    /// The value, out of its cell.
    pub fn into_inner(self) -> Option<T> {
        self.value.into_inner()
    }

    /// Takes the value out; the cell is empty then.
    pub fn take(&mut self) -> Option<T> {
        std::mem::take(self).into_inner()
    }

    /// Puts the value in, with the permit to do so.
    fn put(&self, value: T, permit: SemaphorePermit<'_>) {
        let set = self.value.set(value);
        debug_assert!(set.is_ok(), "invariant 1");
        permit.forget();
        self.turn.close();
    }
}

impl<T> Default for OnceCell<T> {
    fn default() -> OnceCell<T> {
        OnceCell::new()
    }
}

impl<T> From<T> for OnceCell<T> {
    fn from(value: T) -> OnceCell<T> {
        let turn = Semaphore::new(0);
        turn.close();
        let value = OnceLock::from(value);
        OnceCell { value, turn }
    }
}

impl<T: Clone> Clone for OnceCell<T> {
    fn clone(&self) -> OnceCell<T> {
        OnceCell::new_with(self.get().cloned())
    }
}

impl<T: PartialEq> PartialEq for OnceCell<T> {
    fn eq(&self, other: &OnceCell<T>) -> bool {
        self.get() == other.get()
    }
}

impl<T: Eq> Eq for OnceCell<T> {}

impl<T: fmt::Debug> fmt::Debug for OnceCell<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OnceCell")
            .field("value", &self.get())
            .finish_non_exhaustive()
    }
}

/// Why a value was not put in; it comes back.
#[derive(Debug, PartialEq, Eq)]
pub enum SetError<T> {
    /// There is one.
    AlreadyInitializedError(T),
    /// Somebody is making one.
    InitializingError(T),
}

impl<T> SetError<T> {
    /// Whether there is one.
    pub fn is_already_init_err(&self) -> bool {
        matches!(self, SetError::AlreadyInitializedError(_))
    }

    /// Whether somebody is making one.
    pub fn is_initializing_err(&self) -> bool {
        matches!(self, SetError::InitializingError(_))
    }
}

impl<T> fmt::Display for SetError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SetError::AlreadyInitializedError(_) => {
                "the cell has its value already"
            }
            SetError::InitializingError(_) => "somebody is making the cell's value",
        })
    }
}

impl<T: fmt::Debug> Error for SetError<T> {}
