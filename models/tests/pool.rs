//! The pool of `spawn_blocking`: no closure waits beside a thread that sleeps, and the
//! end neither forgets one nor waits for ever.

extern crate kettle_models_std as std;

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::thread;
use std::time::Duration;

use kettle_models::runtime::{Builder, Runtime};
use kettle_models::{block_on, model_within};

/// Longer than any model: such a thread sleeps until it is called.
const ALWAYS: Duration = Duration::from_secs(3600);
/// Such a thread leaves as soon as it has nothing to do.
const NEVER: Duration = Duration::ZERO;

fn runtime(limit: usize, keep_alive: Duration) -> Runtime {
    Builder::new_current_thread()
        .max_blocking_threads(limit)
        .thread_keep_alive(keep_alive)
        .build()
        .expect("a runtime without a driver needs nothing of the system")
}

/// Two closures one after the other: the second meets a thread that is busy, goes idle,
/// is idle, leaves, or has left.
fn one_after_the_other(keep_alive: Duration) {
    let runtime = runtime(1, keep_alive);
    let first = runtime.spawn_blocking(|| 1);
    let second = runtime.spawn_blocking(|| 2);
    assert_eq!(runtime.block_on(first).expect("it runs"), 1);
    assert_eq!(runtime.block_on(second).expect("it runs"), 2);
    let third = runtime.spawn_blocking(|| 3);
    assert_eq!(runtime.block_on(third).expect("it runs"), 3);
}

#[test]
fn f1_a_closure_beside_a_thread_that_goes_to_sleep_is_run() {
    model_within(2, || one_after_the_other(ALWAYS));
}

#[test]
fn f1_a_closure_beside_a_thread_that_leaves_is_run() {
    model_within(2, || one_after_the_other(NEVER));
}

/// Two threads give out work at once, to a pool of `limit` threads.
fn two_producers(limit: usize, keep_alive: Duration) {
    let runtime = runtime(limit, keep_alive);
    let handle = runtime.handle().clone();
    let beside = thread::spawn(move || {
        let one = handle.spawn_blocking(|| 1);
        block_on(one).expect("it runs")
    });
    let two = runtime.spawn_blocking(|| 2);
    assert_eq!(block_on(two).expect("it runs"), 2);
    assert_eq!(beside.join().expect("it was told"), 1);
}

#[test]
fn f1_two_producers_and_one_thread_get_everything_done() {
    model_within(1, || two_producers(1, ALWAYS));
}

#[test]
fn f1_two_producers_and_one_thread_that_never_stays_get_everything_done() {
    model_within(1, || two_producers(1, NEVER));
}

#[test]
fn f1_two_producers_and_two_threads_get_everything_done() {
    model_within(1, || two_producers(2, NEVER));
}

#[test]
fn f1_the_end_beside_a_closure_runs_it_or_cancels_it_and_waits_for_no_sleeper() {
    model_within(3, || {
        let runtime = runtime(1, ALWAYS);
        let (runs, of_act) = {
            let runs = Arc::new(AtomicUsize::new(0));
            (Arc::clone(&runs), runs)
        };
        let act = runtime.spawn_blocking(move || of_act.fetch_add(1, Relaxed));
        drop(runtime);
        let ran = match block_on(act) {
            Ok(before) => before + 1,
            Err(error) => {
                assert!(error.is_cancelled());
                0
            }
        };
        assert_eq!(runs.load(Relaxed), ran);
    });
}

#[test]
fn f1_a_closure_of_another_thread_beside_the_end_runs_before_it_or_never() {
    model_within(3, || {
        let runtime = runtime(1, NEVER);
        let handle = runtime.handle().clone();
        let ended = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&ended);
        let beside = thread::spawn(move || {
            let act = move || assert!(!seen.load(Relaxed), "it runs after the end");
            block_on(handle.spawn_blocking(act))
        });
        drop(runtime);
        ended.store(true, Relaxed);
        if let Err(error) =
            beside.join().expect("it was told how the closure ended")
        {
            assert!(error.is_cancelled(), "{error}");
        }
    });
}
