//! Waiting again and again takes no more memory than waiting twice: each place in a wait
//! list is given back, whether its future was let go or gave up.

mod common;

use std::alloc::System;
use std::future::Future;
use std::pin::pin;
use std::task::Poll;

use kettle::sync::{
    CancellationToken, Mutex, Notify, Semaphore, broadcast, mpsc, watch,
};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

use common::alone::alone;
use common::count::poll;

#[global_allocator]
static COUNTING: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// A future that waits is polled, let go and polled to its end.
fn let_go(future: impl Future, enable: impl FnOnce()) {
    let mut future = pin!(future);
    assert!(poll(future.as_mut()).is_pending());
    enable();
    assert!(matches!(poll(future), Poll::Ready(_)));
}

/// A future that waits is polled and dropped.
fn give_up(future: impl Future) {
    assert!(poll(pin!(future)).is_pending());
}

/// A place that is kept in each of them would come to 200 kB.
const ROUNDS: usize = 5_000;

/// The bytes that many rounds leave on the heap, after two to warm up.
fn left_behind(mut round: impl FnMut()) -> isize {
    round();
    round();
    let region = Region::new(COUNTING);
    (0..ROUNDS).for_each(|_| round());
    let change = region.change();
    change.bytes_allocated as isize - change.bytes_deallocated as isize
}

#[test]
fn a_place_in_a_wait_list_is_used_again() {
    alone("a_place_in_a_wait_list_is_used_again", || {
        let notify = Notify::new();
        let semaphore = Semaphore::new(0);
        let mutex = Mutex::new(());
        let token = CancellationToken::new();
        let (bell, mut ear) = broadcast::channel(2);
        let (hand, mut clock) = watch::channel(0);
        let (sender, mut receiver) = mpsc::channel(1);
        sender.try_send(0).expect("a slot is free");
        let left = left_behind(|| {
            let_go(notify.notified(), || {
                notify.notify_waiters();
                // Who comes now shows how far the calls have got.
                give_up(notify.notified());
            });
            give_up(notify.notified());
            let mut told = pin!(notify.notified());
            assert!(poll(told.as_mut()).is_pending());
            notify.notify_waiters();
            let_go(
                async { semaphore.acquire().await.map(|it| it.forget()) },
                || {
                    semaphore.add_permits(1);
                },
            );
            give_up(semaphore.acquire());
            let guard = mutex.try_lock().expect("it is free");
            give_up(mutex.lock());
            let_go(mutex.lock(), || drop(guard));
            give_up(token.cancelled());
            let child = token.child_token();
            let_go(child.cancelled(), || child.cancel());
            give_up(ear.recv());
            let_go(ear.recv(), || {
                bell.send(1).expect("somebody listens");
            });
            give_up(clock.changed());
            let_go(clock.changed(), || {
                hand.send(1).expect("somebody looks");
            });
            give_up(sender.send(1));
            let_go(sender.send(1), || {
                receiver.try_recv().expect("it is full");
            });
        });
        // The harness has a thread of its own, which may take a little meanwhile.
        assert!(left < 10_000, "{left} bytes");
    });
}

#[test]
fn who_comes_and_leaves_behind_one_that_waits_on_leaves_no_gap_for_long() {
    alone(
        "who_comes_and_leaves_behind_one_that_waits_on_leaves_no_gap_for_long",
        || {
            let semaphore = Semaphore::new(1);
            let mut large = Box::pin(semaphore.acquire_many(2));
            assert!(poll(large.as_mut()).is_pending());
            // Each leaves only once the next has come, so there is always one behind it.
            let mut last = Box::pin(semaphore.acquire());
            assert!(poll(last.as_mut()).is_pending());
            let left = left_behind(|| {
                let mut next = Box::pin(semaphore.acquire());
                assert!(poll(next.as_mut()).is_pending());
                last = next;
            });
            assert!(left < 10_000, "{left} bytes");
            semaphore.add_permits(2);
            let both = (poll(large.as_mut()), poll(last.as_mut()));
            assert!(both.0.is_ready() && both.1.is_ready());
        },
    );
}
