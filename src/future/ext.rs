//! The combinators that read best behind a dot.
//!
//! # Layer
//! 3: uses the combinators.

use std::future::{Future, IntoFuture};
use std::panic::UnwindSafe;

use super::abortable::{AbortHandle, Abortable, abortable};
use super::catch_unwind::{CatchUnwind, catch_unwind};
use super::fuse::{Fuse, fuse};
use super::map::Map;
use super::then::Then;

/// Methods for every future.
///
/// In an `async fn` most of them are shorter written out. They earn their place where a
/// future must be given away before anybody awaits it.
///
/// ```
/// # kettle::block_on(async {
/// use kettle::future::{FutureExt, join_all, ready};
///
/// let lengths = ["milk", "tea"].map(|name| ready(name).map(str::len));
/// assert_eq!(join_all(lengths).await, [4, 3]);
/// # });
/// ```
pub trait FutureExt: Future {
    /// Changes the output.
    fn map<T, C>(self, change: C) -> Map<Self, C>
    where
        C: FnOnce(Self::Output) -> T,
        Self: Sized,
    {
        Map::new(self, change)
    }

    /// Goes on with the future that `next` makes of the output. The first one is dropped
    /// before `next` is called.
    fn then<I, N>(self, next: N) -> Then<Self, I::IntoFuture, N>
    where
        N: FnOnce(Self::Output) -> I,
        I: IntoFuture,
        Self: Sized,
    {
        Then::new(self, next)
    }

    /// Is pending for ever after it was ready. See [`fuse()`].
    fn fuse(self) -> Fuse<Self>
    where
        Self: Sized,
    {
        fuse(self)
    }

    /// Gives a panic as an `Err`. See [`catch_unwind()`].
    fn catch_unwind(self) -> CatchUnwind<Self>
    where
        Self: Sized + UnwindSafe,
    {
        catch_unwind(self)
    }

    /// Comes with a handle that ends it. See [`abortable()`].
    fn abortable(self) -> (Abortable<Self>, AbortHandle)
    where
        Self: Sized,
    {
        abortable(self)
    }
}

impl<F: Future + ?Sized> FutureExt for F {}
