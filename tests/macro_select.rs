//! `select!`: its grammar, its order of events, and what a handler may do.
//!
//! The crate goes under the name of tokio here, as it does in a program that moves over.

mod common;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

use kettle as tokio;
use tokio::block_on;
use tokio::future::{pending, poll_fn, ready, yield_now};

use common::count::{Count, poll_with};
use common::probe::{probe, ready_probe};

#[test]
fn a_branch_ends_with_a_comma_or_a_block_or_the_last_one_with_nothing() {
    block_on(async {
        let block_then_comma = tokio::select! {
            x = ready(1) => { x },
            _ = pending::<()>() => { 0 },
        };
        let block_without_comma = tokio::select! {
            x = ready(2) => { x }
            _ = pending::<()>() => { 0 }
        };
        let bare_expression = tokio::select! {
            x = ready(3) => x,
            _ = pending::<()>() => 0
        };
        let with_preconditions = tokio::select! {
            x = ready(4), if true => { x }
            x = ready(5), if false => { x },
            _ = pending::<()>(), if bare_expression == 3 => 0,
            else => unreachable!("one branch is enabled"),
        };
        let from = (block_then_comma, block_without_comma, bare_expression);
        assert_eq!((from, with_preconditions), ((1, 2, 3), 4));
    });
}

#[test]
fn g3_else_alone_is_its_value() {
    block_on(async {
        assert_eq!(tokio::select! { else => 1 }, 1);
        assert_eq!(tokio::select! { else => 2, }, 2);
        assert_eq!(tokio::select! { biased; else => 3 }, 3);
    });
}

#[test]
fn patterns_may_bind_in_every_way() {
    const SEVEN: u32 = 7;
    block_on(async {
        let moved = tokio::select! { Some(text) = ready(Some("tea".to_string())) => text, else => unreachable!() };
        assert_eq!(moved, "tea");
        let changed =
            tokio::select! { mut list = ready(vec![1]) => { list.push(2); list } };
        assert_eq!(changed, [1, 2]);
        let nested = tokio::select! { (mut a, ref b) = ready((1, "x".to_string())) => { a += b.len(); a } };
        assert_eq!(nested, 2);
        let in_place =
            tokio::select! { (ref mut a, _) = ready((1, ())) => { *a += 4; *a } };
        assert_eq!(in_place, 5);
        let reference = tokio::select! { &x = ready(&6) => x };
        assert_eq!(reference, 6);
        let inner_reference =
            tokio::select! { Some(&x) = ready(Some(&6)) => x, else => 0 };
        assert_eq!(inner_reference, 6);
        let either =
            tokio::select! { Ok(x) | Err(x) = ready(Err::<u32, u32>(8)) => x };
        assert_eq!(either, 8);
        let whole = tokio::select! { all @ (1..=9, _) = ready((9, 0)) => all, else => (0, 0) };
        assert_eq!(whole, (9, 0));
        let constant = tokio::select! { SEVEN = ready(7) => true, else => false };
        assert!(constant);
        let boxed =
            tokio::select! { [first, .., last] = ready([1, 2, 3]) => first + last };
        assert_eq!(boxed, 4);
    });
}

#[test]
fn a_pattern_that_does_not_match_disables_its_branch_and_the_wait_goes_on() {
    let (first, one) = ready_probe(None);
    let (second, two) = probe();
    let mut future = pin!(async {
        tokio::select! {
            Some(x) = one => x,
            Some(x) = two => x,
            else => 0,
        }
    });
    let (count, waker) = Count::new();
    assert!(poll_with(future.as_mut(), &waker).is_pending());
    second.give(Some(2));
    assert_eq!(count.wakes(), 1);
    assert_eq!(poll_with(future.as_mut(), &waker), Poll::Ready(2));
    assert_eq!((first.polls(), first.polls_after_ready()), (1, 0));
}

#[test]
fn with_all_branches_disabled_else_runs() {
    block_on(async {
        let by_pattern = tokio::select! {
            Some(x) = ready(None::<u32>) => x,
            Ok(x) = ready(Err::<u32, ()>(())) => x,
            else => 7,
        };
        let by_precondition =
            tokio::select! { x = ready(1), if false => x, else => 8 };
        assert_eq!((by_pattern, by_precondition), (7, 8));
    });
}

#[test]
fn with_all_branches_disabled_and_no_else_it_panics_and_says_why() {
    let ended = catch_unwind(|| {
        block_on(async {
            tokio::select! {
                Some(()) = ready(None) => {}
                () = ready(()), if false => {}
            }
        });
    });
    let panic = ended.expect_err("there is no `else`");
    let message = panic.downcast_ref::<&str>().expect("a plain message");
    assert!(
        message.starts_with("all branches of `select!` are disabled"),
        "{message}"
    );
    assert!(message.contains("add `else => …`"), "{message}");
}

