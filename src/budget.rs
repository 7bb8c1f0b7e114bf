//! What one poll may still do, so that a future that is always ready cannot keep the
//! thread for ever.
//!
//! A socket with endless input never returns `Pending`, so the loop around it would never
//! give way. Each leaf operation (a read, a receive, a join) therefore asks
//! [`poll_ready`] first and calls [`spend`] when it got somewhere. When nothing is left,
//! the leaf wakes its own task and returns `Pending`: the task goes to the back of the
//! queue and comes again with a full budget.
//!
//! Outside of a Kettle poll the budget is unlimited, so that Kettle's primitives work on
//! any executor. tokio's counterpart is `task::coop`, with the same 128.
//!
//! # Layer
//! 1: uses nothing but the standard library.

use std::cell::Cell;
use std::task::{Context, Poll};

/// Leaf operations in one poll of a task. It is large enough that a handler of a few
/// dozen operations never notices, and small enough that 128 system calls of about a
/// microsecond are over before anybody else is late.
pub(crate) const PER_POLL: u32 = 128;

/// The count that means "no limit": nobody spends four billion operations in a poll.
const UNLIMITED: u32 = u32::MAX;

thread_local! {
    static LEFT: Cell<u32> = const { Cell::new(UNLIMITED) };
}

/// A Kettle poll begins, with a full budget.
///
/// It is two instructions and no guard, because every poll pays for it: the loop calls
/// [`lift`] once when it has polled enough.
pub(crate) fn refill() {
    LEFT.with(|left| left.set(PER_POLL));
}

/// No Kettle poll is under way: there is no limit.
pub(crate) fn lift() {
    LEFT.with(|left| left.set(UNLIMITED));
}

/// Starts a stretch without limit inside of a poll; the guard restores what was left.
pub(crate) fn unlimited() -> Unlimited {
    Unlimited {
        left: LEFT.with(|left| left.replace(UNLIMITED)),
    }
}

/// Ends a stretch without limit.
#[derive(Debug)]
#[must_use = "the stretch lasts only as long as the guard lives"]
pub(crate) struct Unlimited {
    left: u32,
}

impl Drop for Unlimited {
    fn drop(&mut self) {
        LEFT.with(|left| left.set(self.left));
    }
}

/// Whether the current poll may do no more leaf operation.
#[inline]
pub(crate) fn is_spent() -> bool {
    LEFT.with(Cell::get) == 0
}

/// `Ready` if the current poll may do one more leaf operation. If not, it wakes the task
/// and is `Pending`, which the leaf returns.
#[inline]
pub(crate) fn poll_ready(cx: &mut Context<'_>) -> Poll<()> {
    if is_spent() {
        cx.waker().wake_by_ref();
        return Poll::Pending;
    }
    Poll::Ready(())
}

/// Takes one unit: a leaf operation got somewhere. An operation that waits costs nothing.
#[inline]
pub(crate) fn spend() {
    LEFT.with(|left| match left.get() {
        UNLIMITED | 0 => {}
        some => left.set(some - 1),
    });
}
