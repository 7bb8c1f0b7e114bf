//! What a runtime counts of itself, at home and elsewhere, while it runs and at its end.

mod common;

use std::future::pending;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use kettle::runtime::{Builder, Runtime};
use kettle::task::yield_now;

use common::life::OnDrop;
use common::watchdog::watched;

fn runtime() -> Runtime {
    let mut builder = Builder::new_current_thread();
    builder.max_blocking_threads(1).build().expect("a runtime")
}

#[test]
fn f9_spawned_is_ended_and_alive_whatever_the_end() {
    let runtime = runtime();
    let metrics = runtime.metrics();
    let counts = || (metrics.spawned_tasks_count(), metrics.num_alive_tasks());
    assert_eq!(counts(), (0, 0));
    runtime.block_on(async {
        assert_eq!(counts(), (0, 0), "the future of block_on is none");
        let done = kettle::spawn(async {});
        let broken = kettle::spawn(async { panic!("no tea") });
        let stopped = kettle::spawn(pending::<()>());
        drop(kettle::spawn(async {}));
        let local = kettle::task::spawn_local(pending::<()>());
        assert_eq!(counts(), (5, 5));
        stopped.abort();
        assert_eq!(counts(), (5, 5), "an abort only schedules");
        done.await.expect("by itself");
        broken.await.expect_err("it panics");
        stopped.await.expect_err("aborted");
        assert_eq!(counts(), (5, 1));
        local.abort();
        yield_now().await;
        assert_eq!(counts(), (5, 0), "done, though nobody has fetched it");
        let from_afar = runtime.handle().clone();
        let spawned = thread::spawn(move || from_afar.spawn(async {}));
        let spawned = spawned.join().expect("no panic");
        assert_eq!(counts(), (5, 0), "on its way");
        spawned.await.expect("by itself");
        assert_eq!(counts(), (6, 0));
    });
}

#[test]
fn f9_the_counts_hold_while_the_runtime_ends_and_are_nothing_after_it() {
    let runtime = runtime();
    let metrics = runtime.metrics();
    let seen = std::rc::Rc::new(std::cell::RefCell::new(Vec::new()));
    for _ in 0..3 {
        let (metrics, seen) = (metrics.clone(), std::rc::Rc::clone(&seen));
        let in_drop = OnDrop(move || {
            // A task that is spawned now is refused, and does not count.
            drop(kettle::spawn(async {}));
            let spawned = metrics.spawned_tasks_count();
            seen.borrow_mut().push((spawned, metrics.num_alive_tasks()));
        });
        runtime.spawn_local(async move {
            let _in_drop = in_drop;
            pending::<()>().await;
        });
    }
    runtime.block_on(yield_now());
    drop(runtime);
    assert_eq!(*seen.borrow(), [(3, 3), (3, 2), (3, 1)]);
    let counts = (metrics.spawned_tasks_count(), metrics.num_alive_tasks());
    assert_eq!(counts, (0, 0));
    assert_eq!(metrics.num_blocking_threads(), 0);
    assert_eq!(metrics.global_queue_depth(), 0);
}

#[test]
fn other_threads_see_the_counts_of_the_last_turn_and_the_mail() {
    watched(|| {
        let runtime = runtime();
        runtime.block_on(async {
            let task = kettle::spawn(pending::<()>());
            // The next turn has begun when this comes back.
            for _ in 0..300 {
                yield_now().await;
            }
            let (metrics, handle) = (runtime.metrics(), runtime.handle().clone());
            let stop = task.abort_handle();
            let elsewhere = thread::spawn(move || {
                let alive = metrics.num_alive_tasks();
                assert_eq!(metrics.global_queue_depth(), 0);
                drop(handle.spawn(async {}));
                stop.abort();
                (alive, metrics.global_queue_depth())
            });
            let (alive, mail) = elsewhere.join().expect("no panic");
            assert_eq!((alive, mail), (1, 2));
        });
    });
}

#[test]
fn the_pool_is_counted_too() {
    watched(|| {
        let runtime = runtime();
        let metrics = runtime.metrics();
        let counts = || {
            let idle = metrics.num_idle_blocking_threads();
            (
                metrics.num_blocking_threads(),
                idle,
                metrics.blocking_queue_depth(),
            )
        };
        assert_eq!(counts(), (0, 0, 0));
        assert_eq!(metrics.num_workers(), 1);
        let (begun, is_begun) = channel();
        let (open, gate): (Sender<()>, Receiver<()>) = channel();
        let first = runtime.spawn_blocking(move || {
            begun.send(()).expect("the test waits");
            gate.recv().unwrap_or_default();
        });
        let second = runtime.spawn_blocking(|| ());
        is_begun.recv().expect("it begins");
        assert_eq!(counts(), (1, 0, 1));
        assert_eq!(metrics.num_alive_tasks(), 0, "closures are no tasks");
        drop(open);
        runtime.block_on(async {
            first.await.expect("by itself");
            second.await.expect("by itself");
        });
        // It falls asleep some time; if it never does, the watchdog says so.
        while counts() != (1, 1, 0) {
            thread::yield_now();
        }
    });
}
