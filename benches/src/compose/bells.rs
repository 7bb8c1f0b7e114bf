//! Futures that somebody else makes ready, one by one.
//!
//! They find each other by number in a thread-local, so they are `Send` and cost no lock:
//! what is measured is the join, not the bell.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

thread_local! {
    static BELLS: RefCell<Vec<State>> = const { RefCell::new(Vec::new()) };
}

#[derive(Clone, Debug)]
enum State {
    Silent,
    Awaited(Waker),
    Rung,
}

/// Hangs up so many bells in the place of those before.
pub(super) fn hang(bells: usize) -> impl Iterator<Item = Bell> {
    BELLS.with_borrow_mut(|all| {
        all.clear();
        all.resize(bells, State::Silent);
    });
    (0..bells).map(Bell)
}

/// Rings a bell.
pub(super) fn ring(bell: usize) {
    let before =
        BELLS.with_borrow_mut(|all| std::mem::replace(&mut all[bell], State::Rung));
    if let State::Awaited(waker) = before {
        waker.wake();
    }
}

/// Ready when it has been rung.
#[derive(Debug)]
pub(super) struct Bell(usize);

impl Future for Bell {
    type Output = u64;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<u64> {
        BELLS.with_borrow_mut(|all| match &mut all[self.0] {
            State::Rung => Poll::Ready(self.0 as u64),
            State::Awaited(waker) => {
                waker.clone_from(cx.waker());
                Poll::Pending
            }
            silent @ State::Silent => {
                *silent = State::Awaited(cx.waker().clone());
                Poll::Pending
            }
        })
    }
}
