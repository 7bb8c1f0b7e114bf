//! A future that is never ready.
//!
//! It is the neutral element of a race: a branch that can never win.
//!
//! # Layer
//! 3: uses nothing but the standard library.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

/// A future that never becomes ready and never wakes anybody.
///
/// ```
/// # kettle::block_on(async {
/// kettle::select! {
///     () = kettle::future::pending() => unreachable!(),
///     cup = kettle::future::ready("tea") => assert_eq!(cup, "tea"),
/// }
/// # });
/// ```
pub fn pending<T>() -> Pending<T> {
    Pending { never: PhantomData }
}

/// The future of [`pending()`].
#[must_use = "a future does nothing until it is polled"]
pub struct Pending<T> {
    /// A function that would make a `T` says that none is held: `Pending<T>` is `Send`,
    /// `Sync` and `Unpin` whatever `T` is.
    never: PhantomData<fn() -> T>,
}

impl<T> Future for Pending<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<T> {
        Poll::Pending
    }
}

impl<T> Clone for Pending<T> {
    fn clone(&self) -> Pending<T> {
        pending()
    }
}

impl<T> fmt::Debug for Pending<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending").finish()
    }
}
