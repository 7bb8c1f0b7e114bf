//! The inbox and the sleeping flag, under a whole runtime: what other threads leave for
//! it is found, and found in time.
//!
//! The runtime has no sockets, so it sleeps on the thread parker. A reactor's notifier
//! stands behind the same seam, and its token is the operating system's.

extern crate kettle_models_std as std;

mod news;

use std::future::poll_fn;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::thread;
use std::time::Duration;

use kettle_models::runtime::{Builder, Runtime};
use kettle_models::task::{spawn_blocking, yield_now};
use kettle_models::time::{sleep, timeout};
use kettle_models::{block_on, model_within};
use news::news_from_threads;

/// A runtime that looks at its mail after each poll.
fn runtime() -> Runtime {
    let built = Builder::new_current_thread().event_interval(1).build();
    built.expect("a runtime without a driver needs nothing of the system")
}

#[test]
fn b1_a_wake_that_comes_while_the_runtime_goes_to_sleep_is_not_lost() {
    model_within(3, || runtime().block_on(news_from_threads(1)));
}

#[test]
fn a14_what_each_of_two_wakers_wrote_is_seen_by_the_poll_that_follows() {
    model_within(2, || runtime().block_on(news_from_threads(2)));
}

#[test]
fn b4_a_task_that_is_spawned_elsewhere_wakes_a_runtime_that_goes_to_sleep() {
    model_within(3, || {
        let runtime = runtime();
        let handle = runtime.handle().clone();
        let mut handle = Some(handle);
        let (news, of_task) = twice(AtomicBool::new(false));
        runtime.block_on(poll_fn(move |cx| {
            if let Some(handle) = handle.take() {
                let (news, waker) = (Arc::clone(&of_task), cx.waker().clone());
                let task = async move {
                    news.store(true, Relaxed);
                    waker.wake();
                };
                thread::spawn(move || drop(handle.spawn(task)));
            }
            match news.load(Relaxed) {
                true => Poll::Ready(()),
                false => Poll::Pending,
            }
        }));
    });
}

fn twice<T>(it: T) -> (Arc<T>, Arc<T>) {
    let it = Arc::new(it);
    (Arc::clone(&it), it)
}

#[test]
fn a2_a_wake_from_elsewhere_beside_the_drop_of_its_runtime_does_no_harm() {
    model_within(3, || {
        let runtime = runtime();
        let waker = runtime.block_on(poll_fn(|cx| Poll::Ready(cx.waker().clone())));
        let beside = thread::spawn(move || waker.wake());
        drop(runtime);
        beside
            .join()
            .expect("a wake that comes too late does nothing");
    });
}

#[test]
fn a2_a_spawn_from_elsewhere_beside_the_drop_of_its_runtime_runs_or_is_cancelled() {
    model_within(3, || {
        let runtime = runtime();
        let handle = runtime.handle().clone();
        let beside = thread::spawn(move || {
            let task = handle.spawn(async { 7 });
            block_on(task)
        });
        runtime.block_on(yield_now());
        drop(runtime);
        match beside.join().expect("it was told how the task ended") {
            Ok(seven) => assert_eq!(seven, 7),
            Err(error) => assert!(error.is_cancelled()),
        }
    });
}

#[test]
fn a8_an_abort_from_elsewhere_beside_the_last_poll_leaves_one_of_two_ends() {
    model_within(3, || {
        let runtime = runtime();
        let task = runtime.spawn(async {
            yield_now().await;
            7
        });
        let abort = task.abort_handle();
        let beside = thread::spawn(move || abort.abort());
        match runtime.block_on(task) {
            Ok(seven) => assert_eq!(seven, 7),
            Err(error) => assert!(error.is_cancelled()),
        }
        beside.join().expect("an abort does not panic");
    });
}

#[test]
fn a6_a_handle_dropped_elsewhere_beside_the_end_and_a_wake_frees_the_output_once() {
    model_within(2, || {
        let runtime = runtime();
        let (drops, of_output) = twice(AtomicUsize::new(0));
        let (waker, of_task) = twice(Mutex::new(None));
        let task = runtime.spawn(async move {
            poll_fn(|cx| {
                match of_task.lock().unwrap().replace(cx.waker().clone()) {
                    Some(_) => Poll::Ready(()),
                    None => {
                        cx.waker().wake_by_ref();
                        Poll::Pending
                    }
                }
            })
            .await;
            CountsDrops(of_output)
        });
        let waking = thread::spawn(move || {
            let waker = waker.lock().unwrap().take();
            waker.into_iter().for_each(Waker::wake);
        });
        let dropping = thread::spawn(move || drop(task));
        runtime.block_on(async {
            for _ in 0..3 {
                yield_now().await;
            }
        });
        waking.join().expect("a wake does not panic");
        dropping.join().expect("a drop does not panic");
        drop(runtime);
        assert_eq!(drops.load(Relaxed), 1);
    });
}

/// An output that says how often it was dropped.
struct CountsDrops(Arc<AtomicUsize>);

impl Drop for CountsDrops {
    fn drop(&mut self) {
        self.0.fetch_add(1, Relaxed);
    }
}

#[test]
fn a6_a_handle_awaited_elsewhere_hears_of_an_end_beside_it() {
    model_within(3, || {
        let runtime = runtime();
        let task = runtime.spawn(async {
            yield_now().await;
            7
        });
        let beside = thread::spawn(move || block_on(task));
        runtime.block_on(async {
            for _ in 0..3 {
                yield_now().await;
            }
        });
        drop(runtime);
        match beside.join().expect("it was told how the task ended") {
            Ok(seven) => assert_eq!(seven, 7),
            // An output that nobody has fetched dies with its runtime.
            Err(error) => assert!(error.is_cancelled()),
        }
    });
}

/// A runtime with a stopped clock, which jumps to the next timer when nothing is left to
/// do, but not while a thread of the pool works.
fn with_a_stopped_clock() -> Runtime {
    let mut builder = Builder::new_current_thread();
    builder
        .enable_time()
        .start_paused(true)
        .thread_keep_alive(Duration::ZERO);
    builder.build().expect("it needs nothing of the system")
}

#[test]
fn d8_a_stopped_clock_lets_the_answer_of_a_thread_come_first() {
    model_within(2, || {
        with_a_stopped_clock().block_on(async {
            let answer =
                timeout(Duration::from_secs(1), spawn_blocking(|| 7)).await;
            assert_eq!(answer.expect("no time has passed").expect("it runs"), 7);
        });
    });
}

#[test]
fn d8_a_stopped_clock_goes_on_when_the_last_thread_has_ended() {
    model_within(2, || {
        with_a_stopped_clock().block_on(async {
            drop(spawn_blocking(|| 7));
            sleep(Duration::from_secs(1)).await;
        });
    });
}
