//! Fairness under Kettle's budget: who gives way, and who must not starve.

mod common;

use std::cell::Cell;
use std::pin::{Pin, pin};
use std::rc::Rc;

use kettle::future::{
    FuturesUnordered, join_all, poll_fn, ready, select, try_join_all,
};
use kettle::runtime::Runtime;

use common::count::{Count, poll_with};
use common::probe::ready_probe;

/// What one poll of a task may do, as `budget.rs` says.
const PER_POLL: usize = 128;

fn run<F: Future>(future: F) -> F::Output {
    Runtime::new().expect("a runtime").block_on(future)
}

/// One leaf operation: it is ready as long as the budget lasts.
async fn one_operation() {
    kettle::select! { () = ready(()) => {} }
}

/// Spends the whole budget of the poll that it is called in.
async fn spend_all() {
    for _ in 0..PER_POLL {
        one_operation().await;
    }
}

#[test]
fn b6_a_loop_around_a_select_that_is_always_ready_gives_way() {
    run(async {
        let rounds = Rc::new(Cell::new(0));
        let seen = Rc::clone(&rounds);
        let other = kettle::task::spawn_local(async move { seen.get() });
        let count = async {
            while !other.is_finished() {
                kettle::select! { () = ready(()) => rounds.set(rounds.get() + 1) }
            }
        };
        count.await;
        assert_eq!(other.await.expect("no panic"), PER_POLL);
    });
}

#[test]
fn b6_with_the_budget_spent_nothing_is_polled_and_the_task_is_woken() {
    let (count, waker) = Count::new();
    let (hand, probe) = ready_probe(());
    let (other_hand, other) = ready_probe(());
    let mut macro_ = Box::pin(async {
        kettle::select! { () = probe => {}, () = other => {} }
    });
    let (_, function_probe) = ready_probe(());
    let mut function = select(Box::pin(function_probe), ready(()));
    let mut set: FuturesUnordered<_> = [ready(())].into_iter().collect();
    let mut all = Box::pin(join_all([ready(())]));
    let mut try_all = Box::pin(try_join_all([ready(Ok::<(), ()>(()))]));
    run(async {
        spend_all().await;
        let mut spent = 0;
        let mut give_way = |pending: bool| {
            spent += 1;
            assert!(pending, "number {spent} went on");
            assert_eq!(count.wakes(), spent, "number {spent}");
        };
        give_way(poll_with(macro_.as_mut(), &waker).is_pending());
        give_way(poll_with(Pin::new(&mut function), &waker).is_pending());
        give_way(poll_with(pin!(set.next()), &waker).is_pending());
        give_way(poll_with(all.as_mut(), &waker).is_pending());
        give_way(poll_with(try_all.as_mut(), &waker).is_pending());
        assert_eq!((hand.polls(), other_hand.polls()), (0, 0));

        kettle::task::yield_now().await;
        assert!(poll_with(macro_.as_mut(), &waker).is_ready());
        assert!(poll_with(Pin::new(&mut function), &waker).is_ready());
        assert!(poll_with(pin!(set.next()), &waker).is_ready());
        assert!(poll_with(all.as_mut(), &waker).is_ready());
        assert!(poll_with(try_all.as_mut(), &waker).is_ready());
    });
}

#[test]
fn b7_sixty_four_branches_that_eat_the_whole_budget_all_progress() {
    macro_rules! join_64 {
        ($eat:ident; $($index:tt)*) => { kettle::join!($($eat($index)),*) };
    }
    run(async {
        let meals = [const { Cell::new(0) }; 64];
        let polls = Cell::new(0);
        let eat = async |index: usize| {
            // More than fits into the 64 polls that the test lasts.
            loop {
                one_operation().await;
                meals[index].set(meals[index].get() + 1);
            }
        };
        let mut all = pin!(async {
            join_64!(eat;
                0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21
                22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40 41
                42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61
                62 63
            )
        });
        poll_fn(|cx| {
            let pending = all.as_mut().poll(cx).is_pending();
            assert!(pending, "nobody has finished");
            polls.set(polls.get() + 1);
            match polls.get() {
                64 => std::task::Poll::Ready(()),
                _ => std::task::Poll::Pending,
            }
        })
        .await;
        let each: Vec<_> = meals.iter().map(Cell::get).collect();
        assert_eq!(each, [PER_POLL; 64], "each branch had one poll to itself");
    });
}

#[test]
fn b8_a_timeout_fires_around_a_future_that_is_always_ready() {
    run(async {
        let hog = async {
            loop {
                one_operation().await;
            }
        };
        let ended = kettle::time::timeout(std::time::Duration::from_millis(1), hog);
        let ended: Result<(), _> = ended.await;
        assert!(ended.is_err());
    });
}

#[test]
fn b8_a_sleep_in_a_select_fires_beside_a_branch_that_is_always_ready() {
    run(async {
        let sleep = kettle::time::sleep(std::time::Duration::from_millis(1));
        kettle::pin!(sleep);
        let mut rounds = 0_u64;
        loop {
            kettle::select! {
                () = &mut sleep => break,
                () = ready(()) => rounds += 1,
            }
        }
        assert!(rounds > 0);
    });
}
