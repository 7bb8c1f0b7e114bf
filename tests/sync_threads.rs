//! The primitives among plain threads: hammered from outside, dropped by a thread's end,
//! and blocking. Nothing is lost, whoever is faster.

mod common;

use std::cell::RefCell;
use std::panic::catch_unwind;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;
use std::thread;

use kettle::block_on;
use kettle::sync::{Mutex, Notify, RwLock, Semaphore, mpsc, oneshot};

use common::count::{Count, poll, poll_with};
use common::watchdog::watched;

/// Threads that hammer at the same time.
const THREADS: usize = 4;
/// Operations of each.
const ROUNDS: usize = 2_000;

/// Runs `work` on so many threads, with its number.
fn on_threads(work: impl Fn(usize) + Sync) {
    thread::scope(|scope| {
        for number in 0..THREADS {
            let work = &work;
            scope.spawn(move || work(number));
        }
    });
}

/// Polls once with a waker of its own, then drops: a waiter that gives up.
fn give_up<T>(future: impl Future<Output = T>) -> Poll<T> {
    let (_count, waker) = Count::new();
    let mut future = pin!(future);
    poll_with(future.as_mut(), &waker)
}

#[test]
fn permits_are_conserved_under_threads_that_take_give_up_and_wait() {
    watched(|| {
        let semaphore = Semaphore::new(3);
        let inside = AtomicUsize::new(0);
        on_threads(|number| {
            for round in 0..ROUNDS {
                let n = 1 + (number + round) % 3;
                match round % 4 {
                    0 => drop(give_up(semaphore.acquire_many(n as u32))),
                    1 => drop(semaphore.try_acquire_many(n as u32)),
                    _ => {
                        let acquire = semaphore.acquire_many(n as u32);
                        let permit = block_on(acquire).expect("it is open");
                        let others = inside.fetch_add(n, Ordering::SeqCst);
                        assert!(others + n <= 3, "more are inside than permits");
                        inside.fetch_sub(n, Ordering::SeqCst);
                        drop(permit);
                    }
                }
            }
        });
        assert_eq!(semaphore.available_permits(), 3);
    });
}

#[test]
fn a_mutex_counts_right_under_threads() {
    watched(|| {
        let mutex = Arc::new(Mutex::new(0));
        on_threads(|number| {
            for round in 0..ROUNDS {
                if (number + round) % 3 == 0 {
                    drop(give_up(mutex.lock()));
                }
                // Not atomic on purpose: the lock must make it whole.
                let mut guard = if round % 2 == 0 {
                    block_on(mutex.lock())
                } else {
                    mutex.blocking_lock()
                };
                let seen = *guard;
                *guard = std::hint::black_box(seen) + 1;
            }
        });
        assert_eq!(*block_on(mutex.lock()), THREADS * ROUNDS);
    });
}

#[test]
fn readers_never_see_half_a_write() {
    watched(|| {
        let lock = RwLock::new((0, 0));
        on_threads(|number| {
            for round in 0..ROUNDS {
                if (number + round) % 4 == 0 {
                    let mut guard = lock.blocking_write();
                    guard.0 += 1;
                    guard.1 += 1;
                    let guard = guard.downgrade();
                    assert_eq!(guard.0, guard.1);
                } else {
                    drop(give_up(lock.read()));
                    let guard = lock.blocking_read();
                    assert_eq!(guard.0, guard.1, "half a write");
                }
            }
        });
        assert_eq!(lock.into_inner().0, THREADS * ROUNDS / 4);
    });
}

