// What `join!` and `try_join!` mean, whoever wrote them. `macro_peers.rs` includes this
// file once for each peer, below a `use` of that peer's macros.

use std::cell::RefCell;
use std::pin::pin;
use std::task::Poll;

use crate::common::count::{Count, poll, poll_with};
use crate::common::probe::{probe, ready_probe};

#[test]
fn all_outputs_come_in_a_tuple() {
    futures::executor::block_on(async {
        assert_eq!(join!(async { 1 }, async { "two" }, async { 3.0 }), (1, "two", 3.0));
        assert_eq!(join!(async { 1 },), (1,));
        let all = try_join!(async { Ok::<_, ()>(1) }, async { Ok("two") });
        assert_eq!(all, Ok((1, "two")));
    });
}

#[test]
fn each_branch_is_polled_until_it_is_ready_and_not_again() {
    let (first, one) = probe();
    let (second, two) = probe();
    let mut future = pin!(async { join!(one, two) });
    let (count, waker) = Count::new();
    assert!(poll_with(future.as_mut(), &waker).is_pending());
    second.give(2);
    assert!(poll_with(future.as_mut(), &waker).is_pending());
    assert_eq!(second.drops(), 1, "dropped as soon as it is ready");
    first.give(1);
    assert_eq!(poll_with(future.as_mut(), &waker), Poll::Ready((1, 2)));
    assert_eq!((first.polls(), second.polls()), (3, 2));
    assert_eq!((count.wakes(), count.others()), (2, 0));
}

#[test]
fn the_first_error_ends_it_and_the_others_are_dropped_unfinished() {
    let (first, one) = probe::<Result<(), &str>>();
    let (second, two) = ready_probe(Err::<(), _>("no milk"));
    let mut future = pin!(async { try_join!(one, two) });
    assert_eq!(poll(future.as_mut()), Poll::Ready(Err("no milk")));
    assert_eq!((first.drops(), second.drops()), (1, 1));
}

#[test]
fn branches_borrow_what_stands_around_them() {
    let list = RefCell::new(vec![]);
    futures::executor::block_on(async {
        join!(async { list.borrow_mut().push(1) }, async { list.borrow_mut().push(2) });
    });
    assert_eq!(list.into_inner(), [1, 2]);
}

#[test]
fn cancelled_it_drops_each_branch_once() {
    let (first, one) = probe::<()>();
    let (second, two) = ready_probe(());
    {
        let mut future = pin!(async { join!(one, two) });
        assert!(poll(future.as_mut()).is_pending());
    }
    assert_eq!((first.drops(), second.drops()), (1, 1));
    assert!(!first.was_moved());
}
