//! Tells a tree of tasks to stop.
//!
//! Who is told decides where to stop: a task awaits [`CancellationToken::cancelled`]
//! beside its work, and cleans up when that is ready. In the tokio world the type lives
//! in `tokio_util::sync`, under the same name.
//!
//! # Layer
//! 4: uses the wait list and the budget.

mod drop_guard;
mod family;
mod run_until;
mod wait;

use std::fmt;
use std::sync::{Arc, Mutex};

pub use drop_guard::{DropGuard, DropGuardRef};
use family::{Family, Member};
use run_until::RunUntil;
pub use wait::{WaitForCancellationFuture, WaitForCancellationFutureOwned};

use super::lock;

/// A token that can be cancelled once, and its children with it.
///
/// Clones are the same token. A [child](CancellationToken::child_token) is cancelled with
/// its parent, but not the other way round.
///
/// # Memory
/// One allocation for a token and all its descendants together, about 100 bytes for each
/// in it, and about 24 bytes for each waiter.
///
/// # Closing
/// A token that is dropped without being cancelled keeps those that wait for it waiting;
/// its children stay their grandparent's.
///
/// ```
/// use kettle::sync::CancellationToken;
///
/// # #[kettle::main]
/// # async fn main() {
/// let kitchen = CancellationToken::new();
/// let hob = kitchen.child_token();
/// let kettle = kettle::spawn(async move {
///     hob.cancelled().await;
///     "off the hob"
/// });
/// kitchen.cancel();
/// assert_eq!(kettle.await.unwrap(), "off the hob");
/// # }
/// ```
pub struct CancellationToken {
    family: Arc<Mutex<Family>>,
    member: Member,
}

impl CancellationToken {
    /// A token without a parent.
    pub fn new() -> CancellationToken {
        let mut family = Family::new();
        let member = family.found();
        let family = Arc::new(Mutex::new(family));
        CancellationToken { family, member }
    }

    /// A token that is cancelled with this one, and can be cancelled on its own.
    pub fn child_token(&self) -> CancellationToken {
        let member = lock(&self.family).bear(self.member);
        let family = Arc::clone(&self.family);
        CancellationToken { family, member }
    }

    /// Cancels it and all its descendants, and wakes who waits for them. A second time
    /// does nothing.
    pub fn cancel(&self) {
        let wakers = lock(&self.family).cancel(self.member);
        wakers.wake();
    }

    /// Whether it or an ancestor has been cancelled.
    pub fn is_cancelled(&self) -> bool {
        lock(&self.family).is_cancelled(self.member)
    }

    /// Waits until it is cancelled.
    ///
    /// # Cancel safety
    /// Nothing is lost.
    pub fn cancelled(&self) -> WaitForCancellationFuture<'_> {
        WaitForCancellationFuture::new(self)
    }

    /// As [`cancelled`](CancellationToken::cancelled), with a future that owns the token.
    ///
    /// # Cancel safety
    /// Nothing is lost.
    pub fn cancelled_owned(self) -> WaitForCancellationFutureOwned {
        WaitForCancellationFutureOwned::new(self)
    }

    /// A guard that cancels the token when it is dropped.
    pub fn drop_guard(self) -> DropGuard {
        DropGuard::new(self)
    }

    /// A guard that cancels the token when it is dropped, and borrows it.
    pub fn drop_guard_ref(&self) -> DropGuardRef<'_> {
        DropGuardRef::new(self)
    }

    /// Runs `future` until it is ready, or drops it when the token is cancelled: then
    /// there is no output. If both come at once, the output counts; but if the token is
    /// cancelled before the first poll, `future` is not polled at all.
    ///
    /// # Cancel safety
    /// That of `future`, which is dropped with it.
    pub async fn run_until_cancelled<F: Future>(
        &self,
        future: F,
    ) -> Option<F::Output> {
        if self.is_cancelled() {
            return None;
        }
        RunUntil::new(future, self.cancelled()).await
    }

    /// As [`run_until_cancelled`](CancellationToken::run_until_cancelled), with a future
    /// that owns the token.
    ///
    /// # Cancel safety
    /// That of `future`, which is dropped with it.
    pub async fn run_until_cancelled_owned<F: Future>(
        self,
        future: F,
    ) -> Option<F::Output> {
        self.run_until_cancelled(future).await
    }
}

impl Clone for CancellationToken {
    fn clone(&self) -> CancellationToken {
        lock(&self.family).add_handle(self.member);
        CancellationToken {
            family: Arc::clone(&self.family),
            member: self.member,
        }
    }
}

impl Drop for CancellationToken {
    fn drop(&mut self) {
        lock(&self.family).drop_handle(self.member);
    }
}

impl Default for CancellationToken {
    fn default() -> CancellationToken {
        CancellationToken::new()
    }
}

impl fmt::Debug for CancellationToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CancellationToken")
            .field("is_cancelled", &self.is_cancelled())
            .finish()
    }
}
