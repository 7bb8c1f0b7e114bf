//! When the executor polls: once for each wake, in the order of the wakes, and never
//! without one.

mod common;

use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Poll, Waker};
use std::thread;

use kettle::runtime::{Builder, Runtime};
use kettle::task::{spawn_local, yield_now};

use common::count::poll_with;
use common::hostile::{Happening, hostile};
use common::life::Life;
use common::scripted::Step::{HandOut, Pend, WakeSelf};
use common::scripted::{Scripted, take};
use common::watchdog::watched;

fn bare() -> Runtime {
    Builder::new_current_thread()
        .build()
        .expect("it needs nothing")
}

/// Gives every scheduled task one turn.
fn turn(runtime: &Runtime) {
    runtime.block_on(async {});
}

#[test]
fn b12_the_main_future_is_polled_once_for_each_wake() {
    let life = Life::here();
    let runtime = bare();
    runtime.block_on(Scripted::new(&life, [WakeSelf; 3], ()));
    assert_eq!(life.polls(), 4, "three wakes and the first poll");
    life.assert_ended_at_home();
}

#[test]
fn b12_the_main_future_is_not_polled_for_the_wakes_of_tasks() {
    let life = Life::here();
    let runtime = bare();
    let main = Scripted::new(&life, [HandOut], ());
    let tray = main.tray();
    runtime.spawn_local(async move {
        for _ in 0..1_000 {
            yield_now().await;
        }
        take(&tray).pop().expect("main has been polled").wake();
    });
    runtime.block_on(main);
    assert_eq!(life.polls(), 2, "the first poll and one wake");
}

#[test]
fn no_task_is_polled_without_a_wake() {
    let runtime = bare();
    let lives: Vec<_> = (0..100).map(|_| Life::here()).collect();
    for life in &lives {
        runtime.spawn_local(Scripted::new(life, [Pend; 9], ()));
    }
    runtime.block_on(async {
        for _ in 0..1_000 {
            yield_now().await;
        }
    });
    for life in &lives {
        assert_eq!(life.polls(), 1, "only spawning scheduled it");
    }
}

#[test]
fn b15_many_wakes_before_a_poll_lead_to_one_poll() {
    let (runtime, life) = (bare(), Life::here());
    let task = Scripted::new(&life, [HandOut, Pend, Pend], ());
    let tray = task.tray();
    let task = runtime.spawn_local(task);
    turn(&runtime);
    let waker = take(&tray).pop().expect("the task has been polled");
    for _ in 0..1_000 {
        waker.wake_by_ref();
    }
    runtime.block_on(async {
        for _ in 0..10 {
            yield_now().await;
        }
    });
    assert_eq!(life.polls(), 2);
    task.abort();
}

#[test]
fn b15_many_wakes_from_another_thread_before_a_poll_lead_to_one_poll() {
    watched(|| {
        let (runtime, life) = (bare(), Life::here());
        let task = Scripted::new(&life, [HandOut, Pend], ());
        let tray = task.tray();
        runtime.spawn_local(task);
        turn(&runtime);
        let waker = take(&tray).pop().expect("the task has been polled");
        let at_home = waker.clone();
        let wake = move || (0..1_000).for_each(|_| waker.wake_by_ref());
        thread::spawn(wake).join().expect("waking does not panic");
        at_home.wake();
        runtime.block_on(async {
            for _ in 0..10 {
                yield_now().await;
            }
        });
        assert_eq!(
            life.polls(),
            2,
            "a wake at home and those from elsewhere are one"
        );
    });
}

#[test]
fn a_wake_during_the_poll_leads_to_one_more_poll() {
    let (runtime, life) = (bare(), Life::here());
    let task =
        runtime.spawn_local(Scripted::new(&life, [WakeSelf, WakeSelf], "done"));
    assert_eq!(runtime.block_on(task).expect("it does not panic"), "done");
    assert_eq!(life.polls(), 3);
}

