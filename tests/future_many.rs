//! `join_all`, `try_join_all` and `FuturesUnordered`: who is polled, and how often.

mod common;

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::thread;

use kettle::future::{FuturesUnordered, join_all, poll_fn, try_join_all};

use common::count::{Count, poll, poll_with};
use common::probe::{Hand, Probe, probe, ready_probe};
use common::watchdog::watched;

fn probes<T>(count: usize) -> (Vec<Hand<T>>, Vec<Probe<T>>) {
    (0..count).map(|_| probe()).unzip()
}

#[test]
fn nothing_to_join_is_ready_at_once() {
    let none: [kettle::future::Ready<()>; 0] = [];
    assert_eq!(poll(pin!(join_all(none.clone()))), Poll::Ready(vec![]));
    let none: [kettle::future::Ready<Result<(), ()>>; 0] = [];
    assert_eq!(poll(pin!(try_join_all(none))), Poll::Ready(Ok(vec![])));
}

#[test]
fn a_wide_join_polls_each_child_as_often_as_it_was_woken() {
    const WIDE: usize = 10_000;
    let (hands, probes) = probes(WIDE);
    let mut future = pin!(join_all(probes));
    let (count, waker) = Count::new();
    assert!(poll_with(future.as_mut(), &waker).is_pending());
    // Each child is woken for nothing once, in one order, and then given in another.
    for hand in &hands {
        hand.wake();
        assert!(poll_with(future.as_mut(), &waker).is_pending());
    }
    let mut last = Poll::Pending;
    for n in (0..WIDE).rev() {
        assert!(last.is_pending());
        hands[n].give(n);
        last = poll_with(future.as_mut(), &waker);
    }
    let in_order = (0..WIDE).collect::<Vec<_>>();
    assert_eq!(
        last,
        Poll::Ready(in_order),
        "outputs come in the order of futures"
    );
    assert!(hands.iter().all(|hand| hand.polls() == 3));
    assert_eq!(count.wakes(), 2 * WIDE);
}

#[test]
fn a_child_woken_many_times_is_polled_once() {
    let (hands, probes) = probes::<()>(3);
    let mut future = pin!(join_all(probes));
    let (count, waker) = Count::new();
    assert!(poll_with(future.as_mut(), &waker).is_pending());
    let child = hands[1].waker().expect("it waits");
    for _ in 0..5 {
        child.wake_by_ref();
    }
    assert_eq!(count.wakes(), 1, "the parent is woken once");
    assert!(poll_with(future.as_mut(), &waker).is_pending());
    assert_eq!(hands.iter().map(Hand::polls).collect::<Vec<_>>(), [1, 2, 1]);
}

#[test]
fn a_child_woken_by_a_sibling_in_the_same_poll_is_polled_once_for_both_wakes() {
    let (later, probe) = probe::<()>();
    let wakers = Arc::new(Mutex::new((None::<Waker>, None::<Waker>)));
    let seen = Arc::clone(&wakers);
    let mut future = pin!(join_all([
        Box::pin(poll_fn(move |cx| {
            let mut wakers = seen.lock().expect("nobody panics");
            wakers.0 = Some(cx.waker().clone());
            wakers.1.iter().for_each(Waker::wake_by_ref);
            Poll::Pending
        })) as Pin<Box<dyn Future<Output = ()>>>,
        Box::pin(probe),
    ]));
    assert!(poll(future.as_mut()).is_pending());
    wakers.lock().expect("nobody panics").1 = later.waker();
    {
        let wakers = wakers.lock().expect("nobody panics");
        wakers.0.iter().for_each(Waker::wake_by_ref);
        wakers.1.iter().for_each(Waker::wake_by_ref);
    }
    // Now the first child is polled first, and wakes the second one a second time.
    assert!(poll(future.as_mut()).is_pending());
    assert_eq!(later.polls(), 2);
    assert!(poll(future.as_mut()).is_pending());
    assert_eq!(later.polls(), 2, "polled again for a wake that it has seen");
}

#[test]
fn the_first_error_drops_the_waiting_children_and_ends_it() {
    let (hands, probes) = probes::<Result<u32, &str>>(3);
    let mut future = pin!(try_join_all(probes));
    let (count, waker) = Count::new();
    assert!(poll_with(future.as_mut(), &waker).is_pending());
    hands[0].give(Ok(1));
    assert!(poll_with(future.as_mut(), &waker).is_pending());
    hands[1].give(Err("no milk"));
    let ended = poll_with(future.as_mut(), &waker);
    assert_eq!(ended, Poll::Ready(Err("no milk")));
    assert!(hands.iter().all(|hand| hand.drops() == 1));
    assert_eq!(count.others(), 0);
    let again = catch_unwind(AssertUnwindSafe(|| poll(future.as_mut())));
    let message = again.expect_err("it has ended");
    let expected = "`TryJoinAll` was polled after it had been ready".to_owned();
    assert_eq!(message.downcast_ref(), Some(&expected));
}

