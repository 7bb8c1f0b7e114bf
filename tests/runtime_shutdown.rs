//! The end of a runtime: what is dropped, who is told, what is waited for.

mod common;

use std::future::pending;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::thread;
use std::time::Duration;

use kettle::runtime::{Builder, Handle, Runtime};
use kettle::task::{self, JoinHandle};

use common::life::{DropProbe, Life, OnDrop};
use common::watchdog::watched;

fn runtime() -> Runtime {
    let mut builder = Builder::new_current_thread();
    builder.max_blocking_threads(1).build().expect("a runtime")
}

/// A closure that has begun when this returns, and that ends when the sender is dropped.
fn busy(runtime: &Runtime) -> (Sender<()>, JoinHandle<&'static str>) {
    let (begun, is_begun) = channel();
    let (open, gate): (Sender<()>, Receiver<()>) = channel();
    let handle = runtime.spawn_blocking(move || {
        begun.send(()).expect("the test waits");
        let _closed = gate.recv();
        "done"
    });
    is_begun.recv().expect("it begins");
    (open, handle)
}

#[test]
fn the_end_drops_waiting_closures_and_waits_for_the_one_that_runs() {
    watched(|| {
        let runtime = runtime();
        let (open, running) = busy(&runtime);
        let life = Life::here();
        let probe = DropProbe::new(&life);
        let waiting = runtime.spawn_blocking(move || drop(probe));
        let (tell, told) = channel();
        let opener = thread::spawn({
            let life = Arc::clone(&life);
            move || {
                // The waiting closure is dropped before the running one can end.
                let error = kettle::block_on(waiting).expect_err("it never ran");
                assert!(error.is_cancelled());
                assert_eq!(life.drops(), 1);
                tell.send(()).expect("the test waits");
                drop(open);
            }
        });
        drop(runtime);
        told.try_recv()
            .expect("the end waited for the running closure");
        let output = kettle::block_on(running);
        assert_eq!(output.expect("it had begun"), "done");
        opener.join().expect("it does not panic");
    });
}

#[test]
fn an_end_in_the_background_waits_for_nothing_and_the_handle_still_hears() {
    watched(|| {
        let runtime = runtime();
        let (open, running) = busy(&runtime);
        runtime.shutdown_background();
        assert!(!running.is_finished());
        drop(open);
        let output = kettle::block_on(running);
        assert_eq!(output.expect("it runs on by itself"), "done");
    });
}

#[test]
fn an_end_with_a_timeout_gives_up_but_not_early() {
    watched(|| {
        let runtime = runtime();
        let (open, running) = busy(&runtime);
        let patience = Duration::from_millis(20);
        let start = std::time::Instant::now();
        runtime.shutdown_timeout(patience);
        assert!(start.elapsed() >= patience);
        drop(open);
        let output = kettle::block_on(running);
        assert_eq!(output.expect("it runs on by itself"), "done");
    });
}

#[test]
fn an_end_with_a_timeout_is_over_when_the_closures_are() {
    watched(|| {
        let runtime = runtime();
        let (open, running) = busy(&runtime);
        drop(open);
        runtime.shutdown_timeout(Duration::MAX);
        assert!(running.is_finished());
    });
}

#[test]
fn after_the_end_a_closure_is_dropped_and_its_handle_says_cancelled() {
    watched(|| {
        let runtime = runtime();
        let handle = runtime.handle().clone();
        drop(runtime);
        let life = Life::here();
        let probe = DropProbe::new(&life);
        let late = handle.spawn_blocking(move || drop(probe));
        assert!(late.is_finished());
        let error = kettle::block_on(late).expect_err("there is no runtime");
        assert!(error.is_cancelled());
        life.assert_ended_at_home();
    });
}

#[test]
fn f3_a_task_may_do_anything_as_it_is_dropped_at_the_end() {
    watched(|| {
        let runtime = runtime();
        let (open, running) = busy(&runtime);
        let handle = runtime.handle().clone();
        let other = runtime.spawn(pending::<()>());
        let stop = other.abort_handle();
        let waker = Arc::new(Mutex::new(None));
        let lock = Arc::new(Mutex::new(0));
        let (tell, told) = channel();
        runtime.spawn({
            let waker = Arc::clone(&waker);
            std::future::poll_fn(move |cx| {
                *waker.lock().expect("no panic") = Some(cx.waker().clone());
                Poll::<()>::Pending
            })
        });
        runtime.spawn({
            let lock = Arc::clone(&lock);
            async move {
                let _at_the_end = OnDrop(move || {
                    *lock.lock().expect("no panic under it") += 1;
                    let waker = waker.lock().expect("no panic").take();
                    waker.expect("it was polled").wake();
                    stop.abort();
                    let _entered = handle.enter();
                    drop(kettle::spawn(async {}));
                    drop(task::spawn_local(async {}));
                    // It waits in the pool's queue until the end drops it.
                    let late = task::spawn_blocking(|| ());
                    tell.send((late, handle.spawn(async {}))).expect("heard");
                });
                pending::<()>().await;
            }
        });
        runtime.block_on(task::yield_now());
        let opener = thread::spawn(move || {
            let (late, refused) = told.recv().expect("the task is dropped");
            let late = kettle::block_on(late).expect_err("it never begins");
            let refused = kettle::block_on(refused).expect_err("it is refused");
            drop(open);
            (late.is_cancelled(), refused.is_cancelled())
        });
        drop(runtime);
        assert_eq!(opener.join().expect("no panic"), (true, true));
        assert_eq!(*lock.lock().expect("no panic"), 1);
        assert!(kettle::block_on(other).expect_err("ended").is_cancelled());
        assert!(running.is_finished());
    });
}

#[test]
fn f3_a_closure_may_do_anything_as_it_is_dropped_at_the_end() {
    watched(|| {
        let runtime = runtime();
        let (open, _running) = busy(&runtime);
        let handle = runtime.handle().clone();
        let (tell, told) = channel();
        let in_drop = OnDrop(move || {
            let _entered = handle.enter();
            let spawned = kettle::spawn(async {});
            let blocking = task::spawn_blocking(|| ());
            let found = Handle::try_current().is_ok();
            tell.send((spawned, blocking, found)).expect("heard");
        });
        drop(runtime.spawn_blocking(move || drop(in_drop)));
        let opener = thread::spawn(move || {
            let (spawned, blocking, found) = told.recv().expect("it is dropped");
            let spawned = kettle::block_on(spawned).expect_err("refused");
            let blocking = kettle::block_on(blocking).expect_err("refused");
            drop(open);
            (spawned.is_cancelled(), blocking.is_cancelled(), found)
        });
        drop(runtime);
        assert_eq!(opener.join().expect("no panic"), (true, true, true));
    });
}

#[test]
fn a_closure_may_spawn_and_block_while_its_runtime_ends_around_it() {
    watched(|| {
        let runtime = runtime();
        let (begun, is_begun) = channel();
        let life = Life::here();
        let probe = DropProbe::new(&life);
        let (open, gate) = channel::<()>();
        runtime.spawn(async move {
            let _both = (probe, open);
            pending::<()>().await;
        });
        let running = runtime.spawn_blocking(move || {
            begun.send(()).expect("the test waits");
            // The task is dropped before the end waits for this closure.
            let _closed = gate.recv();
            let late = Handle::current().spawn(async {});
            kettle::block_on(late)
                .expect_err("the end has begun")
                .is_cancelled()
        });
        is_begun.recv().expect("it begins");
        drop(runtime);
        life.assert_ended_at_home();
        assert!(kettle::block_on(running).expect("it had begun"));
    });
}