#[test]
fn preconditions_come_first_then_all_futures_then_the_polls_then_one_handler() {
    let events = &RefCell::new(vec![]);
    let note = |event: &'static str| events.borrow_mut().push(event);
    let condition = |event, value: bool| {
        note(event);
        value
    };
    let future = |made, polled| {
        note(made);
        poll_fn(move |_| {
            events.borrow_mut().push(polled);
            Poll::Ready(())
        })
    };
    block_on(async {
        tokio::select! {
            biased;
            () = future("make 1", "poll 1"), if condition("if 1", false) => note("handle 1"),
            () = future("make 2", "poll 2"), if condition("if 2", true) => note("handle 2"),
            () = future("make 3", "poll 3"), if condition("if 3", true) => note("handle 3"),
        }
    });
    let expected = [
        "if 1", "if 2", "if 3", "make 1", "make 2", "make 3", "poll 2", "handle 2",
    ];
    assert_eq!(*events.borrow(), expected);
}

/// Notes its drop.
struct Dropped<'a>(&'a RefCell<Vec<&'static str>>, &'static str);

impl Drop for Dropped<'_> {
    fn drop(&mut self) {
        self.0.borrow_mut().push(self.1);
    }
}

#[test]
fn all_futures_are_dropped_in_the_order_of_the_branches_before_the_handler() {
    let events = RefCell::new(vec![]);
    let named = async |name, ready: bool| {
        let _dropped = Dropped(&events, name);
        if !ready {
            pending::<()>().await;
        }
        // Ready only when the winner has had company: all are under way.
        yield_now().await;
    };
    block_on(async {
        tokio::select! {
            () = named("one", false) => {}
            () = named("two", true) => events.borrow_mut().push("handler"),
            () = named("three", false) => {}
        }
    });
    // The winner's own local goes when its body ends; the losers with the futures.
    assert_eq!(*events.borrow(), ["two", "one", "three", "handler"]);
}

#[test]
fn a_cancelled_select_drops_its_futures_in_the_order_of_the_branches() {
    let events = RefCell::new(vec![]);
    let named = async |name| {
        let _dropped = Dropped(&events, name);
        pending::<()>().await;
    };
    {
        let mut future = pin!(async {
            tokio::select! {
                () = named("one") => {}
                () = named("two") => {}
                () = named("three") => {}
            }
        });
        assert!(common::count::poll(future.as_mut()).is_pending());
    }
    assert_eq!(*events.borrow(), ["one", "two", "three"]);
}

#[test]
fn a_handler_may_use_what_the_futures_had_borrowed() {
    block_on(async {
        let mut cups = vec![1];
        let more = async |cups: &mut Vec<u32>| cups.push(2);
        tokio::select! {
            () = more(&mut cups) => cups.push(3),
            () = pending() => cups.push(4),
        }
        assert_eq!(cups, [1, 2, 3]);
    });
}

#[test]
fn handlers_may_return_break_continue_ask_and_await() {
    async fn run() -> Result<&'static str, String> {
        let mut left = 3;
        let found = 'outer: loop {
            loop {
                tokio::select! {
                    () = ready(()), if left > 2 => { left -= 1; continue }
                    () = ready(()), if left == 2 => { left -= 1; break }
                    () = ready(()), if left == 1 => {
                        left -= 1;
                        continue 'outer;
                    }
                    else => break 'outer "found",
                }
            }
        };
        assert_eq!(found, "found");
        let number: u32 = tokio::select! {
            text = ready("42") => text.parse::<u32>().map_err(|error| error.to_string())?,
        };
        let later = tokio::select! { n = ready(number) => ready(n + 1).await };
        assert_eq!(later, 43);
        tokio::select! {
            text = ready("milk") => {
                text.parse::<u32>().map_err(|_| "no number".to_string())?;
            }
        }
        Ok("not reached")
    }
    #[expect(clippy::needless_return, reason = "that it may return is the point")]
    async fn early() -> u32 {
        tokio::select! {
            n = ready(5) => return n,
        }
    }
    assert_eq!(block_on(run()), Err("no number".to_string()));
    assert_eq!(block_on(early()), 5);
}

#[test]
fn a_future_kept_outside_survives_the_rounds_of_a_loop() {
    let (hand, probe) = probe::<u32>();
    let mut ticks = VecDeque::from([1, 2, 3]);
    let mut future = pin!(async {
        let slow = probe;
        tokio::pin!(slow);
        let mut sum = 0;
        loop {
            tokio::select! {
                biased;
                last = &mut slow => break sum + last,
                Some(tick) = ready(ticks.pop_front()) => sum += tick,
            }
        }
    });
    assert!(common::count::poll(future.as_mut()).is_pending());
    assert_eq!(hand.drops(), 0);
    hand.give(100);
    assert_eq!(common::count::poll(future.as_mut()), Poll::Ready(106));
    assert!(!hand.was_moved());
}

