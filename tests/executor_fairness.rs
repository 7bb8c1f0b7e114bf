//! That nobody is kept waiting for ever by somebody who always has something to do.

mod common;

use std::cell::{Cell, RefCell};
use std::future::{Future, pending, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::task::{Poll, Waker};
use std::thread;
use std::time::Duration;

use kettle::runtime::{Builder, Runtime};
use kettle::task::{JoinHandle, spawn_local, yield_now};
use kettle::time::{Instant, sleep, timeout};

use common::count::Count;
use common::life::Life;
use common::scripted::Step::{HandOut, Pend};
use common::scripted::{Scripted, take};
use common::watchdog::watched;

/// The documented number of leaf operations in one poll.
const BUDGET: usize = 128;

fn full() -> Runtime {
    Runtime::new().expect("there are descriptors")
}

/// Counts, and gives way each time.
async fn count_turns(counter: Rc<Cell<usize>>) {
    loop {
        counter.set(counter.get() + 1);
        yield_now().await;
    }
}

#[test]
fn b5_two_tasks_that_wake_each_other_for_ever_leave_a_third_its_turns() {
    watched(|| {
        let runtime = full();
        let wakers = Rc::new(RefCell::new([const { None::<Waker> }; 2]));
        let hits = Rc::new(Cell::new(0));
        for me in 0..2 {
            let (wakers, hits) = (Rc::clone(&wakers), Rc::clone(&hits));
            runtime.spawn_local(poll_fn(move |cx| {
                hits.set(hits.get() + 1);
                wakers.borrow_mut()[me] = Some(cx.waker().clone());
                let other = wakers.borrow()[1 - me].clone();
                other.into_iter().for_each(Waker::wake);
                Poll::<()>::Pending
            }));
        }
        let turns = Rc::new(Cell::new(0));
        runtime.spawn_local(count_turns(Rc::clone(&turns)));
        runtime.block_on(async {
            while turns.get() < 1_000 {
                yield_now().await;
            }
        });
        assert!(hits.get() >= 999, "the pair plays on: {}", hits.get());
        assert!(hits.get() <= 2_002, "a turn each, not more: {}", hits.get());
    });
}

/// How many times `operation` is done, over and over, before the next task has a turn.
fn done_before_the_next_task<F: Future + 'static>(
    runtime: &Runtime,
    mut operation: impl FnMut() -> F + 'static,
) -> usize {
    let done = Rc::new(Cell::new(0));
    let counter = Rc::clone(&done);
    let greedy = runtime.spawn_local(async move {
        loop {
            operation().await;
            counter.set(counter.get() + 1);
        }
    });
    let seen = runtime.spawn_local(async move { done.get() });
    let seen = runtime.block_on(seen).expect("it does not panic");
    greedy.abort();
    runtime.block_on(async {});
    seen
}

#[test]
fn b9_a_sleep_that_is_over_at_once_gives_way_after_128_times() {
    watched(|| {
        let over = || sleep(Duration::ZERO);
        assert_eq!(done_before_the_next_task(&full(), over), BUDGET);
    });
}

#[test]
fn b9_handles_of_tasks_that_have_ended_give_way_after_128_of_them() {
    watched(|| {
        let runtime = full();
        let mut handles: Vec<_> =
            (0..1_000).map(|_| runtime.spawn(async {})).collect();
        runtime.block_on(async {});
        assert!(handles.iter().all(JoinHandle::is_finished));
        let next = move || handles.pop().expect("there are enough");
        assert_eq!(done_before_the_next_task(&runtime, next), BUDGET);
    });
}

#[test]
fn b9_the_main_future_has_a_budget_too() {
    watched(|| {
        let runtime = full();
        let turns = Rc::new(Cell::new(0));
        runtime.spawn_local(count_turns(Rc::clone(&turns)));
        runtime.block_on(async {
            for _ in 0..BUDGET * 10 {
                sleep(Duration::ZERO).await;
            }
        });
        assert_eq!(
            turns.get(),
            10,
            "the first turn, and one for each spent budget"
        );
    });
}

#[test]
fn outside_of_a_runtime_the_budget_is_unlimited() {
    let (count, waker) = Count::new();
    let many = async {
        for _ in 0..BUDGET * 100 {
            sleep(Duration::ZERO).await;
        }
    };
    let mut many = pin!(many);
    let polled = common::count::poll_with(many.as_mut(), &waker);
    assert!(polled.is_ready());
    assert_eq!(count.wakes(), 0);
}

#[test]
fn an_operation_that_waits_costs_no_budget() {
    // 200 joins that wait, in one poll, leave the budget as it was for 128 sleeps.
    watched(|| {
        let runtime = full();
        let mut waiting: Vec<_> = (0..200)
            .map(|_| runtime.spawn_local(pending::<()>()))
            .collect();
        let mut polls = 0;
        let main = poll_fn(|cx| {
            polls += 1;
            for handle in &mut waiting {
                assert!(pin!(handle).poll(cx).is_pending());
            }
            for _ in 0..BUDGET {
                assert!(pin!(sleep(Duration::ZERO)).poll(cx).is_ready());
            }
            assert!(pin!(sleep(Duration::ZERO)).poll(cx).is_pending());
            Poll::Ready(())
        });
        runtime.block_on(main);
        assert_eq!(polls, 1);
    });
}

