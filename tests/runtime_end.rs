//! The end of a runtime: every future is dropped once and at home, every handle is told,
//! and a task may do what it likes while it is dropped.

mod common;

use std::cell::RefCell;
use std::future::pending;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::mpsc::channel;
use std::sync::{Arc, Barrier, Mutex};
use std::task::Waker;
use std::thread;
use std::time::Duration;

use kettle::net::{TcpListener, TcpStream};
use kettle::runtime::{Builder, Handle, Runtime};
use kettle::task::{spawn_local, yield_now};
use kettle::time::sleep;

use common::count::{Count, poll, poll_with};
use common::life::{DropProbe, Life, OnDrop};
use common::scripted::Step::{HandOut, Pend};
use common::scripted::{Scripted, take};
use common::watchdog::watched;

fn bare() -> Runtime {
    Builder::new_current_thread()
        .build()
        .expect("it needs nothing")
}

fn full() -> Runtime {
    Runtime::new().expect("there are descriptors")
}

fn turn(runtime: &Runtime) {
    runtime.block_on(async {});
}

/// A task that waits, and does `last` as it is dropped.
async fn at_the_end(last: impl FnMut()) {
    let _last = OnDrop(last);
    pending::<()>().await;
}

#[test]
fn f3_a_task_may_do_anything_while_it_is_dropped_at_the_end() {
    watched(|| {
        let runtime = full();
        let said = Rc::new(RefCell::new(Vec::new()));
        let say = |word: &'static str| {
            let said = Rc::clone(&said);
            move || said.borrow_mut().push(word)
        };

        // Wake itself and a sibling, abort a sibling.
        let sibling = Scripted::new(&Life::here(), [HandOut, Pend, Pend], ());
        let tray = sibling.tray();
        let sibling = runtime.spawn_local(sibling);
        turn(&runtime);
        let waker = take(&tray).pop().expect("it was polled");
        let (done, abort) = (say("woke and aborted"), sibling.abort_handle());
        runtime.spawn_local(at_the_end(move || {
            waker.wake_by_ref();
            abort.abort();
            waker.wake_by_ref();
            done();
        }));

        // Spawn: the future is dropped, the handle says cancelled.
        let done = say("spawned");
        let mut probe = Some(OnDrop(say("late future dropped")));
        runtime.spawn_local(at_the_end(move || {
            let probe = probe.take();
            let late = spawn_local(async move { drop(probe) });
            assert!(kettle::block_on(late).expect_err("too late").is_cancelled());
            let late = Handle::current().spawn(async { 1 });
            assert!(kettle::block_on(late).expect_err("too late").is_cancelled());
            done();
        }));

        // Enter, read the own id, set and drop a timer, make and drop a socket.
        let (done, handle) = (say("entered"), runtime.handle().clone());
        runtime.spawn_local(at_the_end(move || {
            let _current = handle.enter();
            let mut timer = Box::pin(sleep(Duration::from_secs(3_600)));
            assert!(poll(timer.as_mut()).is_pending());
            let mut bind = Box::pin(TcpListener::bind("127.0.0.1:0"));
            assert!(poll(bind.as_mut()).is_ready());
            done();
        }));

        // Drop handles, timers and sockets that a task held.
        let (done, held) =
            (say("dropped what it held"), runtime.spawn(pending::<()>()));
        let timer = RefCell::new(Box::pin(sleep(Duration::from_secs(3_600))));
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let mut hoard = Some((held, timer, listener));
        runtime.spawn_local(at_the_end(move || {
            drop(hoard.take());
            done();
        }));

        // A runtime of its own, from birth to end.
        let done = say("ran another runtime");
        runtime.spawn_local(at_the_end(move || {
            let inner = full();
            let task = inner.spawn(async { yield_now().await });
            inner.block_on(task).expect("it does not panic");
            done();
        }));

        // And panic.
        runtime.spawn_local(at_the_end(|| panic!("not even a panic")));
        let last = Life::here();
        runtime.spawn_local(Scripted::new(&last, [Pend], ()));

        runtime.block_on(async { yield_now().await });
        drop(runtime);
        last.assert_ended_at_home();
        let said = said.take();
        for word in [
            "woke and aborted",
            "spawned",
            "late future dropped",
            "entered",
            "dropped what it held",
            "ran another runtime",
        ] {
            assert!(said.contains(&word), "{word} is missing in {said:?}");
        }
    });
}

#[test]
fn a_drop_at_the_end_may_lock_what_another_drop_locks() {
    watched(|| {
        let runtime = bare();
        let shared = Arc::new(Mutex::new(0));
        for _ in 0..100 {
            let shared = Arc::clone(&shared);
            drop(runtime.spawn(at_the_end(move || {
                *shared.try_lock().expect("one drop at a time") += 1;
            })));
        }
        turn(&runtime);
        drop(runtime);
        assert_eq!(*shared.lock().unwrap(), 100);
    });
}

