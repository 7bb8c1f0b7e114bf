//! Many runtimes: at once, one after the other, on many threads.

mod common;

use std::pin::Pin;
use std::task::{Context, Poll};
use std::thread;
use std::time::Duration;

use kettle::runtime::{Builder, Runtime, TooManyRuntimes};
use kettle::task::yield_now;
use kettle::time::sleep;

use common::alone::{alone, alone_after};
use common::baseline::{Baseline, resident_kib};
use common::watchdog::watched;

const MIB: usize = 1 << 20;

fn bare() -> Runtime {
    Builder::new_current_thread()
        .build()
        .expect("it needs nothing")
}

#[test]
fn more_than_4096_runtimes_are_an_error_and_a_dropped_one_makes_room() {
    let name = "more_than_4096_runtimes_are_an_error_and_a_dropped_one_makes_room";
    alone(name, || {
        let mut runtimes: Vec<_> = (0..4_096).map(|_| bare()).collect();
        for _ in 0..3 {
            let error =
                Builder::new_current_thread().build().expect_err("too many");
            let inner = error.get_ref().expect("it carries the reason");
            assert_eq!(inner.downcast_ref(), Some(&TooManyRuntimes));
            assert!(
                error.to_string().contains("4096 Kettle runtimes"),
                "{error}"
            );
        }
        drop(runtimes.swap_remove(1_000));
        let runtime = bare();
        assert!(Builder::new_current_thread().build().is_err());
        assert_eq!(
            runtime.block_on(async {
                yield_now().await;
                1
            }),
            1
        );
        // The last of them works as the first: a wake from elsewhere finds each.
        for runtime in [&runtimes[0], &runtimes[4_094], &runtime] {
            let handle = runtime.handle().clone();
            let task = thread::spawn(move || handle.spawn(async { 7 }))
                .join()
                .unwrap();
            assert_eq!(runtime.block_on(task).expect("it does not panic"), 7);
        }
        drop(runtimes);
        drop(runtime);
        drop((0..4_096).map(|_| bare()).collect::<Vec<_>>());
    });
}

#[test]
fn e8_a_runtime_that_is_refused_leaves_no_descriptor() {
    // 4,096 bare ones, and then one with a reactor is refused after its reactor is made.
    alone_after(
        "e8_a_runtime_that_is_refused_leaves_no_descriptor",
        "ulimit -n 256",
        || {
            let _runtimes: Vec<_> = (0..4_096).map(|_| bare()).collect();
            let before = Baseline::now();
            for _ in 0..300 {
                let error = Runtime::new().expect_err("too many").to_string();
                assert!(error.contains("4096"), "{error}");
            }
            assert_eq!(Baseline::now(), before);
        },
    );
}

#[test]
fn f6_ten_thousand_runtimes_one_after_the_other_leave_nothing_behind() {
    let name = "f6_ten_thousand_runtimes_one_after_the_other_leave_nothing_behind";
    alone(name, || {
        watched(|| {
            let live = |full: bool| {
                let runtime = if full { Runtime::new() } else { Ok(bare()) };
                let runtime = runtime.expect("there are descriptors");
                let task = runtime.spawn(async { yield_now().await });
                drop(runtime.spawn(std::future::pending::<()>()));
                if full {
                    drop(runtime.spawn(sleep(Duration::from_secs(3_600))));
                }
                runtime.block_on(task).expect("it does not panic");
            };
            (0..500).for_each(|number| live(number % 2 == 0));
            let (before, memory) = (Baseline::now(), resident_kib());
            (0..10_000).for_each(|number| live(number % 2 == 0));
            assert_eq!(Baseline::now(), before);
            // A KiB left behind by each would be 10,000.
            let grown = resident_kib().saturating_sub(memory);
            assert!(grown < 2_000, "grown by {grown} KiB");
        });
    });
}

#[test]
fn runtimes_on_sixteen_threads_talk_to_each_other() {
    watched(|| {
        let (senders, receivers): (Vec<_>, Vec<_>) =
            (0..16).map(|_| std::sync::mpsc::channel()).unzip();
        let threads: Vec<_> = receivers
            .into_iter()
            .enumerate()
            .map(|(me, receiver)| {
                let senders = senders.clone();
                thread::spawn(move || {
                    let runtime = Runtime::new().expect("there are descriptors");
                    for sender in &senders {
                        sender.send(runtime.handle().clone()).unwrap();
                    }
                    drop(senders);
                    let handles: Vec<_> =
                        (0..16).map(|_| receiver.recv().unwrap()).collect();
                    let sum = runtime.block_on(async {
                        let mut sum = 0;
                        for handle in &handles {
                            // A runtime that has ended says cancelled, and not nothing.
                            let task = handle.spawn(async move { me });
                            sum += usize::from(task.await.is_ok_and(|it| it == me));
                        }
                        sum
                    });
                    // Its own is alive for sure.
                    assert!((1..=16).contains(&sum));
                })
            })
            .collect();
        drop(senders);
        threads
            .into_iter()
            .for_each(|it| it.join().expect("no panic"));
    });
}

#[test]
fn a19_a_runtime_is_built_and_runs_on_a_small_stack() {
    // A stack overflow ends the process, so it has its own.
    alone("a19_a_runtime_is_built_and_runs_on_a_small_stack", || {
        let small = thread::Builder::new().stack_size(64 << 10).spawn(|| {
            let runtime = Runtime::new().expect("there are descriptors");
            let task = runtime.spawn(async {
                sleep(Duration::from_millis(1)).await;
                5
            });
            runtime.block_on(task).expect("it does not panic")
        });
        let result = small.expect("a thread can be made").join();
        assert_eq!(result.expect("it does not panic"), 5);
    });
}

#[test]
fn a19_a_large_future_is_copied_twice_on_its_way_into_its_slot() {
    /// A future of one MiB, by itself.
    struct Large([u8; MIB]);

    impl Future for Large {
        type Output = u8;

        fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<u8> {
            Poll::Ready(self.0[MIB - 1])
        }
    }

    #[inline(never)]
    fn make() -> Large {
        Large([7; MIB])
    }

    // A stack overflow ends the process, so it has its own.
    alone(
        "a19_a_large_future_is_copied_twice_on_its_way_into_its_slot",
        || {
            // Without optimisation, moves on the way into the function are copies too.
            let copies = if cfg!(debug_assertions) { 4 } else { 2 };
            let stack = copies * MIB + (256 << 10);
            let small = thread::Builder::new().stack_size(stack).spawn(|| {
                let runtime = bare();
                let task = runtime.spawn(make());
                runtime.block_on(task).expect("it does not panic")
            });
            let result = small.expect("a thread can be made").join();
            assert_eq!(result.expect("it does not panic"), 7);
        },
    );
}