#[test]
fn b8_a_timeout_holds_around_a_future_that_spends_the_whole_budget() {
    watched(|| {
        let greedy = async {
            loop {
                sleep(Duration::ZERO).await;
            }
        };
        let timed = timeout(Duration::from_millis(5), greedy);
        assert!(full().block_on(timed).is_err());
    });
}

#[test]
fn b15_a_task_that_always_wakes_itself_does_not_hold_up_a_timer() {
    watched(|| {
        let runtime = full();
        for _ in 0..64 {
            runtime.spawn_local(count_turns(Rc::default()));
        }
        let start = Instant::now();
        runtime.block_on(async { sleep(Duration::from_millis(10)).await });
        assert!(start.elapsed() >= Duration::from_millis(10), "early");
    });
}

#[test]
fn b5_mail_is_opened_after_a_turn_of_event_interval_polls() {
    watched(|| {
        for interval in [1, 8, 128, 200] {
            let runtime = Builder::new_current_thread()
                .event_interval(interval)
                .build()
                .expect("it needs nothing");
            let polls = polls_until_mail_is_opened(&runtime);
            // One more, for the queue is served in order.
            assert!(
                polls <= interval as usize + 1,
                "{polls} polls at {interval}"
            );
        }
        let runtime = Builder::new_current_thread().build();
        let polls = polls_until_mail_is_opened(&runtime.expect("it needs nothing"));
        assert!(
            (100..=128).contains(&polls),
            "the documented 128, not {polls}"
        );
    });
}

/// How often a task that wakes itself is polled after another thread has woken a task,
/// and before that task is polled.
fn polls_until_mail_is_opened(runtime: &Runtime) -> usize {
    let polls = Rc::new(Cell::new(0));
    let seen = Rc::clone(&polls);
    let woken = Scripted::new(&Life::here(), [HandOut], ());
    let tray = woken.tray();
    let woken = runtime.spawn_local(async move {
        woken.await;
        seen.get()
    });
    runtime.block_on(async {});
    let waker = take(&tray).pop().expect("the task has been polled");
    runtime.spawn_local(async move {
        let wake = thread::spawn(move || waker.wake());
        wake.join().expect("waking does not panic");
        count_turns(polls).await;
    });
    runtime.block_on(woken).expect("it does not panic")
}

#[test]
fn b15_a_self_waking_task_leaves_the_queue_as_short_as_it_was() {
    // Fifty self-wakers, and each is polled once while a main future is polled once: a
    // queue that grew would show in more polls for each of main's.
    let runtime = full();
    let turns = Rc::new(Cell::new(0));
    for _ in 0..50 {
        let turns = Rc::clone(&turns);
        runtime.spawn_local(poll_fn(move |cx| {
            turns.set(turns.get() + 1);
            for _ in 0..3 {
                cx.waker().wake_by_ref();
            }
            Poll::<()>::Pending
        }));
    }
    runtime.block_on(async {
        for round in 1..=1_000 {
            assert_eq!(turns.get(), 50 * round);
            yield_now().await;
        }
    });
}

#[test]
fn a_task_that_only_waits_lets_the_thread_sleep() {
    // The processor time of a second of waiting is next to none; a loop that spins would
    // burn all of it.
    watched(|| {
        let runtime = full();
        let life = Life::here();
        runtime.spawn_local(Scripted::new(&life, [Pend; 2], ()));
        let burnt = || {
            let text = std::fs::read_to_string("/proc/thread-self/schedstat");
            let text = text.expect("Linux has it");
            let nanos = text.split(' ').next().expect("three numbers");
            Duration::from_nanos(nanos.parse().expect("it is a number"))
        };
        let before = burnt();
        runtime.block_on(async { sleep(Duration::from_millis(500)).await });
        let spent = burnt() - before;
        assert!(
            spent < Duration::from_millis(100),
            "burnt {spent:?} of 500 ms"
        );
        assert_eq!(life.polls(), 1);
    });
}

#[test]
fn spawn_local_inside_of_a_task_goes_to_the_end_of_the_queue() {
    let runtime = full();
    let order = Rc::new(RefCell::new(Vec::new()));
    let (first, second) = (Rc::clone(&order), Rc::clone(&order));
    runtime.spawn_local(async move {
        let third = Rc::clone(&first);
        first.borrow_mut().push(1);
        spawn_local(async move { third.borrow_mut().push(3) });
    });
    runtime.spawn_local(async move { second.borrow_mut().push(2) });
    runtime.block_on(async { yield_now().await });
    assert_eq!(*order.borrow(), [1, 2, 3]);
}
