//! `select`, `race` and `or` as functions: who wins, and what becomes of the loser.

mod common;

use std::pin::{Pin, pin};
use std::task::Poll;

use kettle::future::{Either, or, pending, poll_fn, race, ready, select};
use kettle::runtime::Runtime;

use common::count::poll;
use common::probe::{probe, ready_probe};

#[test]
fn select_hands_the_loser_back_alive() {
    let (hand, slow) = probe::<&str>();
    let mut future = pin!(select(Box::pin(slow), ready("fast")));
    let Poll::Ready(Either::Right(("fast", mut slow))) = poll(future.as_mut())
    else {
        panic!("the second one is ready");
    };
    assert_eq!(hand.drops(), 0);
    assert!(poll(slow.as_mut()).is_pending());
    hand.give("slow");
    assert_eq!(poll(slow.as_mut()), Poll::Ready("slow"));
    assert!(!hand.was_moved());
}

#[test]
fn select_keeps_both_when_one_panics() {
    let (broken, one) = probe::<u32>();
    let (sound, two) = probe::<u32>();
    let mut future = pin!(select(Box::pin(one), Box::pin(two)));
    broken.panic_in_poll();
    let polled = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _ = poll(future.as_mut());
    }));
    assert!(polled.is_err());
    assert_eq!((broken.drops(), sound.drops()), (0, 0));
}

#[test]
fn race_drops_the_loser_with_itself() {
    let (slow, one) = probe::<u32>();
    let (fast, two) = ready_probe(2);
    assert_eq!(poll(Box::pin(race(one, two)).as_mut()), Poll::Ready(2));
    assert_eq!((slow.drops(), fast.drops()), (1, 1));
}

/// How often the first of two ready futures wins in 1,000 rounds.
fn first_wins(mut winner: impl FnMut() -> u32) -> usize {
    (0..1_000).filter(|_| winner() == 1).count()
}

#[test]
fn select_and_race_are_fair_and_or_prefers_the_first() {
    let by_select = first_wins(|| {
        let mut future = select(ready(1), ready(2));
        match poll(Pin::new(&mut future)) {
            Poll::Ready(Either::Left((n, _)) | Either::Right((n, _))) => n,
            Poll::Pending => unreachable!("both are ready"),
        }
    });
    let by_race = first_wins(|| kettle::block_on(race(ready(1), ready(2))));
    let by_or = first_wins(|| kettle::block_on(or(ready(1), ready(2))));
    // A half each; outside of 300 to 700 would be a chance of one in 10^36.
    assert!((300..700).contains(&by_select), "{by_select}");
    assert!((300..700).contains(&by_race), "{by_race}");
    assert_eq!(by_or, 1_000);
}

#[test]
fn or_gives_the_second_when_only_that_is_ready() {
    assert_eq!(kettle::block_on(or(pending(), ready(2))), 2);
}

#[test]
fn b6_a_loop_around_select_or_a_set_gives_way_every_128_rounds() {
    let polls = |sets: bool| {
        Runtime::new().expect("a runtime").block_on(async {
            let mut future = pin!(async {
                for _ in 0..1_000 {
                    if sets {
                        let mut set = kettle::future::FuturesUnordered::new();
                        set.push(ready(()));
                        set.next().await;
                    } else {
                        select(ready(()), pending::<()>()).await;
                    }
                }
            });
            let mut polls = 0;
            poll_fn(|cx| {
                polls += 1;
                future.as_mut().poll(cx)
            })
            .await;
            polls
        })
    };
    assert_eq!((polls(false), polls(true)), (8, 8));
}
