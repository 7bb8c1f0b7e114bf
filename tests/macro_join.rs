//! `join!` and `try_join!`: their grammar, and whose turn it is.

mod common;

use std::cell::RefCell;
use std::future::Future;
use std::pin::pin;
use std::task::Poll;

use kettle as tokio;
use kettle::future::{
    join, join3, join4, join5, pending, poll_fn, ready, try_join,
};
use tokio::block_on;

use common::count::poll;
use common::probe::{probe, ready_probe};

#[test]
fn g3_nothing_to_join_is_ready_at_once() {
    block_on(async {
        let () = tokio::join!();
        let () = tokio::join!(biased;);
        let nothing: Result<(), String> = tokio::try_join!();
        assert_eq!(nothing, Ok(()));
        let nothing: Result<(), String> = tokio::try_join!(biased;);
        assert_eq!(nothing, Ok(()));
    });
}

#[test]
fn one_branch_gives_a_tuple_of_one_and_a_last_comma_is_welcome() {
    block_on(async {
        assert_eq!(tokio::join!(ready(1)), (1,));
        assert_eq!(tokio::join!(ready(1), ready("two"),), (1, "two"));
        assert_eq!(tokio::join!(biased; ready(1), ready(2),), (1, 2));
        assert_eq!(tokio::try_join!(ready(Ok::<_, ()>(1))), Ok((1,)));
        let both =
            tokio::try_join!(biased; ready(Ok::<_, ()>(1)), ready(Ok("two")),);
        assert_eq!(both, Ok((1, "two")));
    });
}

#[test]
fn a_variable_named_biased_is_a_branch() {
    let biased = ready(1);
    assert_eq!(block_on(async { tokio::join!(biased, ready(2)) }), (1, 2));
}

#[test]
fn g3_sixty_four_branches() {
    macro_rules! join_of {
        ($($index:tt)*) => { tokio::join!($(ready($index)),*) };
    }
    macro_rules! try_join_of {
        ($($index:tt)*) => { tokio::try_join!($(ready(Ok::<_, ()>($index))),*) };
    }
    macro_rules! of_64 {
        ($macro:ident) => { $macro!(
            0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21
            22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40 41
            42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61
            62 63
        ) };
    }
    block_on(async {
        let all = of_64!(join_of);
        assert_eq!((all.0, all.31, all.63), (0, 31, 63));
        let all = of_64!(try_join_of).expect("all succeed");
        assert_eq!((all.0, all.31, all.63), (0, 31, 63));
    });
}

#[test]
fn g3_names_of_the_macro_and_of_its_user_do_not_meet() {
    let (rotation, waiting, branch, cx, b0, b1) = (1, 2, 3, 4, 5, 6);
    block_on(async {
        let sums = tokio::join!(ready(b1 + rotation), ready(b0 + waiting), async {
            branch + cx
        });
        assert_eq!(sums, (7, 7, 7));
    });
}

#[test]
fn branches_may_borrow_what_stands_around_them_and_leave_the_function() {
    async fn parse(text: &str) -> Result<u32, std::num::ParseIntError> {
        let list = RefCell::new(vec![]);
        let add = async |n| list.borrow_mut().push(n);
        tokio::join!(add(text.parse::<u32>()?), add(2));
        Ok(list.into_inner().iter().sum())
    }
    block_on(async {
        assert_eq!(parse("40").await, Ok(42));
        assert!(parse("milk").await.is_err());
    });
}

#[test]
fn the_first_error_ends_a_try_join_and_drops_the_others() {
    let (first, one) = probe::<Result<(), &str>>();
    let (second, two) = probe::<Result<(), &str>>();
    let (third, three) = ready_probe(Ok::<_, &str>(3));
    let mut future = pin!(async { tokio::try_join!(one, two, three) });
    assert!(poll(future.as_mut()).is_pending());
    assert_eq!(
        third.drops(),
        1,
        "a branch that is ready is dropped at once"
    );
    second.give(Err("no milk"));
    assert_eq!(poll(future.as_mut()), Poll::Ready(Err("no milk")));
    assert_eq!((first.drops(), second.drops()), (1, 1));
    assert_eq!(third.polls_after_ready(), 0);
}

