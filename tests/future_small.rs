//! The small futures, one by one: what the questions for all of them do not ask.

mod common;

use std::cell::Cell;
use std::marker::PhantomPinned;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::Poll;

use kettle::future::{
    Aborted, Fuse, FutureExt, abortable, catch_unwind as catch, fuse, maybe_done,
    pending, poll_fn, ready, yield_now,
};

use common::count::{Count, poll, poll_with};
use common::probe::{probe, ready_probe};

#[test]
fn poll_fn_calls_its_closure_once_a_poll_and_may_move() {
    fn unpin<T: Unpin>(value: T) -> T {
        value
    }
    let mut calls = 0;
    let pinned = PhantomPinned;
    let mut future = unpin(poll_fn(|_cx| {
        let _captured = &pinned;
        calls += 1;
        if calls == 3 {
            Poll::Ready(calls)
        } else {
            Poll::Pending
        }
    }));
    assert!(poll(Pin::new(&mut future)).is_pending());
    assert!(poll(Pin::new(&mut future)).is_pending());
    assert_eq!(poll(Pin::new(&mut future)), Poll::Ready(3));
}

#[test]
fn ready_gives_its_value_once() {
    let mut future = ready("tea");
    assert_eq!(poll(Pin::new(&mut future)), Poll::Ready("tea"));
    let again = catch_unwind(AssertUnwindSafe(|| poll(Pin::new(&mut future))));
    assert!(again.is_err());
}

#[test]
fn pending_is_never_ready_and_keeps_no_waker() {
    fn everywhere<T: Send + Sync + Unpin>(value: T) -> T {
        value
    }
    let mut future = everywhere(pending::<Rc<Cell<PhantomPinned>>>());
    let (count, waker) = Count::new();
    for _ in 0..3 {
        assert!(poll_with(Pin::new(&mut future), &waker).is_pending());
    }
    assert_eq!((count.wakes(), count.others()), (0, 0));
}

#[test]
fn yield_now_is_pending_once_and_wakes_itself() {
    let mut future = pin!(yield_now());
    let (count, waker) = Count::new();
    assert!(poll_with(future.as_mut(), &waker).is_pending());
    assert_eq!(count.wakes(), 1);
    assert!(poll_with(future.as_mut(), &waker).is_ready());
    assert_eq!(count.wakes(), 1);
}

#[test]
fn maybe_done_keeps_the_output_and_drops_the_future_at_once() {
    let (hand, probe) = probe();
    let mut future = pin!(maybe_done(probe));
    assert!(poll(future.as_mut()).is_pending());
    assert_eq!(future.as_mut().output_mut(), None);
    assert_eq!(future.as_mut().take_output(), None);
    assert_eq!(hand.drops(), 0, "asking for the output ends nothing");

    hand.give(5);
    assert!(poll(future.as_mut()).is_ready());
    assert_eq!(hand.drops(), 1);
    assert!(poll(future.as_mut()).is_ready(), "as often as it is asked");
    *future.as_mut().output_mut().expect("it is ready") += 1;
    assert_eq!(future.as_mut().take_output(), Some(6));
    assert_eq!(future.as_mut().take_output(), None);
}

#[test]
fn fuse_drops_its_future_at_the_end_and_is_pending_from_then_on() {
    let (hand, probe) = ready_probe(1);
    let mut future = pin!(fuse(probe));
    assert!(!future.is_terminated());
    assert_eq!(poll(future.as_mut()), Poll::Ready(1));
    assert_eq!(hand.drops(), 1);
    assert!(future.is_terminated());
    assert!(poll(future.as_mut()).is_pending());
    assert_eq!(hand.polls(), 1);

    let mut never = Fuse::<kettle::future::Ready<()>>::terminated();
    assert!(never.is_terminated());
    assert!(poll(Pin::new(&mut never)).is_pending());
}

#[test]
fn then_drops_the_first_future_before_it_makes_the_second() {
    let (first, probe) = ready_probe(1);
    let hand = &first;
    let mut future = pin!(probe.then(|one| {
        assert_eq!(hand.drops(), 1);
        ready(one + 1)
    }));
    assert_eq!(poll(future.as_mut()), Poll::Ready(2));
}

#[test]
fn then_panics_clearly_when_it_is_polled_after_its_closure_panicked() {
    let mut future =
        pin!(ready(1).then(|_| -> kettle::future::Ready<()> { panic!("next") }));
    for expected in ["next", "`Then` was polled after it had been ready"] {
        let polled = catch_unwind(AssertUnwindSafe(|| poll(future.as_mut())));
        let message = polled.expect_err("both polls panic");
        assert_eq!(message.downcast_ref(), Some(&expected));
    }
}

#[test]
fn catch_unwind_gives_the_panic_and_polls_no_more() {
    let (hand, probe) = probe::<()>();
    let mut future = pin!(catch(AssertUnwindSafe(probe)));
    assert!(poll(future.as_mut()).is_pending());
    hand.panic_in_poll();
    let Poll::Ready(Err(payload)) = poll(future.as_mut()) else {
        panic!("the panic must be the output");
    };
    assert_eq!(payload.downcast_ref(), Some(&"probe: poll"));
    let again = catch_unwind(AssertUnwindSafe(|| poll(future.as_mut())));
    assert!(again.is_err());
    assert_eq!(hand.polls(), 2);
}

#[test]
fn an_abort_before_the_first_poll_leaves_the_future_unpolled() {
    let (hand, probe) = ready_probe(());
    let (future, handle) = abortable(probe);
    let mut future = pin!(future);
    handle.abort();
    assert!(handle.is_aborted());
    assert_eq!(poll(future.as_mut()), Poll::Ready(Err(Aborted)));
    assert_eq!((hand.polls(), hand.drops()), (0, 1));
}

#[test]
fn an_abort_from_another_thread_wakes_once_and_drops_the_future() {
    let (hand, probe) = probe::<()>();
    let (future, handle) = abortable(probe);
    let mut future = pin!(future);
    let (count, waker) = Count::new();
    assert!(poll_with(future.as_mut(), &waker).is_pending());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            let handle = handle.clone();
            scope.spawn(move || handle.abort());
        }
    });
    assert_eq!(count.wakes(), 1);
    assert_eq!(
        hand.drops(),
        0,
        "the handle does not drop what it does not own"
    );
    assert_eq!(
        poll_with(future.as_mut(), &waker),
        Poll::Ready(Err(Aborted))
    );
    assert_eq!((hand.polls(), hand.drops()), (1, 1));
    assert_eq!(count.others(), 0);
}

#[test]
fn an_abort_after_the_end_does_nothing() {
    let (_hand, probe) = ready_probe(3);
    let (future, handle) = abortable(probe);
    let mut future = pin!(future);
    let (count, waker) = Count::new();
    assert_eq!(poll_with(future.as_mut(), &waker), Poll::Ready(Ok(3)));
    handle.abort();
    assert_eq!((count.wakes(), count.others()), (0, 0));
}

#[test]
fn a_handle_keeps_no_waker_of_a_dropped_future() {
    let (_hand, probe) = probe::<()>();
    let (future, handle) = abortable(probe);
    let mut future = Box::pin(future);
    let (count, waker) = Count::new();
    assert!(poll_with(future.as_mut(), &waker).is_pending());
    drop(future);
    assert_eq!(count.others(), 0);
    handle.abort();
    assert_eq!(count.wakes(), 0);
}
