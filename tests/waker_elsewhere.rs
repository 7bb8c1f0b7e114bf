//! Wakers far from home: on other threads, after the task, after the runtime, after the
//! thread, and in the destructors of thread-locals.

mod common;

use std::cell::RefCell;
use std::future::{pending, poll_fn};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::mpsc::channel;
use std::sync::{Arc, Barrier};
use std::task::{Poll, Waker};
use std::thread;
use std::time::Duration;

use kettle::runtime::{Builder, Handle, Runtime};
use kettle::task::{AbortHandle, JoinHandle, yield_now};
use kettle::time::{Sleep, sleep};

use common::alone::alone;
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

/// A task that has been polled once, and its waker.
fn waiting_task(runtime: &Runtime) -> (Waker, JoinHandle<()>, Arc<Life>) {
    let life = Life::here();
    let task = Scripted::new(&life, [HandOut, Pend, Pend], ());
    let tray = task.tray();
    let handle = runtime.spawn(task);
    turn(runtime);
    (take(&tray).pop().expect("it was polled"), handle, life)
}

/// Everything that one can do with a waker, on this thread.
fn use_up(waker: Waker) {
    let clone = waker.clone();
    assert!(waker.will_wake(&clone));
    clone.wake_by_ref();
    clone.wake();
    drop(waker.clone());
    waker.wake_by_ref();
    drop(waker);
}

#[test]
fn a3_a_waker_works_on_a_thousand_threads_and_wakes_its_task() {
    watched(|| {
        for runtime in [bare(), full()] {
            let hits = Arc::new(AtomicUsize::new(0));
            let counter = Arc::clone(&hits);
            runtime.block_on(poll_fn(move |cx| {
                if counter.load(SeqCst) < 1_000 {
                    let (waker, counter) =
                        (cx.waker().clone(), Arc::clone(&counter));
                    thread::spawn(move || {
                        counter.fetch_add(1, SeqCst);
                        use_up(waker);
                    });
                    return Poll::Pending;
                }
                Poll::Ready(())
            }));
            assert!(hits.load(SeqCst) >= 1_000);
        }
    });
}

#[test]
fn a3_a_waker_outlives_its_task_its_runtime_and_its_thread() {
    watched(|| {
        let (sender, receiver) = channel();
        let home = thread::spawn(move || {
            let runtime = full();
            let (waker, handle, life) = waiting_task(&runtime);
            sender.send(waker.clone()).unwrap();
            handle.abort();
            turn(&runtime);
            use_up(waker.clone());
            sender.send(waker.clone()).unwrap();
            drop(runtime);
            use_up(waker.clone());
            sender.send(waker).unwrap();
            life
        });
        let wakers: Vec<_> = receiver.iter().collect();
        let life = home.join().expect("wakers do not panic");
        assert_eq!(wakers.len(), 3);
        wakers.into_iter().for_each(use_up);
        assert_eq!((life.polls(), life.elsewhere()), (1, 0));
    });
}

#[test]
fn a17_a_future_is_dropped_at_its_end_however_many_wakers_live() {
    let runtime = bare();
    let (waker, handle, life) = waiting_task(&runtime);
    let wakers = vec![waker; 1_000];
    handle.abort();
    turn(&runtime);
    life.assert_ended_at_home();
    assert!(runtime.block_on(handle).is_err());
    drop(wakers);
    life.assert_ended_at_home();
}

#[test]
fn a_waker_of_an_ended_runtime_wakes_nobody_in_the_next_one() {
    // Executor ids are given out again, the longest free first. In a process of its own
    // these are the only runtimes, so the ten ids are among the twenty.
    alone(
        "a_waker_of_an_ended_runtime_wakes_nobody_in_the_next_one",
        || {
            let wakers: Vec<_> = (0..10)
                .map(|_| {
                    let runtime = bare();
                    waiting_task(&runtime).0
                })
                .collect();
            // Now a runtime with each of those executor ids lives, with a task in each slot.
            let runtimes: Vec<_> = (0..20).map(|_| bare()).collect();
            let mut lives = Vec::new();
            for runtime in &runtimes {
                for _ in 0..4 {
                    let life = Life::here();
                    drop(runtime.spawn(Scripted::new(&life, [Pend; 9], ())));
                    lives.push(life);
                }
                turn(runtime);
            }
            let far = wakers.clone();
            wakers.into_iter().for_each(use_up);
            thread::spawn(move || far.into_iter().for_each(use_up))
                .join()
                .unwrap();
            for runtime in &runtimes {
                runtime.block_on(async {
                    for _ in 0..300 {
                        yield_now().await;
                    }
                });
            }
            for life in &lives {
                assert_eq!(life.polls(), 1, "a stranger was polled");
            }
        },
    );
}