#[test]
fn c22_messages_are_conserved_under_threads() {
    watched(|| {
        let (sender, mut receiver) = mpsc::channel(4);
        let senders: Vec<_> = (0..THREADS)
            .map(|number| {
                let sender = sender.clone();
                thread::spawn(move || {
                    for round in 0..ROUNDS {
                        match round % 3 {
                            0 => sender.blocking_send((number, round)).unwrap(),
                            1 => block_on(sender.send((number, round))).unwrap(),
                            _ => {
                                drop(give_up(sender.reserve()));
                                block_on(sender.reserve())
                                    .unwrap()
                                    .send((number, round));
                            }
                        }
                    }
                })
            })
            .collect();
        drop(sender);
        let mut next = [0; THREADS];
        let mut cancelled = 0;
        loop {
            // Every other receive is given up while it waits, or has got its message.
            match give_up(receiver.recv()) {
                Poll::Pending => cancelled += 1,
                Poll::Ready(None) => break,
                Poll::Ready(Some((number, round))) => {
                    assert_eq!(round, next[number], "out of order, or lost");
                    next[number] += 1;
                }
            }
            if let Some((number, round)) = receiver.blocking_recv() {
                assert_eq!(round, next[number], "out of order, or lost");
                next[number] += 1;
            }
        }
        assert_eq!(next, [ROUNDS; THREADS]);
        assert!(cancelled <= THREADS * ROUNDS);
        for sender in senders {
            sender.join().unwrap();
        }
    });
}

#[test]
fn an_unbounded_channel_keeps_each_senders_order() {
    watched(|| {
        let (sender, mut receiver) = mpsc::unbounded_channel();
        let sending = thread::spawn(move || {
            on_threads(|number| {
                for round in 0..ROUNDS {
                    sender.send((number, round)).unwrap();
                }
            });
        });
        let mut next = [0; THREADS];
        let mut buffer = Vec::new();
        while receiver.blocking_recv_many(&mut buffer, 7) > 0 {
            for (number, round) in buffer.drain(..) {
                assert_eq!(round, next[number]);
                next[number] += 1;
            }
        }
        assert_eq!(next, [ROUNDS; THREADS]);
        sending.join().unwrap();
    });
}

#[test]
fn c15_c16_a_oneshot_value_is_received_given_back_or_dropped_once() {
    watched(|| {
        for round in 0..ROUNDS * 4 {
            let value = Arc::new(());
            let (sender, mut receiver) = oneshot::channel();
            let sent = value.clone();
            let sending = thread::spawn(move || sender.send(sent).is_ok());
            let received = match round % 4 {
                0 => receiver.blocking_recv().is_ok(),
                1 => {
                    let polled = give_up(&mut receiver);
                    drop(receiver);
                    polled.is_ready()
                }
                2 => {
                    receiver.close();
                    receiver.try_recv().is_ok()
                }
                _ => {
                    drop(receiver);
                    false
                }
            };
            let sent = sending.join().unwrap();
            assert!(sent || !received, "received, but not sent");
            assert!(round % 4 != 2 || sent == received, "closed, sent and lost");
            assert_eq!(Arc::strong_count(&value), 1, "it is dropped once");
        }
    });
}

#[test]
fn a14_what_was_written_before_notify_one_is_seen_after_notified() {
    watched(|| {
        let (ping, pong) = (Notify::new(), Notify::new());
        let written = AtomicUsize::new(0);
        thread::scope(|scope| {
            scope.spawn(|| {
                for round in 1..=ROUNDS {
                    // Relaxed: it is for the wake to carry it over.
                    written.store(round, Ordering::Relaxed);
                    ping.notify_one();
                    block_on(pong.notified());
                }
            });
            for round in 1..=ROUNDS {
                block_on(ping.notified());
                assert_eq!(written.load(Ordering::Relaxed), round);
                pong.notify_one();
            }
        });
    });
}

#[test]
fn notify_waiters_reaches_all_that_were_made_before() {
    watched(|| {
        for _ in 0..ROUNDS / 10 {
            let notify = Notify::new();
            let made = AtomicUsize::new(0);
            thread::scope(|scope| {
                for number in 0..THREADS {
                    let (notify, made) = (&notify, &made);
                    scope.spawn(move || {
                        let mut notified = pin!(notify.notified());
                        // Every other one has a place in the queue.
                        let waits = number % 2 == 0;
                        if waits {
                            assert!(!notified.as_mut().enable());
                        }
                        made.fetch_add(1, Ordering::Release);
                        block_on(notified);
                    });
                }
                while made.load(Ordering::Acquire) < THREADS {
                    thread::yield_now();
                }
                notify.notify_waiters();
            });
        }
    });
}