#[test]
fn without_biased_each_of_two_ready_branches_wins_sometimes() {
    block_on(async {
        let mut wins = [0, 0, 0];
        for _ in 0..1_000 {
            let winner = tokio::select! {
                () = ready(()) => 0,
                () = ready(()) => 1,
                () = ready(()) => 2,
            };
            wins[winner] += 1;
        }
        // A third each: of fifteen from one throw of the dice, each begins four at least.
        assert!(wins.iter().all(|&wins| wins > 200), "{wins:?}");
    });
}

#[test]
fn with_biased_the_first_ready_branch_always_wins() {
    block_on(async {
        for _ in 0..100 {
            tokio::select! {
                biased;
                () = pending() => unreachable!("it is never ready"),
                () = ready(()) => {}
                () = ready(()) => unreachable!("it comes behind one that is ready"),
            }
        }
    });
}

#[test]
fn g3_names_of_the_macro_and_of_its_user_do_not_meet() {
    #[derive(Debug, PartialEq)]
    struct B0(u32);
    #[expect(dead_code, reason = "it stands in the way of the macro's own `Poll`")]
    enum Poll {}
    block_on(async {
        let (branches, order, waiting, branch, cx) = (1, 2, 3, 4, 5);
        let (output, matches, b0, b1) = (6, 7, 8, 9);
        let first = tokio::select! {
            b1 = ready(b0 + b1 + branches + cx), if order == 2 => b1 + output,
            output = ready(matches), if waiting == 3 && branch == 4 => 23 + output - 1,
        };
        assert!(first == 29, "{first}");
        let B0(inner) =
            tokio::select! { B0(inner) = ready(B0(3)) => B0(inner + 1) };
        assert_eq!(inner, 4);
    });
}

#[test]
fn it_nests_in_its_own_handlers_and_futures() {
    block_on(async {
        let value = tokio::select! {
            x = async { tokio::select! { x = ready(1) => x + 1 } } => {
                tokio::select! {
                    y = ready(x) => tokio::select! { z = ready(y) => z + 1 },
                }
            }
        };
        assert_eq!(value, 3);
    });
}

#[test]
fn it_works_in_generic_functions_closures_and_with_types_that_have_no_value() {
    #[allow(unreachable_patterns, reason = "the compiler sees that it never comes")]
    async fn generic<T: Clone>(value: T) -> T {
        tokio::select! {
            value = ready(value.clone()) => value,
            never = pending::<std::convert::Infallible>() => match never {},
        }
    }
    let closure = async |x: u32| tokio::select! { y = ready(x) => y };
    block_on(async {
        assert_eq!(generic("tea").await, "tea");
        assert_eq!(closure(4).await, 4);
    });
}

#[test]
fn anything_that_becomes_a_future_may_be_a_branch() {
    struct Order(u32);
    impl IntoFuture for Order {
        type Output = u32;
        type IntoFuture = kettle::future::Ready<u32>;
        fn into_future(self) -> Self::IntoFuture {
            ready(self.0)
        }
    }
    assert_eq!(
        block_on(async {
            tokio::select! { x = Order(9) => x }
        }),
        9
    );
}

#[test]
fn a_future_expression_may_leave_the_function_and_borrow_a_temporary() {
    async fn asks(text: &str) -> Result<u32, std::num::ParseIntError> {
        Ok(tokio::select! { x = ready(text.parse::<u32>()?) => x })
    }
    block_on(async {
        assert!(asks("x").await.is_err());
        assert_eq!(asks("12").await, Ok(12));
        // The future is a temporary that is borrowed: it lives as long as the wait.
        let value = tokio::select! { x = &mut ready(3) => x };
        assert_eq!(value, 3);
    });
}

#[test]
fn a_branch_whose_precondition_is_false_is_made_but_never_polled() {
    let (hand, probe) = ready_probe(1);
    let made = Cell::new(false);
    let future = async {
        tokio::select! {
            x = { made.set(true); probe }, if false => x,
            x = ready(2) => x,
        }
    };
    assert_eq!(block_on(future), 2);
    assert!(made.get());
    assert_eq!((hand.polls(), hand.drops()), (0, 1));
}

macro_rules! select_of_64 {
    ($winner:expr; $($index:tt)*) => {
        tokio::select! { $( $index = ready($winner) => $index + 1_000, )* else => 0 }
    };
}

#[test]
fn g3_sixty_four_branches() {
    block_on(async {
        for winner in [0, 1, 31, 62, 63] {
            let handled = select_of_64!(winner;
                0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21
                22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40 41
                42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61
                62 63
            );
            assert_eq!(handled, winner + 1_000);
        }
    });
}

#[test]
fn polling_a_select_that_is_over_panics_and_polls_no_branch() {
    let (hand, probe) = ready_probe(());
    let mut future = pin!(async {
        tokio::select! { () = probe => {} }
    });
    assert!(common::count::poll(future.as_mut()).is_ready());
    let again =
        catch_unwind(AssertUnwindSafe(|| common::count::poll(future.as_mut())));
    assert!(again.is_err());
    assert_eq!(hand.polls(), 1);
}