#[test]
fn the_first_error_ends_a_try_join_of_two_whichever_it_is() {
    let (waiting, one) = probe::<Result<(), &str>>();
    let (_failed, two) = ready_probe(Err::<(), _>("no milk"));
    let mut future = Box::pin(try_join(one, two));
    assert_eq!(poll(future.as_mut()), Poll::Ready(Err("no milk")));
    drop(future);
    assert_eq!((waiting.polls(), waiting.drops()), (1, 1));

    let failed = ready(Err::<(), _>("no tea"));
    let future = try_join(failed, pending::<Result<(), _>>());
    assert_eq!(block_on(future), Err("no tea"));
}

#[test]
fn a_cancelled_join_drops_its_futures_in_the_order_of_the_branches() {
    struct Dropped<'a>(&'a RefCell<Vec<u32>>, u32);
    impl Drop for Dropped<'_> {
        fn drop(&mut self) {
            self.0.borrow_mut().push(self.1);
        }
    }
    let drops = RefCell::new(vec![]);
    let named = async |name| {
        let _dropped = Dropped(&drops, name);
        pending::<()>().await;
    };
    {
        let mut future = pin!(async { tokio::join!(named(1), named(2), named(3)) });
        assert!(poll(future.as_mut()).is_pending());
    }
    assert_eq!(*drops.borrow(), [1, 2, 3]);
}

/// The orders in which branches were polled: one list for each of five polls.
fn orders(polls: &RefCell<Vec<usize>>, future: impl Future) -> Vec<Vec<usize>> {
    let mut future = pin!(future);
    (0..5)
        .map(|_| {
            assert!(poll(future.as_mut()).is_pending());
            polls.take()
        })
        .collect()
}

/// A branch that notes its number at each poll and is never ready.
fn noting(
    polls: &RefCell<Vec<usize>>,
    number: usize,
) -> impl Future<Output = Result<(), ()>> {
    poll_fn(move |_| {
        polls.borrow_mut().push(number);
        Poll::Pending
    })
}

/// All branches in turn, each poll beginning with the next one.
fn rotating(branches: usize) -> Vec<Vec<usize>> {
    let from = |first| (0..branches).map(|n| (first + n) % branches).collect();
    (0..5).map(from).collect()
}

#[test]
fn b7_each_poll_of_a_join_begins_with_the_next_branch() {
    let polls = RefCell::default();
    let n = |number| noting(&polls, number);
    let two = [
        orders(&polls, join(n(0), n(1))),
        orders(&polls, try_join(n(0), n(1))),
        orders(&polls, async { tokio::join!(n(0), n(1)) }),
        orders(&polls, async { tokio::try_join!(n(0), n(1)) }),
    ];
    for orders in two {
        assert_eq!(orders, rotating(2));
    }
    let three = orders(&polls, join3(n(0), n(1), n(2)));
    assert_eq!(three, rotating(3));
    let four = orders(&polls, join4(n(0), n(1), n(2), n(3)));
    assert_eq!(four, rotating(4));
    let five = orders(&polls, join5(n(0), n(1), n(2), n(3), n(4)));
    assert_eq!(five, rotating(5));
}

#[test]
fn with_biased_each_poll_begins_with_the_first_branch() {
    let polls = RefCell::default();
    let n = |number| noting(&polls, number);
    let both = [
        orders(&polls, async { tokio::join!(biased; n(0), n(1), n(2)) }),
        orders(&polls, async { tokio::try_join!(biased; n(0), n(1), n(2)) }),
    ];
    for orders in both {
        assert_eq!(orders, vec![vec![0, 1, 2]; 5]);
    }
}
