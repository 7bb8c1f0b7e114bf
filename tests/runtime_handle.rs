//! `Handle` on other threads: blocking on a future, and telling runtimes apart.

mod common;

use std::future::pending;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use kettle::runtime::{Builder, Handle, Runtime};
use kettle::task;

use common::watchdog::watched;

fn runtime() -> Runtime {
    Builder::new_current_thread().build().expect("a runtime")
}

#[test]
fn a_thread_of_the_pool_blocks_on_tasks_that_run_at_home() {
    watched(|| {
        let runtime = runtime();
        let closure = runtime.spawn_blocking(|| {
            let handle = Handle::current();
            let home = handle.block_on(async {
                let task = kettle::spawn(async { thread::current().id() });
                task.await.expect("by itself")
            });
            (home, thread::current().id())
        });
        let (home, there) = runtime.block_on(closure).expect("no panic");
        assert_eq!(home, thread::current().id());
        assert_ne!(there, home);
    });
}

#[test]
fn blocking_on_a_handle_makes_its_runtime_current_for_that_long() {
    watched(|| {
        let runtime = runtime();
        let id = runtime.handle().block_on(async { Handle::current().id() });
        assert_eq!(id, runtime.handle().id());
        assert!(Handle::try_current().is_err());
    });
}

#[test]
fn b13_a_handles_block_on_inside_of_block_on_panics_and_leaves_it_whole() {
    watched(|| {
        let (outer, inner) = (runtime(), runtime());
        outer.block_on(async {
            let nested = catch_unwind(AssertUnwindSafe(|| {
                inner.handle().block_on(async {})
            }));
            let said = nested.expect_err("it would stop the outer one");
            let said = said.downcast_ref::<&str>().expect("it says why");
            assert!(said.contains("block_on was called inside"), "{said}");
            let task = kettle::spawn(async { 7 });
            assert_eq!(task.await.expect("by itself"), 7);
        });
        assert_eq!(inner.handle().block_on(async { 8 }), 8);
    });
}

#[test]
fn a_future_that_waits_for_an_ended_runtime_hears_of_it() {
    watched(|| {
        let runtime = runtime();
        let handle = runtime.handle().clone();
        let task = runtime.spawn(pending::<()>());
        drop(runtime);
        let late = handle.block_on(async move {
            assert!(task.await.expect_err("ended").is_cancelled());
            kettle::spawn(async {}).await
        });
        assert!(late.expect_err("refused").is_cancelled());
    });
}

#[test]
fn runtimes_have_ids_of_their_own_for_ever() {
    watched(|| {
        let (one, two) = (runtime(), runtime());
        let first = one.handle().id();
        assert_eq!(first, one.handle().clone().id());
        assert_ne!(first, two.handle().id());
        drop(one);
        assert_ne!(first, runtime().handle().id(), "no number is used again");
        assert_eq!(
            two.block_on(async { Handle::current().id() }),
            two.handle().id()
        );
        let shown = two.handle().id().to_string();
        assert!(shown.parse::<u64>().is_ok(), "{shown}");
    });
}

#[test]
fn a_closure_sent_through_a_handle_runs_in_that_runtimes_pool() {
    watched(|| {
        let runtime = Builder::new_current_thread()
            .thread_name("scullery")
            .build()
            .expect("a runtime");
        let handle = runtime.handle().clone();
        let elsewhere = thread::spawn(move || {
            handle.spawn_blocking(|| {
                (thread::current().name() == Some("scullery"), task::id())
            })
        });
        let closure = elsewhere.join().expect("no panic");
        let id = closure.id();
        assert_eq!(runtime.block_on(closure).expect("no panic"), (true, id));
    });
}
