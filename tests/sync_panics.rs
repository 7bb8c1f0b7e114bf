//! Users' code that panics inside of a primitive: closures, clones and drops of values.
//! The panic reaches who called, and the primitive goes on.

mod common;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;

use kettle::sync::{
    CancellationToken, Mutex, OnceCell, RwLock, Semaphore, broadcast, mpsc,
    oneshot, watch,
};

use common::count::{Count, poll, poll_with};

fn panics<T>(run: impl FnOnce() -> T) {
    let run = catch_unwind(AssertUnwindSafe(|| drop(run())));
    assert!(run.is_err(), "the panic reaches who called");
}

#[test]
fn c25_closures_of_watch_may_panic() {
    let (sender, mut receiver) = watch::channel(1);
    panics(|| {
        sender.send_modify(|value| {
            *value = 2;
            panic!("in send_modify");
        })
    });
    panics(|| sender.send_if_modified(|_| panic!("in send_if_modified")));
    assert_eq!(*sender.borrow(), 2, "the value is what the closure left");
    assert_eq!(receiver.has_changed().ok(), Some(false), "nobody is told");
    panics(|| {
        poll(Box::pin(receiver.wait_for(|_| panic!("in wait_for"))).as_mut())
    });
    sender.send(3).expect("the receiver is there");
    assert_eq!(*receiver.borrow_and_update(), 3);
    let found = poll(Box::pin(receiver.wait_for(|value| *value == 3)).as_mut());
    assert!(matches!(found, Poll::Ready(Ok(value)) if *value == 3));
    let looking = sender.borrow();
    assert_eq!(*looking, 3);
}

/// A value whose clone panics as often as it is told to.
struct Fragile<'a>(&'a AtomicUsize);

impl Clone for Fragile<'_> {
    fn clone(&self) -> Self {
        let left = self.0.load(Ordering::Relaxed);
        if left > 0 {
            self.0.store(left - 1, Ordering::Relaxed);
            panic!("in clone");
        }
        Fragile(self.0)
    }
}

#[test]
fn c25_the_clone_of_a_broadcast_value_may_panic() {
    let panics_left = AtomicUsize::new(1);
    let (sender, mut first) = broadcast::channel(4);
    let mut second = sender.subscribe();
    let mut third = sender.subscribe();
    assert_eq!(sender.send(Fragile(&panics_left)).ok(), Some(3));
    panics(|| first.try_recv());
    // The value that it panicked over is gone for it, as if it had been received.
    assert!(matches!(
        first.try_recv(),
        Err(broadcast::error::TryRecvError::Empty)
    ));
    assert!(second.try_recv().is_ok(), "the others get theirs");
    assert!(third.try_recv().is_ok(), "the last gets the value itself");
    assert!(sender.send(Fragile(&panics_left)).is_ok());
    assert!(first.try_recv().is_ok());
}

#[test]
fn a_cell_is_filled_by_the_next_if_one_panics_fails_or_is_dropped() {
    let cell = OnceCell::new();
    panics(|| poll(Box::pin(cell.get_or_init(async || panic!("making"))).as_mut()));
    let failed = poll(Box::pin(cell.get_or_try_init(async || Err("no"))).as_mut());
    assert_eq!(failed, Poll::Ready(Err("no")));
    let mut dropped = Box::pin(cell.get_or_init(std::future::pending));
    assert!(poll(dropped.as_mut()).is_pending());
    assert!(cell.set(1).is_err_and(|error| error.is_initializing_err()));
    let mut waits = Box::pin(cell.get_or_init(async || 7));
    let (count, waker) = Count::new();
    assert!(poll_with(waits.as_mut(), &waker).is_pending());
    drop(dropped);
    assert_eq!(count.wakes(), 1);
    assert_eq!(poll_with(waits.as_mut(), &waker), Poll::Ready(&7));
    drop(waits);
    assert!(cell.set(8).is_err_and(|error| error.is_already_init_err()));
    assert_eq!((cell.get(), cell.initialized()), (Some(&7), true));
}

