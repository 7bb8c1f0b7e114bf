//! `spawn_blocking`: who runs a closure, when, on how many threads, and what its handle
//! says.

mod common;

use std::cell::RefCell;
use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use kettle::runtime::{Builder, Handle, Runtime};
use kettle::task::{self, JoinHandle};

use common::alone::alone;
use common::baseline::Baseline;
use common::life::{DropProbe, Life};
use common::watchdog::watched;

fn with_threads(limit: usize) -> Runtime {
    let mut builder = Builder::new_current_thread();
    builder
        .max_blocking_threads(limit)
        .build()
        .expect("a runtime")
}

/// A closure that has begun when this returns, and that ends when the sender is dropped.
fn busy(runtime: &Runtime) -> (Sender<()>, JoinHandle<()>) {
    let (begun, is_begun) = channel();
    let (open, gate): (Sender<()>, Receiver<()>) = channel();
    let handle = runtime.spawn_blocking(move || {
        begun.send(()).expect("the test waits");
        let _closed = gate.recv();
    });
    is_begun.recv().expect("it begins");
    (open, handle)
}

#[test]
fn a_closure_runs_on_another_thread_and_its_output_comes_back() {
    watched(|| {
        let runtime = Runtime::new().expect("a runtime");
        let there = runtime.spawn_blocking(|| thread::current().id());
        let there = runtime
            .block_on(there)
            .expect("it neither panics nor is aborted");
        assert_ne!(there, thread::current().id());
    });
}

#[test]
fn a_closure_has_the_id_of_its_handle_and_may_spawn_on_the_runtime() {
    watched(|| {
        let runtime = Runtime::new().expect("a runtime");
        let handle = runtime.spawn_blocking(|| {
            let spawned = kettle::spawn(async { thread::current().id() });
            (task::id(), spawned, Handle::current())
        });
        let id = handle.id();
        let (seen, spawned, _current) = runtime.block_on(handle).expect("it runs");
        assert_eq!(seen, id);
        let home = runtime.block_on(spawned).expect("it runs");
        assert_eq!(home, thread::current().id());
        let after = runtime.spawn_blocking(task::try_id);
        assert!(
            runtime
                .block_on(after)
                .expect("it runs")
                .is_some_and(|it| it != id)
        );
    });
}

#[test]
fn a_thread_of_the_pool_has_the_name_that_the_builder_gives() {
    watched(|| {
        let runtime = Builder::new_current_thread()
            .thread_name("scullery")
            .build()
            .expect("a runtime");
        let name =
            runtime.spawn_blocking(|| thread::current().name().map(str::to_owned));
        let name = runtime.block_on(name).expect("it runs");
        assert_eq!(name.as_deref(), Some("scullery"));
    });
}

#[test]
fn a_panic_comes_to_the_handle_and_the_thread_goes_on() {
    watched(|| {
        let runtime = with_threads(1);
        let broken =
            runtime.spawn_blocking(|| -> () { panic!("the kettle is empty") });
        let id = broken.id();
        let error = runtime.block_on(broken).expect_err("it panics");
        assert!(error.is_panic());
        assert_eq!(error.id(), id);
        let payload = error.into_panic();
        assert_eq!(payload.downcast_ref(), Some(&"the kettle is empty"));
        let next = runtime.spawn_blocking(|| 7);
        assert_eq!(runtime.block_on(next).expect("it runs"), 7);
    });
}

#[test]
fn an_output_that_panics_as_it_is_dropped_harms_nobody() {
    watched(|| {
        let runtime = with_threads(1);
        let life = Life::here();
        let (open, first) = busy(&runtime);
        let output = DropProbe::panicking(&life, true);
        drop(runtime.spawn_blocking(move || output));
        drop(open);
        runtime.block_on(first).expect("it runs");
        let next = runtime.spawn_blocking(|| 7);
        assert_eq!(runtime.block_on(next).expect("it runs"), 7);
        assert_eq!(life.drops(), 1);
    });
}

#[test]
fn an_abort_before_the_start_drops_the_closure_unrun() {
    watched(|| {
        let runtime = with_threads(1);
        let life = Life::here();
        let (open, first) = busy(&runtime);
        let probe = DropProbe::new(&life);
        let waiting = runtime.spawn_blocking(move || {
            let _probe = probe;
            panic!("an aborted closure runs");
        });
        waiting.abort();
        drop(open);
        let error = runtime.block_on(waiting).expect_err("it was aborted");
        assert!(error.is_cancelled(), "{error:?}");
        assert_eq!(life.drops(), 1, "dropped before the handle hears of it");
        runtime
            .block_on(first)
            .expect("the one before it is not concerned");
    });
}

