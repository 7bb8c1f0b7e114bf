// What is left of `select!` where `futures` comes in: its branches are fused, `Unpin` and
// only borrowed, its patterns do not refuse, and it has neither `if` nor `else`.

use std::pin::pin;
use std::task::Poll;

use futures::FutureExt;

use crate::common::count::{Count, poll_with};
use crate::common::probe::probe;

#[test]
fn the_first_ready_branch_runs_its_handler() {
    let (hand, one) = probe::<u32>();
    let mut future = pin!(async {
        let mut one = pin!(one.fuse());
        let mut never = pin!(futures::future::pending::<u32>().fuse());
        select! {
            x = one => x + 1,
            y = never => y,
        }
    });
    let (count, waker) = Count::new();
    assert!(poll_with(future.as_mut(), &waker).is_pending());
    hand.give(41);
    assert_eq!(count.wakes(), 1);
    assert_eq!(poll_with(future.as_mut(), &waker), Poll::Ready(42));
    assert!(!hand.was_moved());
}

#[test]
fn a_handler_may_await_and_leave_the_loop_around_it() {
    let sum = futures::executor::block_on(async {
        let mut sum = 0;
        loop {
            let mut one = pin!(async { 1 }.fuse());
            let mut two = pin!(async { 2 }.fuse());
            select! {
                x = one => sum += async { x }.await,
                y = two => sum += async { y }.await,
            }
            if sum > 20 {
                break sum;
            }
        }
    });
    assert!(sum == 21 || sum == 22);
}