#[test]
fn a_handle_of_an_ended_runtime_is_not_answered_by_the_next_with_its_executor_id() {
    // In a process of its own, the only free executor id is given out again at once. The
    // second runtime never runs: what went into its inbox would wait for ever.
    let name = "a_handle_of_an_ended_runtime_is_not_answered_by_the_next_with_its_executor_id";
    alone(name, || {
        watched(|| {
            let runtime = bare();
            let (handle, task) =
                (runtime.handle().clone(), runtime.spawn(pending::<()>()));
            drop(runtime);
            let _next = bare();
            let elsewhere = thread::spawn(move || {
                assert!(task.is_finished());
                assert!(
                    kettle::block_on(task).expect_err("it ended").is_cancelled()
                );
                let late = handle.spawn(async {});
                assert!(late.is_finished());
                kettle::block_on(late)
            });
            let result = elsewhere.join().expect("the assertions hold");
            assert!(result.expect_err("there is no such runtime").is_cancelled());
        });
    });
}

#[test]
fn a2_eight_threads_wake_while_the_runtime_is_dropped() {
    watched(|| {
        for round in 0..200 {
            let (sender, receiver) = channel();
            let barrier = Arc::new(Barrier::new(9));
            let mut lives = Vec::new();
            let runtime = if round % 2 == 0 { bare() } else { full() };
            for _ in 0..8 {
                let (waker, handle, life) = waiting_task(&runtime);
                sender.send((waker, handle)).unwrap();
                lives.push(life);
            }
            let threads: Vec<_> = (0..8)
                .map(|_| {
                    let (waker, handle) = receiver.recv().unwrap();
                    let barrier = Arc::clone(&barrier);
                    thread::spawn(move || {
                        barrier.wait();
                        for _ in 0..20 {
                            waker.wake_by_ref();
                            handle.is_finished();
                        }
                        handle.abort();
                        use_up(waker);
                        kettle::block_on(handle)
                    })
                })
                .collect();
            barrier.wait();
            if round % 3 == 0 {
                turn(&runtime);
            }
            drop(runtime);
            for life in &lives {
                life.assert_ended_at_home();
            }
            for thread in threads {
                let result = thread.join().expect("wakers do not panic");
                if let Err(error) = result {
                    assert!(error.is_cancelled());
                }
            }
        }
    });
}

#[test]
fn a2_eight_hundred_thousand_wakes_lead_to_a_poll_after_the_last() {
    const EACH: usize = 100_000;
    watched(|| {
        for runtime in [bare(), full()] {
            let total = Arc::new(AtomicUsize::new(0));
            let counter = Arc::clone(&total);
            let (sender, receiver) = channel::<Waker>();
            let mut started = false;
            let mut polls = 0;
            let mut threads = Vec::new();
            runtime.block_on(poll_fn(|cx| {
                polls += 1;
                if !started {
                    started = true;
                    for _ in 0..8 {
                        let (waker, counter) =
                            (cx.waker().clone(), Arc::clone(&counter));
                        threads.push(thread::spawn(move || {
                            for _ in 0..EACH {
                                counter.fetch_add(1, SeqCst);
                                waker.wake_by_ref();
                            }
                        }));
                    }
                }
                match counter.load(SeqCst) {
                    total if total == 8 * EACH => Poll::Ready(()),
                    _ => Poll::Pending,
                }
            }));
            threads.into_iter().for_each(|it| it.join().unwrap());
            assert!(polls <= 8 * EACH + 1);
            drop((sender, receiver));
        }
    });
}

/// What a thread-local may hold of a runtime, dropped with the thread.
#[derive(Default)]
#[expect(dead_code, reason = "some of it is only there to be dropped")]
struct Legacy {
    waker: Option<Waker>,
    handle: Option<JoinHandle<()>>,
    abort: Option<AbortHandle>,
    runtime_handle: Option<Handle>,
    sleep: Option<std::pin::Pin<Box<Sleep>>>,
    probe: Option<DropProbe>,
    runtime: Option<Runtime>,
}

impl Drop for Legacy {
    fn drop(&mut self) {
        if let Some(waker) = self.waker.take() {
            use_up(waker);
        }
        if let Some(abort) = self.abort.take() {
            abort.abort();
            abort.is_finished();
        }
        if let Some(handle) = &self.runtime_handle {
            drop(handle.spawn(async {}));
            let _current = handle.enter();
        }
        if let Some(runtime) = &self.runtime {
            runtime.block_on(async { yield_now().await });
        }
    }
}

thread_local! {
    static FIRST: RefCell<Legacy> = RefCell::default();
    static SECOND: RefCell<Legacy> = RefCell::default();
}

