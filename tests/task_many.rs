//! Very many tasks, and other things: all that they took is given back.
//!
//! The allocator of this file counts, so its tests each have a process of their own.

mod common;

use std::alloc::System;
use std::fs::File;
use std::future::{pending, poll_fn};
use std::os::fd::OwnedFd;
use std::task::{Poll, Waker};
use std::time::Duration;

use kettle::runtime::{Builder, Runtime};
use kettle::task::yield_now;
use kettle::time::sleep;
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

use common::alone::alone;
use common::baseline::Baseline;
use common::watchdog::watched;

#[global_allocator]
static COUNTING: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Allocations alive, and the bytes of them.
fn alive() -> (isize, isize) {
    let stats = COUNTING.stats();
    let count = stats.allocations as isize - stats.deallocations as isize;
    let bytes = stats.bytes_allocated as isize - stats.bytes_deallocated as isize;
    (count, bytes)
}

/// What is alive is what was alive before, but for the few allocations that the test
/// harness makes on its own thread meanwhile.
#[track_caller]
fn assert_given_back(before: (isize, isize)) {
    let after = alive();
    let more = (after.0 - before.0, after.1 - before.1);
    assert!(
        more.0 <= 8 && more.1 <= 2_048,
        "{more:?} more allocations, bytes"
    );
}

fn bare() -> Runtime {
    Builder::new_current_thread()
        .build()
        .expect("it needs nothing")
}

#[test]
fn a5_a_hundred_thousand_tasks_are_joined() {
    alone("a5_a_hundred_thousand_tasks_are_joined", || {
        watched(|| spawn_and_join(&bare(), 100_000));
    });
}

#[test]
fn a_million_tasks_are_alive_at_once_and_joined_and_their_memory_comes_back() {
    let name =
        "a_million_tasks_are_alive_at_once_and_joined_and_their_memory_comes_back";
    alone(name, || {
        watched(|| {
            let before = alive();
            let runtime = bare();
            spawn_and_join(&runtime, 1_000_000);
            drop(runtime);
            assert_given_back(before);
        });
    });
}

/// Spawns tasks that wait until all are there, and joins them all.
fn spawn_and_join(runtime: &Runtime, count: usize) {
    let sum = runtime.block_on(async {
        let tasks: Vec<_> = (0..count)
            .map(|number| {
                kettle::spawn(async move {
                    yield_now().await;
                    number
                })
            })
            .collect();
        let mut sum = 0;
        for task in tasks {
            sum += task.await.expect("it does not panic");
        }
        sum
    });
    assert_eq!(sum, count * (count - 1) / 2);
}

#[test]
fn a5_a_task_costs_one_allocation() {
    alone("a5_a_task_costs_one_allocation", || {
        let runtime = bare();
        // Room in the slab.
        spawn_and_join(&runtime, 1_000);
        runtime.block_on(async {
            let mut tasks = Vec::with_capacity(100);
            let before = COUNTING.stats().allocations;
            for _ in 0..100 {
                // Of a kind that no slot has an empty body for.
                tasks.push(kettle::spawn(async { yield_now().await }));
            }
            assert_eq!(COUNTING.stats().allocations - before, 100);
            for task in tasks {
                task.await.unwrap();
            }
        });
    });
}

#[test]
fn a_task_costs_no_allocation_where_one_of_its_kind_has_ended() {
    alone(
        "a_task_costs_no_allocation_where_one_of_its_kind_has_ended",
        || {
            bare().block_on(async {
                let one = || kettle::spawn(async { yield_now().await });
                let other =
                    || kettle::task::spawn_local(async { yield_now().await });
                one().await.unwrap();
                let before = COUNTING.stats().allocations;
                for _ in 0..100 {
                    one().await.unwrap();
                }
                assert_eq!(COUNTING.stats().allocations, before);
                // One of another kind has the same slot, and a body of its own.
                other().await.unwrap();
                other().await.unwrap();
                assert_eq!(COUNTING.stats().allocations - before, 1);
            });
        },
    );
}