#[test]
fn a_closure_whose_drop_panics_is_cancelled_all_the_same() {
    watched(|| {
        let runtime = with_threads(1);
        let life = Life::here();
        let (open, _first) = busy(&runtime);
        let probe = DropProbe::panicking(&life, true);
        let waiting = runtime.spawn_blocking(move || drop(probe));
        let stop = waiting.abort_handle();
        stop.abort();
        drop(open);
        let error = runtime.block_on(waiting).expect_err("it was aborted");
        assert!(error.is_cancelled(), "{error:?}");
        assert!(stop.is_finished());
        let next = runtime.spawn_blocking(|| 7);
        assert_eq!(runtime.block_on(next).expect("it runs"), 7);
    });
}

#[test]
fn an_abort_after_the_start_changes_nothing() {
    watched(|| {
        let runtime = with_threads(1);
        let (open, first) = busy(&runtime);
        first.abort();
        assert!(!first.is_finished());
        drop(open);
        runtime.block_on(first).expect("it had begun");
    });
}

#[test]
fn closures_that_wait_for_each_other_get_a_thread_each_up_to_the_limit() {
    watched(|| {
        let runtime = with_threads(4);
        let meeting = Arc::new(Barrier::new(4));
        let handles: Vec<_> = (0..4)
            .map(|_| {
                let meeting = Arc::clone(&meeting);
                runtime.spawn_blocking(move || meeting.wait().is_leader())
            })
            .collect();
        let leaders = runtime.block_on(async {
            let mut leaders = 0;
            for handle in handles {
                leaders += usize::from(handle.await.expect("it runs"));
            }
            leaders
        });
        assert_eq!(leaders, 1);
    });
}

#[test]
fn no_more_threads_run_than_the_limit_allows() {
    watched(|| {
        let runtime = with_threads(3);
        let threads = runtime.block_on(async {
            let handles: Vec<_> = (0..200)
                .map(|_| task::spawn_blocking(|| thread::current().id()))
                .collect();
            let mut threads = HashSet::new();
            for handle in handles {
                threads.insert(handle.await.expect("it runs"));
            }
            threads
        });
        assert!(threads.len() <= 3, "{threads:?}");
    });
}

#[test]
fn one_thread_runs_closures_in_the_order_of_their_spawning() {
    watched(|| {
        let runtime = with_threads(1);
        let (open, _first) = busy(&runtime);
        let (said, heard) = channel();
        for number in 0..100 {
            let said = said.clone();
            drop(runtime.spawn_blocking(move || said.send(number)));
        }
        drop(said);
        drop(open);
        let heard: Vec<_> = heard.iter().collect();
        assert_eq!(heard, (0..100).collect::<Vec<_>>());
    });
}

#[test]
fn there_is_no_thread_before_the_first_closure_and_none_after_the_end() {
    const NAME: &str =
        "there_is_no_thread_before_the_first_closure_and_none_after_the_end";
    alone(NAME, || {
        let before = Baseline::now();
        let runtime = Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(async {});
        assert_eq!(Baseline::now(), before, "no thread yet");
        let handles: Vec<_> =
            (0..20).map(|_| runtime.spawn_blocking(|| ())).collect();
        for handle in handles {
            runtime.block_on(handle).expect("it runs");
        }
        assert_ne!(Baseline::now(), before, "they are kept alive");
        drop(runtime);
        assert_eq!(Baseline::now(), before);
    });
}

/// Says, after a while, that its thread has ended.
struct LastWord(Arc<AtomicUsize>, Duration);

impl Drop for LastWord {
    fn drop(&mut self) {
        thread::sleep(self.1);
        self.0.fetch_add(1, SeqCst);
    }
}

thread_local! {
    static LAST_WORD: RefCell<Option<LastWord>> = const { RefCell::new(None) };
}

#[test]
fn the_end_is_over_when_the_last_thread_has_dropped_its_thread_locals() {
    watched(|| {
        for keep_alive in [Duration::ZERO, Duration::from_secs(10)] {
            let ended = Arc::new(AtomicUsize::new(0));
            let runtime = Builder::new_current_thread()
                .max_blocking_threads(2)
                .thread_keep_alive(keep_alive)
                .build()
                .expect("a runtime");
            // The one that leaves first takes the longest.
            for millis in [80, 40, 20, 0] {
                let after = Duration::from_millis(millis);
                let last_word = LastWord(Arc::clone(&ended), after);
                let said =
                    runtime.spawn_blocking(|| LAST_WORD.replace(Some(last_word)));
                drop(runtime.block_on(said).expect("it runs"));
            }
            drop(runtime);
            assert_eq!(ended.load(SeqCst), 4);
        }
    });
}