#[test]
fn a_wake_of_a_task_that_has_ended_does_nothing() {
    let (runtime, life) = (bare(), Life::here());
    let task = Scripted::new(&life, [HandOut], ());
    let tray = task.tray();
    let task = runtime.spawn_local(task);
    turn(&runtime);
    let waker = take(&tray).pop().expect("the task has been polled");
    waker.wake_by_ref();
    turn(&runtime);
    assert!(task.is_finished());
    waker.wake_by_ref();
    turn(&runtime);
    runtime.block_on(task).expect("its output is still there");
    let next = Life::here();
    runtime.spawn_local(Scripted::new(&next, [Pend; 3], ()));
    turn(&runtime);
    waker.wake_by_ref();
    turn(&runtime);
    assert_eq!(life.polls(), 2);
    assert_eq!(next.polls(), 1, "the next tenant of the slot is a stranger");
}

#[test]
fn tasks_run_in_the_order_in_which_they_were_woken() {
    let runtime = bare();
    let order = Rc::new(RefCell::new(Vec::new()));
    let wakers = Rc::new(RefCell::new(Vec::<Waker>::new()));
    for number in 0..50 {
        let (order, wakers) = (Rc::clone(&order), Rc::clone(&wakers));
        let mut polls = 0;
        runtime.spawn_local(poll_fn(move |cx| {
            order.borrow_mut().push(number);
            polls += 1;
            if polls == 1 {
                wakers.borrow_mut().push(cx.waker().clone());
                return Poll::Pending;
            }
            Poll::Ready(())
        }));
    }
    turn(&runtime);
    assert_eq!(order.take(), (0..50).collect::<Vec<_>>(), "spawned");
    wakers.take().into_iter().rev().for_each(Waker::wake);
    turn(&runtime);
    assert_eq!(order.take(), (0..50).rev().collect::<Vec<_>>(), "woken");
}

#[test]
fn wakes_from_another_thread_keep_their_order() {
    watched(|| {
        let runtime = bare();
        let order = Rc::new(RefCell::new(Vec::new()));
        let mut wakers = Vec::new();
        for number in 0..50 {
            let life = Life::here();
            let task = Scripted::new(&life, [HandOut], ());
            let tray = task.tray();
            let order = Rc::clone(&order);
            runtime.spawn_local(async move {
                task.await;
                order.borrow_mut().push(number);
            });
            turn(&runtime);
            wakers.extend(take(&tray));
        }
        let wake = move || wakers.into_iter().rev().for_each(Waker::wake);
        thread::spawn(wake).join().expect("waking does not panic");
        runtime.block_on(async {
            // The mail is opened at the end of a turn; then they stand before main.
            while order.borrow().len() < 50 {
                yield_now().await;
            }
        });
        assert_eq!(order.take(), (0..50).rev().collect::<Vec<_>>());
    });
}

#[test]
fn spawn_does_not_poll_inside() {
    let runtime = bare();
    let life = Life::here();
    runtime.block_on(async {
        let task = spawn_local(Scripted::new(&life, [], 5));
        assert_eq!(life.polls(), 0);
        assert_eq!(task.await.expect("it does not panic"), 5);
    });
    assert_eq!(life.polls(), 1);
}

#[test]
fn tasks_go_on_in_the_next_block_on() {
    let runtime = bare();
    let task = runtime.spawn_local(async {
        for _ in 0..10 {
            yield_now().await;
        }
        "done"
    });
    turn(&runtime);
    assert!(!task.is_finished());
    assert_eq!(runtime.block_on(task).expect("it does not panic"), "done");
}

#[test]
fn block_on_without_a_runtime_polls_once_for_each_wake() {
    watched(|| {
        let life = Life::here();
        let task = Scripted::new(&life, [HandOut, WakeSelf], 3);
        let tray = task.tray();
        let waking = thread::spawn(move || {
            loop {
                if let Some(waker) = take(&tray).pop() {
                    return waker.wake();
                }
                thread::yield_now();
            }
        });
        assert_eq!(kettle::block_on(task), 3);
        waking.join().expect("waking does not panic");
        assert_eq!(life.polls(), 3);
    });
}

