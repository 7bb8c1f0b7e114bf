//! A handle awaited wherever one can: at home, on another thread, under other executors,
//! in another runtime; and aborts from everywhere.

mod common;

use std::future::{pending, ready};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::mpsc::channel;
use std::task::Poll;
use std::thread;

use futures::StreamExt;
use futures::channel::oneshot;
use futures::stream::FuturesUnordered;
use kettle::runtime::{Builder, Handle, Runtime};
use kettle::task::{JoinHandle, yield_now};

use common::count::{Count, poll, poll_with};
use common::life::{DropProbe, Life};
use common::scripted::Step::{HandOut, Pend, WakeSelf};
use common::scripted::{Scripted, take};
use common::watchdog::watched;

fn bare() -> Runtime {
    Builder::new_current_thread()
        .build()
        .expect("it needs nothing")
}

fn turn(runtime: &Runtime) {
    runtime.block_on(async {});
}

/// Opens the mail, and gives what it scheduled a turn.
fn mail_turn(runtime: &Runtime) {
    // More polls than a turn has, so that the loop looks at its inbox in between.
    runtime.block_on(async {
        for _ in 0..300 {
            yield_now().await;
        }
    });
}

/// Starts a runtime on a thread of its own, and keeps it running until the end.
struct Elsewhere {
    handle: Handle,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Elsewhere {
    fn start() -> Elsewhere {
        let (sender, receiver) = channel();
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = thread::spawn(move || {
            let runtime = Runtime::new().expect("there are descriptors");
            sender
                .send(runtime.handle().clone())
                .expect("the test waits");
            let _ = runtime.block_on(stopped);
        });
        Elsewhere {
            handle: receiver.recv().expect("the runtime starts"),
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// Ends the runtime.
    fn stop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            thread.join().expect("the runtime ends well");
        }
    }
}

impl Drop for Elsewhere {
    fn drop(&mut self) {
        if !thread::panicking() {
            self.stop();
        }
    }
}

#[test]
fn a_handle_is_awaited_on_another_thread_without_a_runtime() {
    watched(|| {
        let elsewhere = Elsewhere::start();
        let task = elsewhere.handle.spawn(async {
            yield_now().await;
            6 * 7
        });
        assert_eq!(kettle::block_on(task).expect("it does not panic"), 42);
        let task = elsewhere.handle.spawn(async { panic!("no tea") });
        let result: Result<(), _> = futures::executor::block_on(task);
        let error = result.expect_err("it panicked");
        assert!(error.to_string().ends_with("\"no tea\""));
    });
}

#[test]
fn a_handle_is_awaited_in_another_runtime_of_another_thread() {
    watched(|| {
        let elsewhere = Elsewhere::start();
        let runtime = bare();
        let sum = runtime.block_on(async {
            let mut sum = 0;
            for number in 0..500 {
                sum += elsewhere.handle.spawn(async move { number }).await.unwrap();
            }
            sum
        });
        assert_eq!(sum, 499 * 500 / 2);
    });
}

#[test]
fn a_handle_is_awaited_in_tokio_and_tokios_in_kettle() {
    watched(|| {
        let elsewhere = Elsewhere::start();
        let tokio = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let task = elsewhere.handle.spawn(async {
            yield_now().await;
            "from kettle"
        });
        assert_eq!(tokio.block_on(task).unwrap(), "from kettle");
        let (sender, receiver) = oneshot::channel();
        let theirs = tokio.spawn(async move { receiver.await.unwrap() });
        let ours = elsewhere.handle.spawn(async { theirs.await.unwrap() });
        sender.send("from tokio").unwrap();
        tokio.block_on(async {
            assert_eq!(ours.await.unwrap(), "from tokio");
        });
    });
}

#[test]
fn a_spawned_handle_moves_away_before_and_after_its_first_poll() {
    watched(|| {
        for polled_at_home in [false, true] {
            for done_first in [false, true] {
                let runtime = bare();
                let (life, out) = (Life::here(), Life::here());
                let output = DropProbe::new(&out);
                let task = Scripted::new(&life, [HandOut], output);
                let tray = task.tray();
                let mut handle = runtime.spawn(task);
                turn(&runtime);
                let (count, waker) = Count::new();
                if polled_at_home {
                    let polled = poll_with(Pin::new(&mut handle), &waker);
                    assert!(polled.is_pending());
                }
                if done_first {
                    take(&tray).pop().expect("it was polled").wake();
                    turn(&runtime);
                    let woken = usize::from(polled_at_home);
                    assert_eq!(count.wakes(), woken, "who waited is told");
                }
                let elsewhere = thread::spawn(move || kettle::block_on(handle));
                while !elsewhere.is_finished() {
                    take(&tray).into_iter().for_each(std::task::Waker::wake);
                    mail_turn(&runtime);
                }
                let output = elsewhere.join().unwrap().expect("it does not panic");
                assert_eq!(out.drops(), 0, "the output made the journey");
                drop(output);
                life.assert_ended_at_home();
                out.assert_ended_at_home();
                drop(runtime);
                assert_eq!(count.others(), 0, "a waker was kept");
            }
        }
    });
}

#[test]
fn handles_are_awaited_under_futures_unordered_at_home_and_elsewhere() {
    watched(|| {
        let elsewhere = Elsewhere::start();
        let runtime = bare();
        let total = runtime.block_on(async {
            let mut all = FuturesUnordered::new();
            for number in 0..200_u32 {
                let delayed = async move {
                    for _ in 0..number % 7 {
                        yield_now().await;
                    }
                    number
                };
                all.push(match number % 2 {
                    0 => kettle::spawn(delayed),
                    _ => elsewhere.handle.spawn(delayed),
                });
            }
            let mut total = 0;
            while let Some(number) = all.next().await {
                total += number.expect("it does not panic");
            }
            total
        });
        assert_eq!(total, 199 * 200 / 2);
    });
}

#[test]
fn c23_only_the_waker_of_the_last_poll_is_woken() {
    let runtime = bare();
    let at_home = Scripted::new(&Life::here(), [HandOut], ());
    let tray = at_home.tray();
    let mut handle = runtime.spawn(at_home);
    turn(&runtime);
    let (first, second) = (Count::new(), Count::new());
    for (_, waker) in [&first, &second, &second] {
        assert!(poll_with(Pin::new(&mut handle), waker).is_pending());
    }
    assert_eq!(first.0.others(), 0, "the replaced waker is kept");
    assert_eq!(second.0.others(), 1);
    take(&tray).pop().expect("it was polled").wake();
    turn(&runtime);
    assert_eq!((first.0.wakes(), second.0.wakes()), (0, 1));
    assert!(poll(Pin::new(&mut handle)).is_ready());
    assert_eq!(second.0.others(), 0);
}

#[test]
fn a_local_handle_polled_elsewhere_panics_and_says_what_to_do() {
    let runtime = bare();
    let handle = runtime.spawn_local(ready(5));
    let handle = thread::spawn(move || {
        let mut handle = handle;
        let polled = catch_unwind(AssertUnwindSafe(|| poll(Pin::new(&mut handle))));
        let panic = polled.expect_err("it must not leave its thread");
        let said = panic.downcast_ref::<&str>().expect("it says so in words");
        assert!(
            said.contains("spawn_local") && said.contains("use spawn"),
            "{said}"
        );
        handle
    });
    let handle = handle.join().expect("the assertions hold");
    assert_eq!(runtime.block_on(handle).expect("back at home it works"), 5);
}

#[test]
fn a_handle_polled_again_after_its_output_panics_clearly() {
    let runtime = bare();
    let mut handle = runtime.spawn(ready(()));
    turn(&runtime);
    assert!(poll(Pin::new(&mut handle)).is_ready());
    let again = catch_unwind(AssertUnwindSafe(|| poll(Pin::new(&mut handle))));
    let panic = again.expect_err("there is no second output");
    let said = panic.downcast_ref::<&str>().expect("it says so in words");
    assert!(said.contains("polled again"), "{said}");
}

#[test]
fn is_finished_elsewhere_becomes_true_and_stays_so() {
    watched(|| {
        let elsewhere = Elsewhere::start();
        let task = Scripted::new(&Life::here(), [HandOut], ());
        let tray = task.tray();
        let handle = elsewhere.handle.spawn(task);
        while tray.lock().unwrap().is_empty() {
            thread::yield_now();
        }
        for _ in 0..100 {
            assert!(!handle.is_finished(), "it waits");
        }
        take(&tray).pop().unwrap().wake();
        while !handle.is_finished() {
            thread::yield_now();
        }
        assert!(handle.is_finished() && handle.abort_handle().is_finished());
        drop(elsewhere);
        assert!(handle.is_finished(), "after the runtime's end");
    });
}

#[test]
fn is_finished_of_a_handle_that_moved_away_asks_home() {
    watched(|| {
        let runtime = bare();
        let handle = runtime.spawn(ready(()));
        let abort = handle.abort_handle();
        let asking = thread::spawn(move || {
            while !(handle.is_finished() && abort.is_finished()) {
                thread::yield_now();
            }
            kettle::block_on(handle).expect("it does not panic");
        });
        while !asking.is_finished() {
            mail_turn(&runtime);
        }
        asking.join().expect("it does not panic");
    });
}

#[test]
fn a8_an_abort_from_elsewhere_drops_the_future_at_home() {
    watched(|| {
        let runtime = bare();
        let life = Life::here();
        let handle = runtime.spawn(Scripted::new(&life, [Pend; 3], ()));
        turn(&runtime);
        let abort = handle.abort_handle();
        let stop = thread::spawn(move || {
            abort.abort();
            abort.abort();
        });
        stop.join().expect("aborting does not panic");
        assert_eq!(life.drops(), 0, "it is only marked");
        let result = runtime.block_on(handle);
        assert!(result.expect_err("it was aborted").is_cancelled());
        life.assert_ended_at_home();
        assert_eq!(life.polls(), 1);
    });
}

#[test]
fn a9_an_abort_after_the_end_does_nothing_anywhere() {
    watched(|| {
        let runtime = bare();
        let handle = runtime.spawn(ready("tea"));
        let abort = handle.abort_handle();
        turn(&runtime);
        abort.abort();
        let far = abort.clone();
        thread::spawn(move || far.abort()).join().unwrap();
        mail_turn(&runtime);
        assert_eq!(runtime.block_on(handle).expect("it ended before"), "tea");
        let stranger = Life::here();
        let next = runtime.spawn(Scripted::new(&stranger, [WakeSelf; 3], "next"));
        abort.abort();
        let far = abort.clone();
        thread::spawn(move || far.abort()).join().unwrap();
        assert_eq!(runtime.block_on(next).expect("a stranger's abort"), "next");
        assert!(abort.is_finished());
        drop(runtime);
        abort.abort();
        assert!(abort.is_finished());
    });
}

#[test]
fn an_abort_before_the_first_poll_means_no_poll() {
    let (runtime, life) = (bare(), Life::here());
    let handle = runtime.spawn_local(Scripted::new(&life, [], ()));
    handle.abort();
    assert_eq!(life.drops(), 0, "abort only marks");
    assert!(!handle.is_finished());
    turn(&runtime);
    assert!(handle.is_finished());
    assert_eq!(life.polls(), 0);
    life.assert_ended_at_home();
}

#[test]
fn an_abort_before_a_spawn_from_elsewhere_has_arrived_means_no_poll() {
    watched(|| {
        let (runtime, life) = (bare(), Life::here());
        let (handle, far) = (runtime.handle().clone(), Arc::clone(&life));
        let spawn = thread::spawn(move || {
            let task = handle.spawn(Scripted::new(&far, [Pend], ()));
            task.abort();
            task
        });
        let task = spawn.join().expect("spawning does not panic");
        let error = runtime.block_on(task).expect_err("it was aborted");
        assert!(error.is_cancelled());
        assert_eq!(life.polls(), 0);
        life.assert_ended_at_home();
    });
}

#[test]
fn a_task_that_aborts_itself_ends_at_its_next_wait() {
    let (runtime, life) = (bare(), Life::here());
    let (sender, receiver) = channel::<kettle::task::AbortHandle>();
    let probe = DropProbe::new(&life);
    let task = runtime.spawn_local(async move {
        let _probe = probe;
        receiver.recv().expect("it was sent").abort();
        yield_now().await;
        unreachable!("it was aborted");
    });
    sender.send(task.abort_handle()).unwrap();
    let result: Result<(), _> = runtime.block_on(task);
    assert!(result.expect_err("it was aborted").is_cancelled());
    life.assert_ended_at_home();
}

#[test]
fn a_task_that_is_ready_before_its_abort_takes_effect_keeps_its_output() {
    let runtime = bare();
    let (sender, receiver) = channel::<kettle::task::AbortHandle>();
    let task = runtime.spawn_local(async move {
        receiver.recv().expect("it was sent").abort();
        "done"
    });
    sender.send(task.abort_handle()).unwrap();
    assert_eq!(runtime.block_on(task).expect("it was done first"), "done");
}

#[test]
fn a14_what_was_written_before_the_wake_is_seen_by_the_poll_after_it() {
    // Relaxed on both sides: only the wake orders them. Both paths: a task that is idle,
    // and one that is scheduled already.
    watched(|| {
        for _ in 0..300 {
            let runtime = bare();
            let data = Arc::new(AtomicUsize::new(0));
            let (sender, receiver) = channel();
            let writing = Arc::clone(&data);
            let writer = thread::spawn(move || {
                let waker: std::task::Waker = receiver.recv().unwrap();
                for value in 1..=20 {
                    writing.store(value, Relaxed);
                    waker.wake_by_ref();
                }
            });
            let mut polls = 0;
            let last = runtime.block_on(std::future::poll_fn(|cx| {
                polls += 1;
                if polls == 1 {
                    sender.send(cx.waker().clone()).unwrap();
                    return Poll::Pending;
                }
                // The last wake leads to a poll that sees the last value.
                match data.load(Relaxed) {
                    20 => Poll::Ready(20),
                    _ => Poll::Pending,
                }
            }));
            assert_eq!(last, 20);
            assert!(polls <= 21, "{polls} polls for 20 wakes");
            writer.join().unwrap();
        }
    });
}

#[test]
fn a_detached_output_is_dropped_at_home_when_it_comes() {
    let (runtime, out) = (bare(), Life::here());
    let output = DropProbe::new(&out);
    drop(runtime.spawn_local(async move {
        yield_now().await;
        output
    }));
    mail_turn(&runtime);
    out.assert_ended_at_home();
}

#[test]
fn a_handle_dropped_elsewhere_drops_its_output_at_home() {
    watched(|| {
        let (runtime, out) = (bare(), Life::here());
        let output = DropProbe::new(&out);
        let handle = runtime.spawn(async move { output });
        turn(&runtime);
        thread::spawn(move || drop(handle)).join().unwrap();
        mail_turn(&runtime);
        out.assert_ended_at_home();
    });
}

#[test]
fn an_abort_handle_keeps_no_output_alive() {
    watched(|| {
        let (runtime, out) = (bare(), Life::here());
        let (handle, output) = (runtime.handle().clone(), DropProbe::new(&out));
        let spawn = move || handle.spawn(async move { output });
        let task = thread::spawn(spawn)
            .join()
            .expect("spawning does not panic");
        let abort = task.abort_handle();
        mail_turn(&runtime);
        assert!(abort.is_finished());
        assert_eq!(out.drops(), 0, "it waits for its handle");
        drop(task);
        assert_eq!(out.drops(), 1, "the abort handle has no right to it");
    });
}

#[test]
fn a_handle_waits_elsewhere_while_the_runtime_ends_and_is_told() {
    watched(|| {
        let mut elsewhere = Elsewhere::start();
        let task: JoinHandle<()> = elsewhere.handle.spawn(pending());
        let waiting = thread::spawn(move || kettle::block_on(task));
        elsewhere.stop();
        let result = waiting.join().expect("it does not panic");
        assert!(result.expect_err("its runtime ended").is_cancelled());
        let late = elsewhere.handle.spawn(async { "too late" });
        let result = kettle::block_on(late);
        assert!(result.expect_err("there is no runtime").is_cancelled());
    });
}

#[test]
fn an_output_that_nobody_fetched_dies_with_its_runtime() {
    let runtime = bare();
    let out = Life::here();
    let output = DropProbe::new(&out);
    let handle = runtime.spawn(async move { output });
    turn(&runtime);
    assert!(handle.is_finished());
    drop(runtime);
    out.assert_ended_at_home();
    let result = kettle::block_on(handle);
    assert!(result.expect_err("its output is gone").is_cancelled());
}

#[test]
fn ids_are_unique_across_runtimes_and_told_inside_of_the_task() {
    watched(|| {
        let elsewhere = Elsewhere::start();
        let runtime = bare();
        let mut ids = Vec::new();
        for _ in 0..2_000 {
            for task in [
                runtime.spawn(async { kettle::task::id() }),
                elsewhere.handle.spawn(async { kettle::task::id() }),
            ] {
                let id = task.id();
                assert_eq!(runtime.block_on(task).expect("it does not panic"), id);
                ids.push(id);
            }
        }
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all);
        assert!(kettle::task::try_id().is_none());
        assert!(runtime.block_on(async { kettle::task::try_id() }).is_some());
    });
}