/// Things that a thread's end drops, and what it is to leave behind.
fn dropped_by_a_threads_end<T: Send + 'static>(kept: T) {
    thread_local! {
        static FIRST: RefCell<Option<Box<dyn Send>>> = const { RefCell::new(None) };
        static SECOND: RefCell<Option<Box<dyn Send>>> = const { RefCell::new(None) };
    }
    let ended = thread::spawn(move || {
        FIRST.with(|first| *first.borrow_mut() = Some(Box::new(kept)));
        // This runtime's own thread-locals come into being after it, so go before it.
        let runtime = kettle::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(kettle::task::yield_now());
        SECOND.with(|second| *second.borrow_mut() = Some(Box::new(())));
    });
    ended.join().expect("the thread ends in peace");
}

#[test]
fn f5_what_a_thread_local_holds_lets_go_when_its_thread_ends() {
    watched(|| {
        let (sender, mut receiver) = mpsc::channel::<u8>(1);
        let (first, first_waker) = Count::new();
        let mut recv = Box::pin(receiver.recv());
        assert!(poll_with(recv.as_mut(), &first_waker).is_pending());
        dropped_by_a_threads_end(sender);
        assert_eq!(first.wakes(), 1);
        assert_eq!(poll(recv.as_mut()), Poll::Ready(None));

        let mutex = Arc::new(Mutex::new(()));
        let guard = mutex.clone().try_lock_owned().expect("it is new");
        dropped_by_a_threads_end(guard);
        assert!(mutex.try_lock().is_ok());

        let (mut sender, receiver) = oneshot::channel::<u8>();
        dropped_by_a_threads_end(receiver);
        assert!(sender.is_closed());
        assert!(poll(pin!(sender.closed()).as_mut()).is_ready());

        // A waiter that gives up there, with a waker of the runtime that ended there.
        let semaphore = Arc::new(Semaphore::new(0));
        let waits = semaphore.clone();
        let left = thread::spawn(move || {
            let runtime = kettle::runtime::Runtime::new().expect("a runtime");
            let mut acquire = Box::pin(waits.acquire_owned());
            let once = std::future::poll_fn(|cx| {
                Poll::Ready(acquire.as_mut().poll(cx).is_pending())
            });
            assert!(runtime.block_on(once));
            acquire
        });
        let acquire = left.join().expect("the thread ends in peace");
        semaphore.add_permits(1);
        drop(acquire);
        assert_eq!(semaphore.available_permits(), 1);
    });
}

#[test]
fn blocking_inside_a_runtime_panics_and_says_what_to_do() {
    let calls: [(&str, fn()); 4] = [
        ("await lock instead", || {
            drop(Mutex::new(()).blocking_lock());
        }),
        ("await acquire instead", || {
            drop(Semaphore::new(1).blocking_acquire().map(drop));
        }),
        ("await recv instead", || {
            assert!(mpsc::channel::<u8>(1).1.blocking_recv().is_none());
        }),
        ("await the receiver instead", || {
            drop(oneshot::channel::<u8>().1.blocking_recv());
        }),
    ];
    for (advice, call) in calls {
        let runtime = kettle::runtime::Runtime::new().expect("a runtime");
        let told = runtime.block_on(async { catch_unwind(call) });
        let payload = told.expect_err("it must not block");
        let message = payload.downcast::<String>().expect("a formatted message");
        assert!(message.contains(advice), "{message}");
        // Beside the runtime it is allowed.
        runtime.block_on(async {});
        drop(Mutex::new(()).blocking_lock());
    }
}
