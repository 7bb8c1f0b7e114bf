//! What the expansions of `join!`, `try_join!` and `select!` name.
//!
//! A macro writes its code into the user's crate and can reach there only what is public.
//! This module is public for that reason alone. What is in it may change at any time.
//!
//! # Layer
//! 3: uses `order` and `budget`.

use std::ops::Range;
use std::pin::Pin;
use std::task::ready;

use super::order::{first, rounds};
use crate::budget;

pub use std::future::{Future, IntoFuture};
pub use std::pin::pin;
pub use std::task::{Context, Poll};
pub use std::{compile_error, panic, unreachable};

pub use super::maybe_done::{MaybeDone, maybe_done};
pub use super::order::Rotation;
pub use super::poll_fn::poll_fn;
pub use pin_project_lite::pin_project;

/// What a user wrote as a branch. The bound stands on the struct and its field is a plain
/// expression, so that the compiler blames the branch, and not the whole macro, where it
/// is no future; and so that `&mut temporary()` lives as long as a variable would.
#[derive(Debug)]
pub struct Branch<F: IntoFuture> {
    /// The expression.
    pub future: F,
}

impl<F: IntoFuture> Branch<F> {
    /// The future that it stands for.
    #[inline]
    pub fn begin(self) -> F::IntoFuture {
        self.future.into_future()
    }
}

/// A branch of a `try_join!`.
#[derive(Debug)]
pub struct TryBranch<F: IntoTryFuture> {
    /// The expression.
    pub future: F,
}

impl<F: IntoTryFuture> TryBranch<F> {
    /// The future that it stands for.
    #[inline]
    pub fn begin(self) -> F::IntoFuture {
        self.future.into_future()
    }
}

/// What becomes a future of a `Result`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a future of a `Result`",
    label = "a branch of `try_join!` must be a future that gives a `Result`"
)]
pub trait IntoTryFuture: IntoFuture {}

impl<F, T, E> IntoTryFuture for F where F: IntoFuture<Output = Result<T, E>> {}

/// The output of a branch of a join, when all are done.
///
/// # Panics
/// If it is not there: the caller has seen the branch ready, and takes each output once.
#[inline]
pub fn taken<F: Future>(branch: Pin<&mut MaybeDone<F>>) -> F::Output {
    branch
        .take_output()
        .expect("each branch of a join is ready before the outputs are taken")
}

/// The error of a branch of a `try_join`, if it has ended with one.
#[inline]
pub fn failure<F, T, E>(mut branch: Pin<&mut MaybeDone<F>>) -> Option<E>
where
    F: Future<Output = Result<T, E>>,
{
    if matches!(branch.as_mut().output_mut(), Some(Err(_))) {
        return branch.take_output().and_then(Result::err);
    }
    None
}

/// The value of a branch of a `try_join`, when all have succeeded.
///
/// # Panics
/// If it is not there: the caller has seen the branch ready, and without an error.
#[inline]
pub fn success<F, T, E>(branch: Pin<&mut MaybeDone<F>>) -> T
where
    F: Future<Output = Result<T, E>>,
{
    match taken(branch) {
        Ok(value) => value,
        Err(_) => panic!("an error ends a `try_join` before the values are taken"),
    }
}

/// What `biased;` is not said for: another branch begins each time.
pub mod fair {
    use super::{Branches, Rotation};

    /// Of a join: each branch in turn begins.
    #[inline]
    pub fn rotation<const BRANCHES: u32>() -> Rotation<BRANCHES, true> {
        Rotation::default()
    }

    /// Of a select: chance picks who begins.
    #[inline]
    pub fn branches<const BRANCHES: u32>() -> Branches<BRANCHES, true> {
        Branches::default()
    }
}

/// What `biased;` is said for: the first branch always begins.
pub mod biased {
    use super::{Branches, Rotation};

    /// Of a join.
    #[inline]
    pub fn rotation<const BRANCHES: u32>() -> Rotation<BRANCHES, false> {
        Rotation::default()
    }

    /// Of a select.
    #[inline]
    pub fn branches<const BRANCHES: u32>() -> Branches<BRANCHES, false> {
        Branches::default()
    }
}

/// What one `select!` knows of its branches.
#[derive(Debug, Default)]
pub struct Branches<const BRANCHES: u32, const FAIR: bool> {
    /// One bit for each branch that is out of the game.
    disabled: u64,
}

impl<const BRANCHES: u32, const FAIR: bool> Branches<BRANCHES, FAIR> {
    /// Takes a branch out of the game.
    #[inline]
    pub fn disable(&mut self, branch: u32) {
        self.disabled |= 1 << branch;
    }

    /// Whether a branch may not be polled.
    #[inline]
    pub fn is_disabled(&self, branch: u32) -> bool {
        self.disabled & (1 << branch) != 0
    }

    /// The order of this poll. `Pending`, with the task woken, if its budget is spent.
    #[inline]
    pub fn poll_rounds(&self, cx: &mut Context<'_>) -> Poll<[Range<u32>; 2]> {
        ready!(budget::poll_ready(cx));
        let first = if FAIR { first(BRANCHES) } else { 0 };
        Poll::Ready(rounds::<BRANCHES>(first))
    }

    /// A branch has won: that costs one unit of the budget.
    #[inline]
    pub fn won(&self) {
        budget::spend();
    }
}

/// The end of a `select!` in which no branch is left.
///
/// # Panics
/// Always.
#[cold]
#[track_caller]
pub fn all_disabled() -> ! {
    panic!(
        "all branches of `select!` are disabled and it has no `else` branch; \
         add `else => …`, or let one precondition and pattern always hold"
    )
}
