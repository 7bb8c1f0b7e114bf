//! The latest value of something, and the tasks that wait for the next one.
//!
//! Here a thread that is none of the runtime's meets the runtime: the thread that
//! rebuilds the book sets a value, and each task that waits for one is woken through its
//! waker, wherever the loop may be sleeping. The shape is that of tokio's `watch`
//! channel, as much of it as the server needs.
//!
//! # Invariants
//! 1. `version` grows with each value and starts at 1, so 0 means "saw none".
//! 2. A waker is called, cloned from or dropped only after the lock is released.

use std::collections::BTreeMap;
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// A value that one thread replaces and many tasks follow.
#[derive(Debug)]
pub(super) struct Latest<T> {
    state: Mutex<State<T>>,
}

#[derive(Debug)]
struct State<T> {
    value: T,
    version: u64,
    /// No value will follow.
    closed: bool,
    /// Who waits for the next value, by the key that its future holds.
    waiters: BTreeMap<u64, Waker>,
    next_key: u64,
}

impl<T: Clone> Latest<T> {
    pub(super) fn new(value: T) -> Arc<Latest<T>> {
        let (version, next_key) = (1, 0);
        let (closed, waiters) = (false, BTreeMap::new());
        let state = State {
            value,
            version,
            closed,
            waiters,
            next_key,
        };
        Arc::new(Latest {
            state: Mutex::new(state),
        })
    }

    pub(super) fn get(&self) -> T {
        self.lock().value.clone()
    }

    /// Replaces the value and wakes all who wait. After `close` it changes nothing.
    pub(super) fn set(&self, value: T) {
        let mut state = self.lock();
        if state.closed {
            return;
        }
        state.version += 1;
        let old = mem::replace(&mut state.value, value);
        let waiters = mem::take(&mut state.waiters);
        drop(state);
        waiters.into_values().for_each(Waker::wake);
        drop(old);
    }

    /// Says that no value will follow.
    pub(super) fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        let waiters = mem::take(&mut state.waiters);
        drop(state);
        waiters.into_values().for_each(Waker::wake);
    }

    pub(super) fn is_closed(&self) -> bool {
        self.lock().closed
    }

    /// Waits for a value newer than version `seen`; `None` once closed.
    pub(super) fn newer_than(self: &Arc<Self>, seen: u64) -> Newer<T> {
        let latest = Arc::clone(self);
        Newer {
            latest,
            seen,
            key: None,
        }
    }

    /// Waits until no value will follow.
    pub(super) async fn closed(self: &Arc<Self>) {
        let mut seen = 0;
        while let Some((version, _)) = self.newer_than(seen).await {
            seen = version;
        }
    }
}

impl<T> Latest<T> {
    /// No code of others runs under this lock, so a poisoned one holds sound data.
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The future of a newer value, with its version. Dropping it leaves nothing behind.
#[derive(Debug)]
pub(super) struct Newer<T> {
    latest: Arc<Latest<T>>,
    seen: u64,
    key: Option<u64>,
}

impl<T: Clone> Future for Newer<T> {
    type Output = Option<(u64, T)>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let waker = cx.waker().clone(); // cloned before the lock, invariant 2
        let latest = Arc::clone(&self.latest);
        let mut state = latest.lock();
        if state.closed {
            return Poll::Ready(None);
        }
        if state.version > self.seen {
            return Poll::Ready(Some((state.version, state.value.clone())));
        }
        let key = self.key.unwrap_or(state.next_key);
        state.next_key = state.next_key.max(key + 1);
        let replaced = state.waiters.insert(key, waker);
        drop(state);
        drop(replaced);
        self.key = Some(key);
        Poll::Pending
    }
}

impl<T> Drop for Newer<T> {
    fn drop(&mut self) {
        let Some(key) = self.key else { return };
        let left = self.latest.lock().waiters.remove(&key);
        drop(left);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::Wake;

    #[derive(Default)]
    struct CountingWaker(AtomicUsize);

    impl Wake for CountingWaker {
        fn wake(self: Arc<Self>) {
            // Relaxed: a count that one thread writes and reads.
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn poll<T: Clone>(
        future: &mut Newer<T>,
        probe: &Arc<CountingWaker>,
    ) -> Poll<Option<(u64, T)>> {
        let waker = Waker::from(Arc::clone(probe));
        Pin::new(future).poll(&mut Context::from_waker(&waker))
    }

    #[test]
    fn a_new_value_wakes_who_waits_once() {
        let (latest, probe) = (Latest::new('a'), Arc::default());
        let mut first = latest.newer_than(0);
        assert_eq!(poll(&mut first, &probe), Poll::Ready(Some((1, 'a'))));
        let mut second = latest.newer_than(1);
        assert!(poll(&mut second, &probe).is_pending());
        assert!(
            poll(&mut second, &probe).is_pending(),
            "polled twice, waits once"
        );

        latest.set('b');
        assert_eq!(probe.0.load(Ordering::Relaxed), 1);
        assert_eq!(poll(&mut second, &probe), Poll::Ready(Some((2, 'b'))));
        latest.set('c');
        assert_eq!(probe.0.load(Ordering::Relaxed), 1, "nobody waits any more");
    }

    #[test]
    fn a_dropped_future_leaves_no_waker() {
        let (latest, probe) = (Latest::new(()), Arc::default());
        let mut newer = latest.newer_than(1);
        assert!(poll(&mut newer, &probe).is_pending());
        drop(newer);
        assert_eq!(Arc::strong_count(&probe), 1);
        assert!(latest.lock().waiters.is_empty());
    }

    #[test]
    fn closing_wakes_and_ends() {
        let (latest, probe) = (Latest::new(7), Arc::default());
        let mut newer = latest.newer_than(1);
        assert!(poll(&mut newer, &probe).is_pending());
        latest.close();
        assert_eq!(probe.0.load(Ordering::Relaxed), 1);
        assert_eq!(poll(&mut newer, &probe), Poll::Ready(None));
        latest.set(8);
        assert_eq!((latest.get(), latest.is_closed()), (7, true));
    }
}