#[test]
fn joins_from_four_threads_of_ten_thousand_tasks_lose_none() {
    watched(|| {
        let elsewhere = Elsewhere::start();
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let handle = elsewhere.handle.clone();
                thread::spawn(move || {
                    let tasks: Vec<_> = (0..2_500)
                        .map(|n| handle.spawn(async move { n }))
                        .collect();
                    let all = async {
                        let mut sum = 0;
                        for task in tasks {
                            sum += task.await.expect("it does not panic");
                        }
                        sum
                    };
                    kettle::block_on(all)
                })
            })
            .collect();
        for thread in threads {
            assert_eq!(thread.join().unwrap(), 2_499 * 2_500 / 2);
        }
    });
}

#[test]
fn a_join_of_a_join_is_polled_only_when_it_is_woken() {
    let runtime = bare();
    let life = Life::here();
    let inner = runtime.spawn_local(Scripted::new(&life, [WakeSelf; 10], 1));
    let polls = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&polls);
    let outer = runtime.spawn_local(async move {
        let mut inner = pin!(inner);
        std::future::poll_fn(move |cx| {
            counter.fetch_add(1, Relaxed);
            inner.as_mut().poll(cx)
        })
        .await
    });
    assert_eq!(runtime.block_on(outer).unwrap().unwrap(), 1);
    assert_eq!(
        polls.load(Relaxed),
        2,
        "the first poll and the end of the inner"
    );
    assert_eq!(life.polls(), 11);
}
