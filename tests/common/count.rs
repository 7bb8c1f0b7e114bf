//! A waker that counts its wakes and knows whether somebody still holds it.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};

/// The oracle behind a counting waker.
#[derive(Default)]
pub(crate) struct Count {
    wakes: AtomicUsize,
}

impl Count {
    /// An oracle and one waker that reports to it.
    pub(crate) fn new() -> (Arc<Count>, Waker) {
        let count = Arc::new(Count::default());
        let waker = Waker::from(Arc::clone(&count));
        (count, waker)
    }

    /// How often any clone was woken.
    pub(crate) fn wakes(&self) -> usize {
        self.wakes.load(Ordering::SeqCst)
    }

    /// How many wakers there are beside the one that `new` gave.
    pub(crate) fn others(self: &Arc<Count>) -> usize {
        Arc::strong_count(self) - 2
    }
}

impl Wake for Count {
    fn wake(self: Arc<Count>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Count>) {
        self.wakes.fetch_add(1, Ordering::SeqCst);
    }
}

/// Polls once with `waker`.
pub(crate) fn poll_with<F: Future + ?Sized>(
    future: Pin<&mut F>,
    waker: &Waker,
) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(waker))
}

/// Polls once with a waker that does nothing.
pub(crate) fn poll<F: Future + ?Sized>(future: Pin<&mut F>) -> Poll<F::Output> {
    poll_with(future, Waker::noop())
}