#[test]
fn the_first_error_drops_the_values_that_have_come() {
    let value = Arc::new(());
    let (_hand, one) = ready_probe(Ok(Arc::clone(&value)));
    let (_hand, two) = ready_probe(Err(()));
    let mut future = pin!(try_join_all([one, two]));
    assert_eq!(poll(future.as_mut()), Poll::Ready(Err(())));
    assert_eq!(Arc::strong_count(&value), 1);
}

#[test]
fn a_child_that_panics_in_poll_leaves_its_siblings_alone() {
    let (hands, probes) = probes::<usize>(3);
    let mut set: FuturesUnordered<_> = probes.into_iter().collect();
    assert!(poll(pin!(set.next())).is_pending());
    hands[0].panic_in_poll();
    for (n, hand) in hands.iter().enumerate() {
        hand.give(n);
    }
    let broken = catch_unwind(AssertUnwindSafe(|| poll(pin!(set.next()))));
    assert!(broken.is_err());
    assert_eq!(set.len(), 2);
    assert_eq!(poll(pin!(set.next())), Poll::Ready(Some(1)));
    assert_eq!(poll(pin!(set.next())), Poll::Ready(Some(2)));
    assert_eq!(poll(pin!(set.next())), Poll::Ready(None));
    assert!(hands.iter().all(|hand| hand.drops() == 1));
}

#[test]
fn a11_two_children_that_panic_in_drop_leave_the_others_to_be_dropped() {
    let (hands, probes) = probes::<()>(4);
    let mut future = Box::pin(join_all(probes));
    assert!(poll(future.as_mut()).is_pending());
    hands[0].panic_in_drop();
    hands[2].panic_in_drop();
    let dropped = catch_unwind(AssertUnwindSafe(|| drop(future)));
    let panic = dropped.expect_err("the first panic goes on");
    assert_eq!(panic.downcast_ref(), Some(&"probe: drop"));
    assert!(hands.iter().all(|hand| hand.drops() == 1));
}

#[test]
fn c17_a_childs_waker_that_outlives_the_join_wakes_nobody_and_holds_nothing() {
    let (hands, probes) = probes::<()>(2);
    let mut future = Box::pin(join_all(probes));
    let (count, waker) = Count::new();
    assert!(poll_with(future.as_mut(), &waker).is_pending());
    let child = hands[0].waker().expect("it waits");
    drop(future);
    assert_eq!(count.others(), 0);
    assert!(hands.iter().all(|hand| hand.drops() == 1));
    child.wake();
    assert_eq!(count.wakes(), 0);
}

#[test]
fn a_set_gives_outputs_as_they_come_and_takes_more_meanwhile() {
    let (hands, probes) = probes::<u32>(3);
    let mut set: FuturesUnordered<_> = probes.into_iter().collect();
    assert_eq!(set.len(), 3);
    assert!(poll(pin!(set.next())).is_pending());
    hands[2].give(2);
    hands[0].give(0);
    assert_eq!(poll(pin!(set.next())), Poll::Ready(Some(2)));
    let (_fourth, probe) = ready_probe(3);
    set.push(probe);
    assert_eq!(poll(pin!(set.next())), Poll::Ready(Some(0)));
    assert_eq!(poll(pin!(set.next())), Poll::Ready(Some(3)));
    assert!(poll(pin!(set.next())).is_pending());
    assert_eq!(hands[1].polls(), 1, "it was never woken");
    set.clear();
    assert_eq!(hands[1].drops(), 1);
    assert_eq!(poll(pin!(set.next())), Poll::Ready(None));
}

#[test]
fn a_next_that_is_dropped_loses_nothing_and_keeps_no_waker() {
    let (hands, probes) = probes::<u32>(2);
    let mut set: FuturesUnordered<_> = probes.into_iter().collect();
    let (count, waker) = Count::new();
    assert!(poll_with(pin!(set.next()), &waker).is_pending());
    assert_eq!(count.others(), 0);
    hands[1].give(7);
    assert_eq!(count.wakes(), 0, "nobody waits");
    assert_eq!(poll_with(pin!(set.next()), &waker), Poll::Ready(Some(7)));
    assert_eq!(count.others(), 0);
}

#[test]
fn a_set_that_gave_an_output_keeps_no_waker() {
    let (_hand, ready) = ready_probe(1);
    let (_waiting, waiting) = probe();
    let mut set: FuturesUnordered<_> = [ready, waiting].into_iter().collect();
    let (count, waker) = Count::new();
    let polled = poll_with(pin!(poll_fn(|cx| set.poll_next(cx))), &waker);
    assert_eq!(polled, Poll::Ready(Some(1)));
    assert_eq!(count.others(), 0);
}

#[test]
fn a_stale_waker_does_not_poll_the_stranger_in_its_slot() {
    let (hands, probes) = probes::<u32>(1);
    let mut set: FuturesUnordered<_> = probes.into_iter().collect();
    assert!(poll(pin!(set.next())).is_pending());
    let stale = hands[0].waker().expect("it waits");
    hands[0].give(0);
    assert_eq!(poll(pin!(set.next())), Poll::Ready(Some(0)));

    let (stranger, probe) = probe();
    set.push(probe);
    assert!(poll(pin!(set.next())).is_pending());
    stale.wake();
    assert!(poll(pin!(set.next())).is_pending());
    assert_eq!(stranger.polls(), 1);
    stranger.give(1);
    assert_eq!(poll(pin!(set.next())), Poll::Ready(Some(1)));
}

