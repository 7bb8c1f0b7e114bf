//! A future that somebody else can end.
//!
//! Whoever owns a future cancels it by dropping it. Who does not own it needs a handle:
//! it marks the future as aborted and wakes whoever polls it, and the next poll ends.
//!
//! # Invariants
//! 1. After `abort` returned, the future inside is not polled again, though a poll that
//!    is under way on another thread ends first.
//! 2. No foreign code runs under the lock.
//!
//! # Layer
//! 3: uses nothing but the standard library.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Waker};

use pin_project_lite::pin_project;

/// `future`, and a handle that ends it from anywhere.
///
/// ```
/// # kettle::block_on(async {
/// use kettle::future::{Aborted, abortable, pending};
///
/// let (waiting, handle) = abortable(pending::<()>());
/// handle.abort();
/// assert_eq!(waiting.await, Err(Aborted));
/// # });
/// ```
pub fn abortable<F: IntoFuture>(
    future: F,
) -> (Abortable<F::IntoFuture>, AbortHandle) {
    let order = Arc::<Order>::default();
    let handle = AbortHandle {
        order: Arc::clone(&order),
    };
    let future = Some(future.into_future());
    (Abortable { future, order }, handle)
}

/// What a future answers that was aborted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aborted;

impl fmt::Display for Aborted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the future was aborted")
    }
}

impl std::error::Error for Aborted {}

pin_project! {
    /// The future of [`abortable()`].
    ///
    /// # Panics
    /// When it is polled again after it was ready.
    #[must_use = "a future does nothing until it is polled"]
    pub struct Abortable<F> {
        // `None` from the end on: output or abort, the future is dropped at once.
        #[pin]
        future: Option<F>,
        order: Arc<Order>,
    }

    impl<F> PinnedDrop for Abortable<F> {
        fn drop(this: Pin<&mut Self>) {
            this.order.forget();
        }
    }
}

impl<F: Future> Future for Abortable<F> {
    type Output = Result<F::Output, Aborted>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let Some(future) = this.future.as_mut().as_pin_mut() else {
            panic!("`Abortable` was polled after it had been ready");
        };
        let result = if this.order.listen(cx) {
            Err(Aborted)
        } else {
            match future.poll(cx) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(output) => Ok(output),
            }
        };
        this.order.forget();
        this.future.set(None);
        Poll::Ready(result)
    }
}

impl<F> fmt::Debug for Abortable<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Abortable")
            .field("aborted", &self.order.open().given)
            .finish_non_exhaustive()
    }
}

/// Ends the future that it came with. All clones end the same one.
#[derive(Clone)]
pub struct AbortHandle {
    order: Arc<Order>,
}

impl AbortHandle {
    /// Ends the future at its next poll, to which it is woken. Without effect if the
    /// future is ready or dropped.
    pub fn abort(&self) {
        let mut state = self.order.open();
        state.given = true;
        let waiting = state.waiting.take();
        drop(state);
        if let Some(waiting) = waiting {
            waiting.wake();
        }
    }

    /// Whether `abort` was called. The future may have been ready before.
    pub fn is_aborted(&self) -> bool {
        self.order.open().given
    }
}

impl fmt::Debug for AbortHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AbortHandle")
            .field("aborted", &self.is_aborted())
            .finish()
    }
}

/// What the future and its handles share.
#[derive(Default)]
struct Order {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Whether the order to end was given.
    given: bool,
    /// Whom the order wakes.
    waiting: Option<Waker>,
}

impl Order {
    /// Whether the order was given. If not, it will wake `cx`.
    fn listen(&self, cx: &mut Context<'_>) -> bool {
        let waker = cx.waker().clone();
        let mut state = self.open();
        let given = state.given;
        let before = state.waiting.replace(waker);
        drop(state);
        drop(before);
        given
    }

    /// Nobody waits any more: the waker goes.
    fn forget(&self) {
        let waiting = self.open().waiting.take();
        drop(waiting);
    }

    fn open(&self) -> MutexGuard<'_, State> {
        self.state
            .lock()
            .expect("no foreign code runs under this lock, so nothing panics there")
    }
}
