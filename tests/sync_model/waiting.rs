//! A future under the hands of a model: polled one by one, its wakes counted.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Poll, Waker};

use crate::common::count::{Count, poll_with};

/// A future and the oracle of its waker.
pub(crate) struct Waiting<'a, T> {
    future: Option<Pin<Box<dyn Future<Output = T> + 'a>>>,
    count: Arc<Count>,
    waker: Waker,
    seen: usize,
    polled: bool,
}

impl<'a, T> Waiting<'a, T> {
    pub(crate) fn new(future: impl Future<Output = T> + 'a) -> Waiting<'a, T> {
        let (count, waker) = Count::new();
        Waiting {
            future: Some(Box::pin(future)),
            count,
            waker,
            seen: 0,
            polled: false,
        }
    }

    /// Polls once; a future that is ready is dropped.
    pub(crate) fn poll(&mut self) -> Poll<T> {
        self.seen = self.count.wakes();
        self.polled = true;
        let future = self.future.as_mut().expect("it is polled while it waits");
        let polled = poll_with(future.as_mut(), &self.waker);
        if polled.is_ready() {
            self.end();
        }
        polled
    }

    /// Whether it was polled at all.
    pub(crate) fn was_polled(&self) -> bool {
        self.polled
    }

    /// How often it was woken since its last poll.
    pub(crate) fn wakes(&self) -> usize {
        self.count.wakes() - self.seen
    }

    /// Drops the future, and sees that its waker went with it.
    pub(crate) fn end(&mut self) {
        self.future = None;
        assert_eq!(self.count.others(), 0, "a waker outlives its future");
    }
}