/// A child that wakes itself in each poll and is never ready.
struct Restless(Arc<Count>);

impl Future for Restless {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        std::task::Wake::wake_by_ref(&self.0);
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

#[test]
fn b6_one_poll_of_a_set_polls_a_restless_child_once_and_gives_way() {
    let polls: Vec<_> = (0..10).map(|_| Count::new().0).collect();
    let mut set: FuturesUnordered<_> =
        polls.iter().cloned().map(Restless).collect();
    let (count, waker) = Count::new();
    for round in 1..=3 {
        assert!(
            poll_with(pin!(poll_fn(|cx| set.poll_next(cx))), &waker).is_pending()
        );
        assert!(polls.iter().all(|polls| polls.wakes() == round));
        assert_eq!(count.wakes(), round, "the parent comes again");
    }
}

#[test]
fn b6_one_poll_of_a_join_polls_a_restless_child_once_and_gives_way() {
    let polls: Vec<_> = (0..10).map(|_| Count::new().0).collect();
    let mut future = pin!(join_all(polls.iter().cloned().map(Restless)));
    let (count, waker) = Count::new();
    for round in 1..=3 {
        assert!(poll_with(future.as_mut(), &waker).is_pending());
        assert!(polls.iter().all(|polls| polls.wakes() == round));
        assert_eq!(count.wakes(), round, "the parent comes again");
    }
}

#[test]
fn children_woken_from_eight_threads_are_all_seen() {
    const EACH: usize = 500;
    watched(|| {
        let (hands, probes) = probes::<usize>(8 * EACH);
        let hands = Arc::new(hands);
        let future = join_all(probes);
        let threads: Vec<_> = (0..8)
            .map(|thread| {
                let hands = Arc::clone(&hands);
                thread::spawn(move || {
                    for n in (thread * EACH)..((thread + 1) * EACH) {
                        hands[n].wake();
                        hands[n].give(n);
                    }
                })
            })
            .collect();
        let outputs = futures::executor::block_on(future);
        assert_eq!(outputs, (0..8 * EACH).collect::<Vec<_>>());
        for thread in threads {
            thread.join().expect("a thread that gives does not panic");
        }
    });
}

/// A future of more bytes than share a box with others. It drops its probe with itself.
struct Large {
    probe: Pin<Box<Probe<usize>>>,
    bytes: [u8; 1_000],
}

fn large(probe: Probe<usize>) -> Large {
    let (probe, bytes) = (Box::pin(probe), [1; 1_000]);
    Large { probe, bytes }
}

impl Future for Large {
    type Output = usize;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<usize> {
        let bytes = self.bytes;
        let output = self.probe.as_mut().poll(cx);
        output.map(|output| output * usize::from(bytes[output]))
    }
}

#[test]
fn large_futures_are_joined_as_small_ones_and_their_places_are_used_again() {
    let (hands, probes) = probes(20);
    let mut future = pin!(join_all(probes.into_iter().map(large)));
    assert!(poll(future.as_mut()).is_pending());
    for (n, hand) in hands.iter().enumerate().rev() {
        hand.give(n);
    }
    assert_eq!(poll(future), Poll::Ready((0..20).collect::<Vec<_>>()));
    assert!(hands.iter().all(|it| it.polls() == 2 && it.drops() == 1));

    let (hands, probes) = probes_pair();
    let mut small = FuturesUnordered::new();
    let mut big = FuturesUnordered::new();
    for (one, other) in probes {
        small.push(one);
        big.push(large(other));
    }
    for (n, (one, other)) in hands.into_iter().enumerate() {
        one.give(n);
        other.give(n);
        assert_eq!(poll(pin!(small.next())), Poll::Ready(Some(n)));
        assert_eq!(poll(pin!(big.next())), Poll::Ready(Some(n)));
        assert_eq!((one.drops(), other.drops()), (1, 1));
        // A new one moves into the place.
        let (hand, probe) = ready_probe(100 + n);
        small.push(probe);
        assert_eq!(poll(pin!(small.next())), Poll::Ready(Some(100 + n)));
        assert_eq!(hand.drops(), 1);
        let (hand, probe) = ready_probe(n);
        big.push(large(probe));
        assert_eq!(poll(pin!(big.next())), Poll::Ready(Some(n)));
        assert_eq!(hand.drops(), 1);
    }
    assert!(small.is_empty() && big.is_empty());
}

type Pairs<T> = (Vec<(Hand<T>, Hand<T>)>, Vec<(Probe<T>, Probe<T>)>);

/// Twenty of each, more than one box holds.
fn probes_pair() -> Pairs<usize> {
    let pair = || {
        let ((hand, probe), (other, second)) = (probe(), probe());
        ((hand, other), (probe, second))
    };
    (0..20).map(|_| pair()).unzip()
}
