// What `select!` means to Kettle and to tokio. `macro_peers.rs` includes this file once
// for each, below a `use` of that peer's macro.

use std::cell::RefCell;
use std::future::{pending, ready};
use std::panic::catch_unwind;
use std::pin::pin;
use std::task::Poll;

use futures::executor::block_on;

use crate::common::count::{poll, poll_with, Count};
use crate::common::probe::{probe, ready_probe};

#[test]
fn the_first_ready_branch_runs_its_handler() {
    let (hand, one) = probe();
    let mut future = pin!(async {
        select! {
            x = one => x + 1,
            () = pending() => 0,
        }
    });
    let (count, waker) = Count::new();
    assert!(poll_with(future.as_mut(), &waker).is_pending());
    hand.give(41);
    assert_eq!(count.wakes(), 1);
    assert_eq!(poll_with(future.as_mut(), &waker), Poll::Ready(42));
    assert_eq!(count.others(), 0);
}

#[test]
fn the_futures_are_dropped_in_order_before_the_handler() {
    struct Dropped<'a>(&'a RefCell<Vec<&'static str>>, &'static str);
    impl Drop for Dropped<'_> {
        fn drop(&mut self) {
            self.0.borrow_mut().push(self.1);
        }
    }
    let events = RefCell::new(vec![]);
    // A future that holds its mark as a value, so that the mark goes with the future.
    let named = |name, is_ready: bool| {
        let dropped = Dropped(&events, name);
        std::future::poll_fn(move |_| {
            let _ = &dropped;
            if is_ready { Poll::Ready(()) } else { Poll::Pending }
        })
    };
    block_on(async {
        select! {
            biased;
            () = named("one", false) => {}
            () = named("two", false) => {}
            () = named("three", true) => events.borrow_mut().push("handler"),
            () = named("four", true), if false => {}
        }
    });
    assert_eq!(*events.borrow(), ["one", "two", "three", "four", "handler"]);
}

#[test]
fn preconditions_are_asked_before_any_future_is_made() {
    let events = RefCell::new(vec![]);
    let note = |event, value| {
        events.borrow_mut().push(event);
        value
    };
    block_on(async {
        select! {
            () = { note("make 1", true); ready(()) }, if note("if 1", false) => {}
            () = { note("make 2", true); ready(()) }, if note("if 2", true) => {}
        }
    });
    assert_eq!(*events.borrow(), ["if 1", "if 2", "make 1", "make 2"]);
}

#[test]
fn a_disabled_branch_is_not_polled_and_a_mismatch_disables() {
    let (first, one) = ready_probe(1);
    let (second, two) = ready_probe(None::<u32>);
    let mut future = pin!(async {
        select! {
            x = one, if false => x,
            Some(x) = two => x,
            else => 7,
        }
    });
    assert_eq!(poll(future.as_mut()), Poll::Ready(7));
    assert_eq!((first.polls(), second.polls()), (0, 1));
}

#[test]
fn all_disabled_without_else_panics_and_says_so() {
    let ended = catch_unwind(|| {
        block_on(async {
            select! { Some(()) = ready(None) => {} }
        });
    });
    let panic = ended.expect_err("there is no `else`");
    let message = panic.downcast_ref::<&str>().expect("a plain message");
    assert!(message.contains("are disabled"), "{message}");
}

#[test]
fn handlers_may_break_continue_return_and_ask() {
    async fn run() -> Result<u32, std::num::ParseIntError> {
        let mut rounds = 0;
        loop {
            select! {
                () = ready(()), if rounds < 3 => { rounds += 1; continue }
                text = ready("39") => {
                    break select! { n = ready(text.parse::<u32>()?) => Ok(n + rounds) };
                }
            }
        }
    }
    assert!(block_on(run()).is_ok_and(|sum| (39..=42).contains(&sum)));
}

#[test]
fn fair_and_biased_differ_in_who_begins() {
    block_on(async {
        let mut wins = [0, 0];
        for _ in 0..200 {
            let winner = select! { () = ready(()) => 0, () = ready(()) => 1 };
            wins[winner] += 1;
        }
        assert!(wins.iter().all(|&wins| wins > 0), "{wins:?}");
        for _ in 0..200 {
            let winner = select! { biased; () = ready(()) => 0, () = ready(()) => 1 };
            assert_eq!(winner, 0);
        }
    });
}