#[test]
fn what_was_never_polled_is_dropped_too() {
    let runtime = bare();
    let life = Life::here();
    let handle = runtime.spawn(Scripted::new(&life, [], ()));
    drop(runtime);
    life.assert_ended_at_home();
    assert_eq!(life.polls(), 0);
    assert!(handle.is_finished());
    assert!(
        kettle::block_on(handle)
            .expect_err("it never ran")
            .is_cancelled()
    );
}

#[test]
fn a5_handles_at_home_are_told_by_a_wake() {
    let runtime = bare();
    let (count, waker) = Count::new();
    let mut handle = runtime.spawn(pending::<()>());
    assert!(poll_with(Pin::new(&mut handle), &waker).is_pending());
    turn(&runtime);
    drop(runtime);
    assert_eq!((count.wakes(), count.others()), (1, 0));
    let result = kettle::block_on(handle);
    assert!(result.expect_err("its runtime ended").is_cancelled());
}

#[test]
fn a7_spawns_that_race_with_the_end_are_each_dropped_once_and_told() {
    watched(|| {
        for round in 0..100 {
            let runtime = if round % 2 == 0 { bare() } else { full() };
            let barrier = Arc::new(Barrier::new(5));
            let threads: Vec<_> = (0..4)
                .map(|_| {
                    let (handle, barrier) =
                        (runtime.handle().clone(), Arc::clone(&barrier));
                    thread::spawn(move || {
                        barrier.wait();
                        let spawn = |_| {
                            let drops = Arc::new(AtomicUsize::new(0));
                            let counter = Arc::clone(&drops);
                            let probe = OnDrop(move || {
                                counter.fetch_add(1, SeqCst);
                            });
                            let task = handle.spawn(async move {
                                let _probe = probe;
                                yield_now().await;
                            });
                            (task, drops)
                        };
                        (0..50).map(spawn).collect::<Vec<_>>()
                    })
                })
                .collect();
            barrier.wait();
            runtime.block_on(async {
                for _ in 0..round {
                    yield_now().await;
                }
            });
            drop(runtime);
            for thread in threads {
                for (task, drops) in thread.join().expect("spawning does not panic")
                {
                    // It ended, or it is told that it will not.
                    if let Err(error) = kettle::block_on(task) {
                        assert!(error.is_cancelled());
                    }
                    assert_eq!(drops.load(SeqCst), 1);
                }
            }
        }
    });
}

#[test]
fn a5_a_spawn_after_the_end_drops_its_future_and_says_cancelled() {
    let runtime = bare();
    let handle = runtime.handle().clone();
    drop(runtime);
    let life = Life::here();
    let task = handle.spawn(Scripted::new(&life, [], ()));
    life.assert_ended_at_home();
    assert!(task.is_finished());
    task.abort();
    assert!(
        kettle::block_on(task)
            .expect_err("there is none")
            .is_cancelled()
    );
    let _current = handle.enter();
    let task = kettle::spawn(async {});
    assert!(
        kettle::block_on(task)
            .expect_err("there is none")
            .is_cancelled()
    );
}

#[test]
fn a_runtime_ends_while_the_other_of_its_thread_runs_and_waits_for_it() {
    watched(|| {
        let (one, two) = (bare(), full());
        let life = Life::here();
        let task = two.spawn(Scripted::new(&life, [Pend], ()));
        turn(&two);
        let answer = one.block_on(async {
            let waiting = spawn_local(task);
            yield_now().await;
            drop(two);
            waiting.await.expect("it does not panic")
        });
        assert!(answer.expect_err("its runtime ended").is_cancelled());
        life.assert_ended_at_home();
    });
}

#[test]
fn two_runtimes_of_one_thread_await_each_others_handles() {
    watched(|| {
        let (one, two) = (bare(), full());
        let of_two = two.spawn(async {
            yield_now().await;
            2
        });
        let of_one =
            one.spawn(async { of_two.await.expect("it does not panic") + 1 });
        turn(&one);
        two.block_on(async {
            for _ in 0..3 {
                yield_now().await;
            }
        });
        // The wake of the task in the other runtime, here at home too, was not lost.
        assert_eq!(one.block_on(of_one).expect("it does not panic"), 3);
        let back = one.spawn(async { 4 });
        turn(&one);
        assert_eq!(two.block_on(back).expect("it does not panic"), 4);
    });
}

#[test]
fn a_task_of_one_runtime_spawns_on_the_other_of_its_thread() {
    watched(|| {
        let (one, two) = (bare(), bare());
        let handle = two.handle().clone();
        let task = one.spawn(async move { Some(handle.spawn(async { "two" })) });
        let task = one.block_on(task).expect("it does not panic");
        let task = task.expect("it was spawned");
        assert_eq!(two.block_on(task).expect("it does not panic"), "two");
    });
}