#[test]
fn a15_will_wake_knows_the_wakers_of_one_task_and_tells_two_tasks_apart() {
    let runtime = bare();
    let waker_of = |runtime: &Runtime| {
        let task = Scripted::new(&Life::here(), [HandOut, HandOut, Pend], ());
        let tray = task.tray();
        runtime.spawn_local(task);
        turn(runtime);
        let first = take(&tray).pop().expect("the task has been polled");
        first.wake_by_ref();
        turn(runtime);
        let second = take(&tray).pop().expect("the task has been polled again");
        assert!(first.will_wake(&second), "two polls of one task");
        assert!(first.will_wake(&first.clone()), "a clone");
        first
    };
    let (one, two) = (waker_of(&runtime), waker_of(&runtime));
    assert!(!one.will_wake(&two), "two tasks");
    assert!(!one.will_wake(&waker_of(&bare())), "tasks of two runtimes");
}

#[test]
fn b2_work_that_the_mail_makes_is_run_before_the_thread_sleeps() {
    // A handle that is dropped elsewhere is mail. At home its waker is dropped with it,
    // and the drop wakes a task: after the run queue, before the sleep.
    watched(|| {
        let runtime = bare();
        let woken = Scripted::new(&Life::here(), [HandOut], "woken");
        let tray = woken.tray();
        let woken = runtime.spawn_local(woken);
        turn(&runtime);
        let waker = take(&tray).pop().expect("the task has been polled");
        let wakes_on_drop = hostile(move |happening| {
            if happening == Happening::Drop {
                waker.wake_by_ref();
            }
        });
        let mut pending = runtime.spawn(std::future::pending::<()>());
        let first = poll_with(Pin::new(&mut pending), &wakes_on_drop);
        assert!(first.is_pending());
        // Only the clone in the task's slot is left to be dropped at home.
        std::mem::forget(wakes_on_drop);
        let said = runtime.block_on(async move {
            yield_now().await;
            thread::spawn(move || drop(pending));
            woken.await
        });
        assert_eq!(said.expect("it does not panic"), "woken");
    });
}

#[test]
fn b3_ten_thousand_tasks_run_after_one_wake_from_elsewhere() {
    watched(|| {
        let runtime = bare();
        let wakers = Rc::new(RefCell::new(Vec::<Waker>::new()));
        let done = Rc::new(RefCell::new(0));
        for _ in 0..10_000 {
            let (wakers, done) = (Rc::clone(&wakers), Rc::clone(&done));
            let mut waited = false;
            runtime.spawn_local(poll_fn(move |cx| {
                if !waited {
                    waited = true;
                    wakers.borrow_mut().push(cx.waker().clone());
                    return Poll::Pending;
                }
                *done.borrow_mut() += 1;
                Poll::Ready(())
            }));
        }
        let first = Scripted::new(&Life::here(), [HandOut], ());
        let tray = first.tray();
        let (all, count) = (Rc::clone(&wakers), Rc::clone(&done));
        runtime.block_on(async move {
            let waking = Arc::clone(&tray);
            let whistle = spawn_local(first);
            while all.borrow().len() < 10_000 || tray.lock().unwrap().is_empty() {
                yield_now().await;
            }
            let thread = thread::spawn(move || take(&waking).pop().unwrap().wake());
            whistle.await.expect("it does not panic");
            thread.join().expect("waking does not panic");
            all.take().into_iter().for_each(Waker::wake);
            while *count.borrow() < 10_000 {
                yield_now().await;
            }
        });
        assert_eq!(*done.borrow(), 10_000);
    });
}

#[test]
fn b4_a_spawn_from_elsewhere_wakes_a_runtime_that_sleeps() {
    watched(|| {
        for runtime in [bare(), Runtime::new().expect("there are descriptors")] {
            let handle = runtime.handle().clone();
            let (sender, receiver) = std::sync::mpsc::channel();
            let elsewhere = thread::spawn(move || {
                for number in 0..2_000 {
                    let sender = sender.clone();
                    handle.spawn(async move { sender.send(number) });
                    assert_eq!(receiver.recv(), Ok(number), "the runtime slept on");
                }
                handle.spawn(async { "the end" })
            });
            // Main only waits, so nothing but the spawns wakes this runtime.
            let stop = Scripted::new(&Life::here(), [HandOut], ());
            let tray = stop.tray();
            let waker = thread::spawn(move || {
                let last = elsewhere.join().expect("no spawn is lost");
                let last = kettle::block_on(last).expect("it does not panic");
                take(&tray).pop().expect("main waits").wake();
                last
            });
            runtime.block_on(stop);
            assert_eq!(waker.join().expect("no panic there"), "the end");
        }
    });
}