#[test]
fn what_a_slot_keeps_of_a_task_is_bounded() {
    /// What is alive more after `COUNT` tasks of `SIZE` bytes than before.
    async fn kept<const SIZE: usize>(count: usize) -> isize {
        let mut tasks = Vec::with_capacity(count);
        let (_, before) = alive();
        for _ in 0..count {
            let cargo = [1_u8; SIZE];
            tasks.push(kettle::spawn(async move {
                yield_now().await;
                cargo.len()
            }));
        }
        for task in &mut tasks {
            assert_eq!(task.await.unwrap(), SIZE);
        }
        alive().1 - before
    }

    alone("what_a_slot_keeps_of_a_task_is_bounded", || {
        let runtime = bare();
        // Room in the slab.
        spawn_and_join(&runtime, 1_000);
        runtime.block_on(async {
            let large = kept::<5_000>(10).await;
            assert!(large <= 0, "{large} bytes are kept of large ones");
            let some = kept::<500>(1_000).await;
            assert!(some > 32 << 10, "{some} bytes: nothing is kept any more");
            assert!(some <= 64 << 10, "{some} bytes are kept");
        });
    });
}

#[test]
fn waking_polling_and_sleeping_allocate_nothing() {
    alone("waking_polling_and_sleeping_allocate_nothing", || {
        let runtime = bare();
        runtime.block_on(async {
            yield_now().await;
            let before = COUNTING.stats().allocations;
            for _ in 0..1_000 {
                yield_now().await;
            }
            poll_fn(|cx| {
                let wakers = [cx.waker().clone(), cx.waker().clone()];
                wakers.into_iter().for_each(Waker::wake);
                Poll::Ready(())
            })
            .await;
            assert_eq!(COUNTING.stats().allocations, before);
        });
    });
}

#[test]
fn a17_a_thousand_wakers_keep_nothing_of_their_tasks() {
    alone("a17_a_thousand_wakers_keep_nothing_of_their_tasks", || {
        let runtime = bare();
        spawn_and_join(&runtime, 2_000);
        let mut wakers = Vec::with_capacity(1_000);
        let before = alive();
        runtime.block_on(async {
            for _ in 0..1_000 {
                let waker = kettle::spawn(async {
                    let load = [7_u8; 1_000];
                    let waker = poll_fn(|cx| Poll::Ready(cx.waker().clone())).await;
                    yield_now().await;
                    assert_eq!(load[999], 7);
                    waker
                });
                wakers.push(waker.await.expect("it does not panic"));
            }
        });
        assert_given_back(before);
        wakers.into_iter().for_each(Waker::wake);
    });
}

#[test]
fn e9_a_dropped_runtime_gives_back_all_its_memory() {
    alone("e9_a_dropped_runtime_gives_back_all_its_memory", || {
        watched(|| {
            let live = || {
                let runtime = Runtime::new().expect("there are descriptors");
                runtime.block_on(async {
                    for _ in 0..100 {
                        drop(kettle::spawn(sleep(Duration::from_secs(3_600))));
                        drop(kettle::spawn(async {
                            let bind =
                                kettle::net::TcpListener::bind("127.0.0.1:0");
                            bind.await.unwrap().accept().await.unwrap();
                        }));
                        drop(kettle::task::spawn_local(pending::<()>()));
                    }
                    yield_now().await;
                    let handle = kettle::runtime::Handle::current();
                    let elsewhere = std::thread::spawn(move || {
                        (0..10).map(|_| handle.spawn(pending::<()>())).collect()
                    });
                    let tasks: Vec<_> = elsewhere.join().unwrap();
                    sleep(Duration::from_millis(1)).await;
                    drop(tasks);
                });
            };
            // What is made once for all: the registry's table, the thread's bookkeeping.
            (0..3).for_each(|_| live());
            let before = alive();
            (0..5).for_each(|_| live());
            assert_given_back(before);
        });
    });
}

#[test]
fn e8_a_socket_that_the_system_refuses_to_watch_leaves_nothing_behind() {
    // A file on disk is always ready, so the event queue does not take it.
    alone(
        "e8_a_socket_that_the_system_refuses_to_watch_leaves_nothing_behind",
        || {
            let runtime = Runtime::new().expect("there are descriptors");
            runtime.block_on(async {
                let refused = || {
                    let file = File::open("Cargo.toml").expect("it is there");
                    let odd = std::net::TcpListener::from(OwnedFd::from(file));
                    let error = kettle::net::TcpListener::from_std(odd);
                    assert_eq!(
                        error.expect_err("a file").raw_os_error(),
                        Some(1),
                        "EPERM"
                    );
                };
                refused();
                let (before, descriptors) = (alive(), Baseline::now());
                (0..1_000).for_each(|_| refused());
                assert_given_back(before);
                assert_eq!(Baseline::now(), descriptors);
            });
        },
    );
}