#[test]
fn e9_a_thousand_waits_for_sockets_and_timers_end_with_their_runtime() {
    watched(|| {
        let runtime = full();
        let (count, waker) = Count::new();
        let lives: Vec<_> = (0..100).map(|_| Life::here()).collect();
        let mut outside = Box::pin(sleep(Duration::from_secs(3_600)));
        runtime.block_on(async {
            for life in &lives {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                let probe = DropProbe::new(life);
                drop(kettle::spawn(async move {
                    let _probe = probe;
                    let _ = listener.accept().await;
                }));
            }
            for _ in 0..900 {
                drop(kettle::spawn(sleep(Duration::from_secs(3_600))));
            }
            yield_now().await;
            assert!(poll_with(outside.as_mut(), &waker).is_pending());
        });
        drop(runtime);
        lives.iter().for_each(|it| it.assert_ended_at_home());
        assert_eq!((count.wakes(), count.others()), (1, 0));
    });
}

#[test]
fn e10_a_socket_after_its_runtimes_end_is_an_error_and_no_hang() {
    watched(|| {
        let runtime = full();
        let (listener, stream) = runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let stream = TcpStream::connect(address).await.unwrap();
            (listener, stream)
        });
        drop(runtime);
        let next = full();
        let error = next.block_on(listener.accept()).expect_err("it has ended");
        assert!(error.to_string().contains("has been shut down"), "{error}");
        let mut stream = stream;
        let mut buf = [0; 1];
        use kettle::io::{AsyncReadExt, AsyncWriteExt};
        let error = next
            .block_on(stream.read(&mut buf))
            .expect_err("it has ended");
        assert!(error.to_string().contains("has been shut down"), "{error}");
        assert!(next.block_on(stream.write(b"x")).is_err());
        drop((stream, listener));
    });
}

#[test]
fn e10_who_waits_elsewhere_for_a_socket_is_woken_at_the_end() {
    // The accept is polled by hand, so its waker belongs to nobody's task.
    watched(|| {
        let runtime = full();
        let (count, waker) = Count::new();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let mut accept = Box::pin(listener.accept());
        runtime.block_on(async {
            assert!(poll_with(accept.as_mut(), &waker).is_pending());
            yield_now().await;
        });
        drop(runtime);
        assert_eq!((count.wakes(), count.others()), (1, 0));
        assert!(kettle::block_on(accept).is_err());
    });
}

#[test]
fn a2_orders_that_arrive_during_the_end_are_carried_out_or_dropped() {
    // While the tasks are dropped, other threads abort, drop handles, sleeps and sockets.
    watched(|| {
        for _ in 0..100 {
            let runtime = full();
            let (sender, receiver) = channel();
            let barrier = Arc::new(Barrier::new(2));
            runtime.block_on(async {
                for _ in 0..20 {
                    let mut timer = Box::pin(sleep(Duration::from_secs(3_600)));
                    assert!(poll(timer.as_mut()).is_pending());
                    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                    let task = kettle::spawn(pending::<()>());
                    sender.send((timer, listener, task)).unwrap();
                }
                yield_now().await;
            });
            let at_the_barrier = Arc::clone(&barrier);
            let elsewhere = thread::spawn(move || {
                at_the_barrier.wait();
                for (timer, listener, task) in receiver.try_iter() {
                    task.abort();
                    drop((timer, listener, task));
                }
            });
            barrier.wait();
            drop(runtime);
            elsewhere.join().expect("dropping does not panic");
        }
    });
}

#[test]
fn the_wakers_of_others_that_panic_do_not_stop_the_end() {
    let runtime = full();
    let angry = common::hostile::hostile(|it| {
        assert_ne!(it, common::hostile::Happening::Wake, "no");
    });
    let lives: Vec<_> = (0..5).map(|_| Life::here()).collect();
    let mut handles: Vec<_> = lives
        .iter()
        .map(|it| runtime.spawn(Scripted::new(it, [Pend], ())))
        .collect();
    let mut timers: Vec<_> = (0..5)
        .map(|_| Box::pin(sleep(Duration::from_secs(3_600))))
        .collect();
    runtime.block_on(async {
        for handle in &mut handles {
            assert!(poll_with(Pin::new(handle), &angry).is_pending());
        }
        for timer in &mut timers {
            assert!(poll_with(timer.as_mut(), &angry).is_pending());
        }
        yield_now().await;
    });
    drop(runtime);
    lives.iter().for_each(|it| it.assert_ended_at_home());
    for handle in handles {
        assert!(
            kettle::block_on(handle)
                .expect_err("it ended")
                .is_cancelled()
        );
    }
}

#[test]
fn wakes_during_the_end_reach_the_waiting_task_of_another_runtime() {
    watched(|| {
        let (one, two) = (bare(), bare());
        let waiting = Scripted::new(&Life::here(), [HandOut], "woken");
        let tray = waiting.tray();
        let waiting = one.spawn(waiting);
        turn(&one);
        let mut wakers = take(&tray);
        drop(two.spawn(at_the_end(move || wakers.drain(..).for_each(Waker::wake))));
        turn(&two);
        drop(two);
        assert_eq!(one.block_on(waiting).expect("it does not panic"), "woken");
    });
}
