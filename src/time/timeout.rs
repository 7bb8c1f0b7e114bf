//! A future with a deadline.
//!
//! # Layer
//! 5: uses `Sleep`.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use super::{Sleep, sleep, sleep_until};
use crate::clock::Instant;

/// Waits for `future`, but no longer than `duration`.
///
/// `future` is polled first, so one that is ready at once is never late. If time runs
/// out, it is dropped with the [`Timeout`].
///
/// # Errors
/// [`Elapsed`], if time ran out.
///
/// # Panics
/// When it has to wait where no runtime with time enabled is current.
///
/// # Cancel safety
/// That of `future`, which is dropped with it.
///
/// ```
/// # #[kettle::main]
/// # async fn main() {
/// use kettle::time::{Duration, timeout};
///
/// let soon = timeout(Duration::from_secs(60), async { "tea" }).await;
/// assert_eq!(soon, Ok("tea"));
///
/// let never = timeout(Duration::from_millis(1), std::future::pending::<()>()).await;
/// assert!(never.is_err());
/// # }
/// ```
pub fn timeout<F: IntoFuture>(
    duration: Duration,
    future: F,
) -> Timeout<F::IntoFuture> {
    let (future, sleep) = (future.into_future(), sleep(duration));
    Timeout { future, sleep }
}

/// Waits for `future`, but not past `deadline`; as [`timeout`] in all else.
pub fn timeout_at<F: IntoFuture>(
    deadline: Instant,
    future: F,
) -> Timeout<F::IntoFuture> {
    let (future, sleep) = (future.into_future(), sleep_until(deadline));
    Timeout { future, sleep }
}

pin_project_lite::pin_project! {
    /// The future of [`timeout`] and [`timeout_at`].
    #[must_use = "futures do nothing unless they are awaited or polled"]
    #[derive(Debug)]
    pub struct Timeout<F> {
        #[pin]
        future: F,
        #[pin]
        sleep: Sleep,
    }
}

impl<F> Timeout<F> {
    /// The future inside.
    pub fn get_ref(&self) -> &F {
        &self.future
    }

    /// The future inside, to change.
    pub fn get_mut(&mut self) -> &mut F {
        &mut self.future
    }

    /// The future inside, without its deadline.
    pub fn into_inner(self) -> F {
        self.future
    }
}

impl<F: Future> Future for Timeout<F> {
    type Output = Result<F::Output, Elapsed>;

    #[track_caller]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        if let Poll::Ready(output) = this.future.poll(cx) {
            return Poll::Ready(Ok(output));
        }
        // The future may have used up the budget; its deadline holds all the same.
        let over = this.sleep.poll_unlimited(cx);
        over.map(|()| Err(Elapsed(())))
    }
}

/// Time ran out before the future was ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Elapsed(());

impl fmt::Display for Elapsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("deadline has elapsed")
    }
}

impl std::error::Error for Elapsed {}

impl From<Elapsed> for std::io::Error {
    fn from(_: Elapsed) -> std::io::Error {
        std::io::ErrorKind::TimedOut.into()
    }
}