/// Runs `leave` on a thread that then ends; `early` makes the thread-local before the
/// runtime's own, so that it is dropped after them (or the other way round).
fn on_a_thread_that_ends(early: bool, leave: impl FnOnce() + Send + 'static) {
    let thread = thread::spawn(move || {
        if early {
            FIRST.with(|it| drop(it.borrow_mut()));
            SECOND.with(|it| drop(it.borrow_mut()));
        } else {
            let runtime = full();
            runtime.block_on(async { yield_now().await });
        }
        leave();
    });
    thread.join().expect("the thread ends well");
}

#[test]
fn f5_a_runtime_in_a_thread_local_ends_with_its_thread() {
    // A panic in a thread-local's destructor aborts the process, so it has its own.
    alone(
        "f5_a_runtime_in_a_thread_local_ends_with_its_thread",
        || {
            watched(|| {
                for early in [true, false] {
                    let (sender, receiver) = channel();
                    on_a_thread_that_ends(early, move || {
                        let runtime = full();
                        let life = Life::here();
                        drop(runtime.spawn(Scripted::new(&life, [Pend; 9], ())));
                        turn(&runtime);
                        sender.send(life).unwrap();
                        FIRST.with(|it| it.borrow_mut().runtime = Some(runtime));
                    });
                    receiver.recv().unwrap().assert_ended_at_home();
                }
            });
        },
    );
}

#[test]
fn f5_what_belongs_to_a_runtime_may_be_used_in_the_destructor_of_a_thread_local() {
    let name = "f5_what_belongs_to_a_runtime_may_be_used_in_the_destructor_of_a_thread_local";
    alone(name, || {
        watched(|| {
            for early in [true, false] {
                for runtime_first in [true, false] {
                    on_a_thread_that_ends(early, move || leave_all(runtime_first));
                }
            }
        });
    });
}

/// Leaves a runtime and what belongs to it in two thread-locals, in either order.
fn leave_all(runtime_first: bool) {
    let runtime = full();
    let (waker, handle, _) = waiting_task(&runtime);
    let mut timer = Box::pin(sleep(Duration::from_secs(3_600)));
    runtime.block_on(async {
        assert!(common::count::poll(timer.as_mut()).is_pending());
    });
    let things = Legacy {
        waker: Some(waker),
        abort: Some(handle.abort_handle()),
        handle: Some(handle),
        runtime_handle: Some(runtime.handle().clone()),
        sleep: Some(timer),
        probe: Some(DropProbe::new(&Life::here())),
        runtime: None,
    };
    let mut alone = Legacy::default();
    alone.runtime = Some(runtime);
    let (first, second) = if runtime_first {
        (alone, things)
    } else {
        (things, alone)
    };
    FIRST.with(|it| *it.borrow_mut() = first);
    SECOND.with(|it| *it.borrow_mut() = second);
}

#[test]
fn a_wake_from_a_thread_locals_destructor_elsewhere_arrives() {
    type Wish = OnDrop<Box<dyn FnMut()>>;
    thread_local! {
        static LAST_WISH: RefCell<Option<Wish>> = const { RefCell::new(None) };
    }
    watched(|| {
        let runtime = full();
        let done = Arc::new(AtomicBool::new(false));
        let mut started = false;
        runtime.block_on(poll_fn(|cx| {
            if !started {
                started = true;
                let (waker, done) = (cx.waker().clone(), Arc::clone(&done));
                thread::spawn(move || {
                    let wish: Box<dyn FnMut()> = Box::new(move || {
                        done.store(true, SeqCst);
                        waker.wake_by_ref();
                    });
                    let wish = OnDrop(wish);
                    LAST_WISH.with(|it| *it.borrow_mut() = Some(wish));
                });
            }
            match done.load(SeqCst) {
                true => Poll::Ready(()),
                false => Poll::Pending,
            }
        }));
    });
}

#[test]
fn f7_a_wake_outside_of_every_runtime_does_not_panic() {
    let runtime = bare();
    let (waker, handle, life) = waiting_task(&runtime);
    use_up(waker.clone());
    turn(&runtime);
    assert_eq!(life.polls(), 2, "it was woken at home, outside of block_on");
    drop(runtime);
    use_up(waker);
    drop(handle);
    life.assert_ended_at_home();
}

#[test]
fn a_task_may_keep_its_own_waker_and_the_runtime_still_ends() {
    let runtime = bare();
    let life = Life::here();
    let probe = DropProbe::new(&life);
    let kept: Arc<std::sync::Mutex<Vec<Waker>>> = Arc::default();
    let inside = Arc::clone(&kept);
    drop(runtime.spawn(async move {
        let _probe = probe;
        poll_fn(|cx| {
            inside.lock().unwrap().push(cx.waker().clone());
            Poll::Ready(())
        })
        .await;
        pending::<()>().await;
    }));
    turn(&runtime);
    drop(runtime);
    life.assert_ended_at_home();
    assert_eq!(kept.lock().unwrap().len(), 1);
}