#[test]
fn a_cell_that_was_emptied_is_as_new() {
    let mut cell = OnceCell::from(Arc::new(()));
    let value = cell.get().cloned().expect("it was filled");
    assert!(
        cell.set(value.clone())
            .is_err_and(|it| it.is_already_init_err())
    );
    assert_eq!(cell.clone(), cell);
    assert!(cell.get_mut().is_some());
    assert!(cell.take().is_some());
    assert_eq!((cell.initialized(), Arc::strong_count(&value)), (false, 1));
    assert_eq!(cell.set(value), Ok(()));
    assert!(cell.into_inner().is_some());
}

#[test]
fn a_guard_that_a_panic_drops_unlocks_and_leaves_no_poison() {
    let (mutex, lock) = (Mutex::new(1), RwLock::new(1));
    let (semaphore, token) = (Semaphore::new(1), CancellationToken::new());
    panics(|| {
        let mut one = mutex.try_lock().expect("it is new");
        let mut two = lock.try_write().expect("it is new");
        let _three = semaphore.try_acquire().expect("it is new");
        let _four = token.drop_guard_ref();
        (*one, *two) = (2, 2);
        panic!("with guards in hand");
    });
    assert_eq!(*mutex.try_lock().expect("it is unlocked"), 2);
    assert_eq!(*lock.try_read().expect("it is unlocked"), 2);
    assert_eq!(semaphore.available_permits(), 1);
    assert!(token.is_cancelled());
}

#[test]
fn a_disarmed_guard_cancels_nothing() {
    let token = CancellationToken::new();
    let guard = token.clone().drop_guard();
    assert!(!guard.token().is_cancelled());
    drop(guard.disarm());
    assert!(!token.drop_guard_ref().disarm().is_cancelled());
    let child = token.child_token();
    drop(child.clone().drop_guard());
    assert!(child.is_cancelled());
    assert!(!token.is_cancelled(), "a child cancels no parent");
}

#[test]
fn run_until_cancelled_prefers_the_output_but_not_over_an_earlier_cancel() {
    let token = CancellationToken::new();
    let ready = token.run_until_cancelled(std::future::ready(1));
    assert_eq!(poll(Box::pin(ready).as_mut()), Poll::Ready(Some(1)));
    // Both come at once: the future cancels its own token, and is ready.
    let both = token.run_until_cancelled(async {
        token.cancel();
        2
    });
    assert_eq!(poll(Box::pin(both).as_mut()), Poll::Ready(Some(2)));
    let never = token.clone().run_until_cancelled_owned(async {
        unreachable!("it is not polled when the token was cancelled before")
    });
    assert_eq!(poll(Box::pin(never).as_mut()), Poll::Ready(None::<()>));
}

/// Counts its drops, and panics in the one that it is told to.
struct Bomb<'a> {
    drops: &'a AtomicUsize,
    panics: bool,
}

impl Drop for Bomb<'_> {
    fn drop(&mut self) {
        self.drops.fetch_add(1, Ordering::Relaxed);
        assert!(!self.panics, "in drop");
    }
}

#[test]
fn c24_every_value_is_dropped_once_even_if_one_panics_in_its_drop() {
    let drops = AtomicUsize::new(0);
    let bombs = |index: usize| Bomb {
        drops: &drops,
        panics: index == 1,
    };
    let (sender, receiver) = mpsc::channel(4);
    (0..4).for_each(|index| assert!(sender.try_send(bombs(index)).is_ok()));
    panics(|| drop(receiver));
    assert_eq!(drops.swap(0, Ordering::Relaxed), 4, "mpsc");
    assert!(sender.is_closed());
    assert_eq!(sender.capacity(), 4, "their slots are free");

    let (sender, receiver) = mpsc::unbounded_channel();
    (0..4).for_each(|index| assert!(sender.send(bombs(index)).is_ok()));
    panics(|| drop(receiver));
    assert_eq!(drops.swap(0, Ordering::Relaxed), 4, "unbounded mpsc");

    let (sender, receiver) = broadcast::channel(4);
    (0..4).for_each(|index| {
        assert!(sender.send(Arc::new(bombs(index))).is_ok());
    });
    panics(|| drop(receiver));
    assert_eq!(drops.swap(0, Ordering::Relaxed), 4, "broadcast");
    assert_eq!(sender.receiver_count(), 0);

    let (sender, receiver) = oneshot::channel();
    assert!(sender.send(bombs(1)).is_ok());
    panics(|| drop(receiver));
    assert_eq!(drops.swap(0, Ordering::Relaxed), 1, "oneshot");

    let sender = watch::Sender::new(bombs(1));
    panics(|| drop(sender.send_replace(bombs(0))));
    assert_eq!(drops.swap(0, Ordering::Relaxed), 1, "watch");
    sender.send_replace(bombs(2));
    assert_eq!(drops.load(Ordering::Relaxed), 1, "watch goes on");
}

