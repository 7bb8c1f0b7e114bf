//! `JoinSet`: who is joined, in which order, with how many looks, and what ends with it.

mod common;

use std::future::{pending, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::mpsc::channel;
use std::task::Poll;
use std::thread;

use kettle::runtime::{Builder, Runtime};
use kettle::task::{self, JoinSet, LocalSet, yield_now};

use common::count::{Count, poll_with};
use common::life::{DropProbe, Life};
use common::probe::{Hand, Probe, probe};
use common::watchdog::watched;

fn runtime() -> Runtime {
    Builder::new_current_thread().build().expect("a runtime")
}

fn probes<T>(count: usize) -> (Vec<Hand<T>>, Vec<Probe<T>>) {
    (0..count).map(|_| probe()).unzip()
}

#[test]
fn an_empty_set_has_nothing_to_join() {
    watched(|| {
        let mut set = JoinSet::<()>::new();
        assert!(set.is_empty());
        assert!(set.try_join_next().is_none());
        assert!(kettle::block_on(set.join_next()).is_none());
        assert!(kettle::block_on(JoinSet::<u8>::default().join_all()).is_empty());
    });
}

#[test]
fn tasks_are_joined_in_the_order_of_their_ends() {
    watched(|| {
        runtime().block_on(async {
            let (hands, probes) = probes(3);
            let mut set: JoinSet<&str> = probes.into_iter().collect();
            assert_eq!(set.len(), 3);
            yield_now().await;
            for (at, said) in [(1, "one"), (2, "two"), (0, "nought")] {
                hands[at].give(said);
            }
            let mut order = Vec::new();
            while let Some(joined) = set.join_next().await {
                order.push(joined.expect("it ends by itself"));
            }
            assert_eq!(order, ["one", "two", "nought"]);
            assert!(set.is_empty());
        });
    });
}

#[test]
fn each_output_comes_with_the_id_of_its_task() {
    watched(|| {
        runtime().block_on(async {
            let mut set = JoinSet::new();
            let good = set.spawn(async { 7 });
            let bad = set.spawn(async { panic!("no tea") });
            let mut seen = Vec::new();
            while let Some(joined) = set.join_next_with_id().await {
                seen.push(match joined {
                    Ok((id, output)) => (id, Some(output)),
                    Err(error) => {
                        assert!(error.is_panic());
                        (error.id(), None)
                    }
                });
            }
            assert_eq!(seen, [(good.id(), Some(7)), (bad.id(), None)]);
            assert!(good.is_finished());
        });
    });
}

#[test]
fn a_set_that_waits_is_polled_once_for_each_end() {
    watched(|| {
        runtime().block_on(async {
            let (hands, probes) = probes(10);
            let mut set: JoinSet<usize> = probes.into_iter().collect();
            let mut polls = 0;
            for (n, hand) in hands.iter().enumerate() {
                let mut given = false;
                let joined = poll_fn(|cx| {
                    polls += 1;
                    let polled = set.poll_join_next(cx);
                    if !std::mem::replace(&mut given, true) {
                        assert!(polled.is_pending());
                        hand.give(n);
                    }
                    polled
                });
                let joined = joined.await.expect("it is not empty");
                assert_eq!(joined.expect("it ends by itself"), n);
            }
            assert_eq!(polls, 20);
        });
    });
}

#[test]
fn a_dropped_join_next_loses_nothing_and_keeps_no_waker() {
    watched(|| {
        let runtime = runtime();
        let (hand, probe) = probe();
        let mut set = JoinSet::new();
        set.spawn_on(probe, runtime.handle());
        let (count, waker) = Count::new();
        {
            let mut joining = pin!(set.join_next());
            assert!(poll_with(joining.as_mut(), &waker).is_pending());
            assert_eq!(count.others(), 1);
        }
        assert_eq!(count.others(), 0, "nobody waits, so nobody is to be woken");
        hand.give("tea");
        runtime.block_on(yield_now());
        assert_eq!(count.wakes(), 0);
        let joined = runtime
            .block_on(set.join_next())
            .expect("it is still there");
        assert_eq!(joined.expect("it ends by itself"), "tea");
    });
}

#[test]
fn try_join_next_takes_what_is_there_and_does_not_wait() {
    watched(|| {
        runtime().block_on(async {
            let (hands, probes) = probes(2);
            let mut set: JoinSet<u8> = probes.into_iter().collect();
            assert!(set.try_join_next().is_none());
            yield_now().await;
            hands[1].give(1);
            yield_now().await;
            let (_, output) = set
                .try_join_next_with_id()
                .expect("one has ended")
                .expect("by itself");
            assert_eq!(output, 1);
            assert!(set.try_join_next().is_none());
            assert_eq!(set.len(), 1);
            // A spent budget does not hide what is there.
            hands[0].give(0);
            yield_now().await;
            while task::coop::has_budget_remaining() {
                task::coop::consume_budget().await;
            }
            assert_eq!(set.try_join_next().expect("ended").expect("by itself"), 0);
        });
    });
}

#[test]
fn a_dropped_set_aborts_its_tasks_and_a_detached_one_lets_them_run() {
    watched(|| {
        let runtime = runtime();
        let (ended, detached) = (Life::here(), Life::here());
        let ran = Arc::new(AtomicUsize::new(0));
        runtime.block_on(async {
            let mut set = JoinSet::new();
            let probe = DropProbe::new(&ended);
            set.spawn(async move {
                let _probe = probe;
                pending::<()>().await;
            });
            yield_now().await;
            drop(set);
            assert_eq!(ended.drops(), 0, "an abort only schedules");
            yield_now().await;
            ended.assert_ended_at_home();

            let mut set = JoinSet::new();
            let (probe, count) = (DropProbe::new(&detached), Arc::clone(&ran));
            set.spawn(async move {
                let _probe = probe;
                yield_now().await;
                count.fetch_add(1, SeqCst);
            });
            set.detach_all();
            assert!(set.is_empty());
            // What comes after is joined as if nothing had been there.
            let (hand, waiting) = common::probe::probe();
            set.spawn(waiting);
            yield_now().await;
            yield_now().await;
            assert!(set.try_join_next().is_none(), "its number is not another's");
            hand.give(());
            set.join_next().await.expect("one").expect("by itself");
            drop(set);
            assert_eq!(ran.load(SeqCst), 1);
            detached.assert_ended_at_home();
        });
    });
}

#[test]
fn abort_all_cancels_who_waits_and_shutdown_waits_for_their_drops() {
    watched(|| {
        runtime().block_on(async {
            let life = Life::here();
            let mut set = JoinSet::new();
            set.spawn(async { "done" });
            yield_now().await;
            set.spawn(pending());
            set.abort_all();
            let first = set.join_next().await.expect("two are left");
            assert_eq!(first.expect("it had ended before"), "done");
            let second = set.join_next().await.expect("one is left");
            assert!(second.expect_err("aborted").is_cancelled());

            for _ in 0..5 {
                let probe = DropProbe::new(&life);
                set.spawn(async move {
                    let _probe = probe;
                    pending().await
                });
            }
            yield_now().await;
            set.shutdown().await;
            assert!(set.is_empty());
            assert_eq!((life.drops(), life.elsewhere()), (5, 0));
        });
    });
}

#[test]
fn join_all_gives_all_outputs_or_the_first_panic() {
    watched(|| {
        let runtime = runtime();
        runtime.block_on(async {
            let set: JoinSet<_> = (0..500).map(|n| async move { n }).collect();
            let expected: Vec<_> = (0..500).collect();
            assert_eq!(set.join_all().await, expected);
        });
        let life = Life::here();
        let broken = catch_unwind(AssertUnwindSafe(|| {
            runtime.block_on(async {
                let mut set = JoinSet::new();
                let probe = DropProbe::new(&life);
                set.spawn(async move {
                    let _probe = probe;
                    pending::<()>().await;
                });
                set.spawn(async { panic!("no tea") });
                set.join_all().await
            })
        }));
        let payload = broken.expect_err("one panics");
        assert_eq!(payload.downcast_ref(), Some(&"no tea"));
        runtime.block_on(yield_now());
        life.assert_ended_at_home();
        let cancelled = catch_unwind(AssertUnwindSafe(|| {
            runtime.block_on(async {
                let mut set = JoinSet::new();
                set.spawn(pending::<()>()).abort();
                set.join_all().await
            })
        }));
        let payload = cancelled.expect_err("there is no output to give");
        let said = payload.downcast_ref::<String>().expect("it says why");
        assert!(said.contains("cancelled"), "{said}");
    });
}

#[test]
fn a11_a_child_that_panics_in_its_drop_leaves_its_siblings_alone() {
    watched(|| {
        runtime().block_on(async {
            let lives: Vec<_> = (0..5).map(|_| Life::here()).collect();
            let mut set = JoinSet::new();
            for (n, life) in lives.iter().enumerate() {
                let probe = DropProbe::panicking(life, n == 2);
                set.spawn(async move {
                    let _probe = probe;
                    pending::<()>().await;
                });
            }
            yield_now().await;
            set.abort_all();
            let (mut panics, mut cancels) = (0, 0);
            while let Some(joined) = set.join_next().await {
                let error = joined.expect_err("all were aborted");
                panics += usize::from(error.is_panic());
                cancels += usize::from(error.is_cancelled());
            }
            assert_eq!((panics, cancels), (1, 4));
            lives.iter().for_each(|life| life.assert_ended_at_home());
        });
    });
}

#[test]
fn a11_a_dropped_set_drops_each_child_once_even_if_all_of_them_panic() {
    watched(|| {
        let runtime = runtime();
        let life = Life::here();
        runtime.block_on(async {
            let mut set = JoinSet::new();
            for _ in 0..5 {
                let probe = DropProbe::panicking(&life, true);
                set.spawn(async move {
                    let _probe = probe;
                    pending::<()>().await;
                });
            }
            yield_now().await;
            drop(set);
            yield_now().await;
            assert_eq!((life.drops(), life.elsewhere()), (5, 0));
        });
    });
}

#[test]
fn b6_a_set_with_much_to_give_lets_others_run() {
    watched(|| {
        const CHILDREN: usize = 10_000;
        runtime().block_on(async {
            let mut set: JoinSet<()> = (0..CHILDREN).map(|_| async {}).collect();
            yield_now().await;
            let turns = Arc::new(AtomicUsize::new(0));
            let other = kettle::spawn({
                let turns = Arc::clone(&turns);
                async move {
                    loop {
                        turns.fetch_add(1, SeqCst);
                        yield_now().await;
                    }
                }
            });
            while set.join_next().await.is_some() {}
            let turns = turns.load(SeqCst);
            assert!(turns >= CHILDREN / 128, "another task had {turns} turns");
            other.abort();
        });
    });
}

#[test]
fn b6_a_set_without_budget_is_pending_and_woken_again() {
    watched(|| {
        runtime().block_on(async {
            let mut set = JoinSet::new();
            set.spawn(async { 7 });
            yield_now().await;
            while task::coop::has_budget_remaining() {
                task::coop::consume_budget().await;
            }
            let (count, waker) = Count::new();
            let joining = poll_with(pin!(set.join_next()), &waker);
            assert!(joining.is_pending());
            assert_eq!(count.wakes(), 1);
            // The next poll has a new budget.
            assert_eq!(set.join_next().await.expect("one").expect("by itself"), 7);
        });
    });
}

/// Each look at a child costs a unit of the budget, so polls of the parent bound them.
#[test]
fn b10_joining_takes_as_many_looks_as_there_are_children() {
    watched(|| {
        const CHILDREN: usize = 100_000;
        runtime().block_on(async {
            let mut set: JoinSet<()> = (0..CHILDREN).map(|_| async {}).collect();
            let mut polls = 0;
            let mut joined = 0;
            poll_fn(|cx| {
                polls += 1;
                loop {
                    match set.poll_join_next(cx) {
                        Poll::Pending => return Poll::Pending,
                        Poll::Ready(None) => return Poll::Ready(()),
                        Poll::Ready(Some(_)) => joined += 1,
                    }
                }
            })
            .await;
            assert_eq!(joined, CHILDREN);
            // One poll a turn of 128, since children end and are joined in turn.
            let few = CHILDREN / 128 * 5 / 4;
            assert!(polls <= few, "{polls} polls for {CHILDREN} children");
        });
    });
}

#[test]
fn b10_a_set_elsewhere_takes_as_many_looks_as_there_are_children() {
    watched(|| {
        const CHILDREN: usize = 20_000;
        watched(|| {
            let runtime = runtime();
            let mut set = JoinSet::new();
            for n in 0..CHILDREN {
                set.spawn_on(async move { n }, runtime.handle());
            }
            let elsewhere = thread::spawn(move || {
                kettle::block_on(async {
                    let mut sum = 0;
                    while let Some(joined) = set.join_next().await {
                        sum += joined.expect("by itself");
                    }
                    sum
                })
            });
            runtime.block_on(poll_fn(|cx| {
                if elsewhere.is_finished() {
                    return Poll::Ready(());
                }
                cx.waker().wake_by_ref();
                Poll::Pending
            }));
            let sum = elsewhere.join().expect("no panic");
            assert_eq!(sum, CHILDREN * (CHILDREN - 1) / 2);
        });
    });
}

#[test]
fn a_set_holds_local_and_blocking_tasks_and_those_of_a_local_set() {
    watched(|| {
        let runtime = runtime();
        runtime.block_on(async {
            let mut set = JoinSet::new();
            let local = Rc::new(1);
            let local = async move { *local };
            set.spawn_local(local);
            set.spawn_blocking(|| 2);
            set.spawn_blocking_on(|| 4, runtime.handle());
            let group = LocalSet::new();
            set.spawn_local_on(async { 8 }, &group);
            let sum: i32 = group.run_until(set.join_all()).await.into_iter().sum();
            assert_eq!(sum, 15);
        });
    });
}

#[test]
fn a_blocking_task_of_a_set_is_aborted_before_it_begins() {
    watched(|| {
        let mut builder = Builder::new_current_thread();
        let runtime = builder.max_blocking_threads(1).build().expect("a runtime");
        runtime.block_on(async {
            let mut set = JoinSet::new();
            let (open, gate) = channel::<()>();
            set.spawn_blocking(move || gate.recv().unwrap_or_default());
            set.spawn_blocking(|| panic!("an aborted closure runs"))
                .abort();
            drop(open);
            let mut cancelled = 0;
            while let Some(joined) = set.join_next().await {
                cancelled += usize::from(joined.is_err_and(|it| it.is_cancelled()));
            }
            assert_eq!(cancelled, 1);
        });
    });
}

#[test]
fn a_set_outlives_its_runtime_and_says_cancelled() {
    watched(|| {
        let runtime = runtime();
        let mut set = JoinSet::new();
        set.spawn_on(pending::<()>(), runtime.handle());
        drop(runtime);
        let joined = kettle::block_on(set.join_next()).expect("it is not empty");
        assert!(joined.expect_err("its runtime has ended").is_cancelled());
        assert!(kettle::block_on(set.join_next()).is_none());
    });
}