#[test]
fn an_idle_thread_ends_when_its_time_is_up() {
    alone("an_idle_thread_ends_when_its_time_is_up", || {
        watched(|| {
            let before = Baseline::now();
            let runtime = Builder::new_current_thread()
                .thread_keep_alive(Duration::from_millis(1))
                .build()
                .expect("a runtime");
            let handle = runtime.spawn_blocking(|| ());
            runtime.block_on(handle).expect("it runs");
            // It ends some time; if it never does, the watchdog says so.
            while Baseline::now() != before {
                thread::yield_now();
            }
            let again = runtime.spawn_blocking(|| 7);
            assert_eq!(runtime.block_on(again).expect("it runs"), 7);
        });
    });
}

#[test]
fn an_endless_keep_alive_is_no_overflow() {
    watched(|| {
        let runtime = Builder::new_current_thread()
            .thread_keep_alive(Duration::MAX)
            .build()
            .expect("a runtime");
        for _ in 0..3 {
            let handle = runtime.spawn_blocking(|| 7);
            assert_eq!(runtime.block_on(handle).expect("it runs"), 7);
        }
    });
}

/// Four threads send a hundred thousand closures each; the last one that runs says so.
fn storm(limit: usize, keep_alive: Duration) {
    const PRODUCERS: usize = 4;
    const EACH: usize = 100_000;
    let runtime = Builder::new_current_thread()
        .max_blocking_threads(limit)
        .thread_keep_alive(keep_alive)
        .build()
        .expect("a runtime");
    let left = Arc::new(AtomicUsize::new(PRODUCERS * EACH));
    let (done, all_done) = channel();
    for _ in 0..PRODUCERS {
        let (left, done) = (Arc::clone(&left), done.clone());
        let handle = runtime.handle().clone();
        thread::spawn(move || {
            for _ in 0..EACH {
                let (left, done) = (Arc::clone(&left), done.clone());
                drop(handle.spawn_blocking(move || {
                    if left.fetch_sub(1, SeqCst) == 1 {
                        done.send(()).expect("the test waits");
                    }
                }));
            }
        });
    }
    all_done.recv().expect("every closure runs");
    assert_eq!(left.load(SeqCst), 0);
}

#[test]
fn f1_every_closure_of_four_producers_runs_on_one_thread() {
    watched(|| storm(1, Duration::from_secs(10)));
}

#[test]
fn f1_every_closure_of_four_producers_runs_on_one_thread_without_keep_alive() {
    watched(|| storm(1, Duration::ZERO));
}

#[test]
fn f1_every_closure_of_four_producers_runs_on_many_threads_without_keep_alive() {
    watched(|| storm(8, Duration::ZERO));
}

#[test]
fn a_closure_sent_as_a_thread_falls_asleep_or_ends_is_never_forgotten() {
    watched(|| {
        for keep_alive in [Duration::ZERO, Duration::from_micros(20)] {
            let runtime = Builder::new_current_thread()
                .max_blocking_threads(1)
                .thread_keep_alive(keep_alive)
                .build()
                .expect("a runtime");
            runtime.block_on(async {
                for n in 0..5_000 {
                    let handle = task::spawn_blocking(move || n);
                    assert_eq!(handle.await.expect("it runs"), n);
                }
            });
        }
    });
}

/// crossbeam-channel freed what was left in a channel twice before 0.5.15. The pool stands
/// on it, so an older one must not come in through the lock file.
#[test]
fn c26_the_channel_of_the_pool_is_one_that_drops_once() {
    let lock = include_str!("../Cargo.lock");
    let (_, entry) = lock
        .split_once("name = \"crossbeam-channel\"\nversion = \"")
        .expect("the pool is made of it");
    let version = entry.split('"').next().expect("a version");
    let numbers: Vec<u32> = version
        .split('.')
        .filter_map(|it| it.parse().ok())
        .collect();
    assert!(numbers >= vec![0, 5, 15], "{version}");
}

#[test]
fn c26_what_waits_at_the_end_is_dropped_once() {
    watched(|| {
        let drops = Arc::new(());
        for _ in 0..200 {
            let runtime = with_threads(1);
            let (open, first) = busy(&runtime);
            for _ in 0..40 {
                let kept = drops.clone();
                drop(runtime.spawn_blocking(move || drop(kept)));
            }
            assert_eq!(Arc::strong_count(&drops), 41);
            drop((open, first));
            drop(runtime);
            assert_eq!(Arc::strong_count(&drops), 1);
        }
    });
}