#[test]
fn a_message_sent_with_a_permit_to_nobody_is_dropped_at_once() {
    let (sender, receiver) = mpsc::channel(1);
    let permit = sender.try_reserve().expect("a slot is free");
    drop(receiver);
    let message = Arc::new(());
    permit.send(message.clone());
    assert_eq!(Arc::strong_count(&message), 1);
    assert_eq!(sender.capacity(), 1, "its slot is free");
}

#[test]
fn a_value_that_is_dropped_may_use_its_channel() {
    struct Talks(mpsc::UnboundedSender<Talks>, Arc<AtomicUsize>);
    impl Drop for Talks {
        fn drop(&mut self) {
            // Under a lock this would never return.
            let told = self.0.is_closed() && self.0.strong_count() > 0;
            self.1.fetch_add(usize::from(told), Ordering::Relaxed);
        }
    }
    common::watchdog::watched(|| {
        let told = Arc::new(AtomicUsize::new(0));
        let (sender, receiver) = mpsc::unbounded_channel();
        for _ in 0..3 {
            let talks = Talks(sender.clone(), told.clone());
            assert!(sender.send(talks).is_ok());
        }
        drop(receiver);
        assert_eq!(told.load(Ordering::Relaxed), 3);
    });
}

#[test]
fn notified_can_be_enabled_before_a_look() {
    // The look-then-wait race that `enable` is for: the notification comes in between.
    let notify = kettle::sync::Notify::new();
    let mut notified = pin!(notify.notified());
    assert!(!notified.as_mut().enable());
    notify.notify_one();
    assert!(poll(notified.as_mut()).is_ready());
    assert!(
        poll(pin!(notify.notified()).as_mut()).is_pending(),
        "it was its own"
    );
}

#[test]
fn a_future_polled_after_it_was_ready_panics_and_takes_nothing() {
    let (sender, mut receiver) = mpsc::channel(1);
    let mut send = pin!(sender.send(1));
    assert!(poll(send.as_mut()).is_ready());
    assert_eq!(receiver.try_recv().ok(), Some(1));
    panics(|| poll(send.as_mut()));
    assert_eq!(sender.capacity(), 1, "no slot is taken for nothing");

    sender.try_send(2).expect("there is a slot");
    {
        let mut recv = pin!(receiver.recv());
        assert!(poll(recv.as_mut()).is_ready());
        sender.try_send(3).expect("there is a slot");
        panics(|| poll(recv.as_mut()));
    }
    assert_eq!(receiver.try_recv().ok(), Some(3), "no message is taken");

    let (sender, mut receiver) = mpsc::unbounded_channel();
    sender.send(4).expect("the receiver is there");
    sender.send(5).expect("the receiver is there");
    {
        let mut recv = pin!(receiver.recv());
        assert!(poll(recv.as_mut()).is_ready());
        panics(|| poll(recv.as_mut()));
    }
    assert_eq!(receiver.try_recv().ok(), Some(5), "no message is taken");

    let semaphore = Semaphore::new(3);
    let mut one = pin!(semaphore.acquire());
    assert!(poll(one.as_mut()).is_ready());
    panics(|| poll(one.as_mut()));
    let mut two = pin!(semaphore.acquire_many(2));
    assert!(poll(two.as_mut()).is_ready());
    panics(|| poll(two.as_mut()));
    assert_eq!(semaphore.available_permits(), 3, "no permit is taken");
}
