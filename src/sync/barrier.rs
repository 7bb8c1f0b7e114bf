//! A point that nobody passes before all are there.
//!
//! Who has arrived is who waits in the list: the last to come finds all others there,
//! and lets them go.
//!
//! # Layer
//! 4: uses the wait list and the budget.

use std::fmt;
use std::pin::Pin;
use std::sync::Mutex;
use std::task::{Context, Poll, ready};

use super::wait_list::{Ticket, WaitList};
use super::{Fresh, Wakers, lock};
use crate::budget;

/// Lets tasks go on together.
///
/// When the given number of tasks wait, all of them pass, and the barrier is as new.
///
/// # Memory
/// About 24 bytes for each waiter, kept for the next ones until the barrier is dropped.
///
/// ```
/// use std::sync::Arc;
/// use kettle::sync::Barrier;
///
/// # #[kettle::main]
/// # async fn main() {
/// let table = Arc::new(Barrier::new(3));
/// let guests = (0..3).map(|_| {
///     let table = table.clone();
///     kettle::spawn(async move { table.wait().await.is_leader() })
/// });
/// let mut leaders = 0;
/// for guest in guests.collect::<Vec<_>>() {
///     leaders += u32::from(guest.await.unwrap());
/// }
/// assert_eq!(leaders, 1);
/// # }
/// ```
pub struct Barrier {
    arrived: Mutex<WaitList>,
    /// How many pass together.
    all: usize,
}

impl Barrier {
    /// A barrier for `n` tasks; 0 counts as 1.
    pub const fn new(n: usize) -> Barrier {
        Barrier {
            arrived: Mutex::new(WaitList::new()),
            all: if n == 0 { 1 } else { n },
        }
    }

    /// Waits until all have arrived. The last one is the leader.
    ///
    /// # Cancel safety
    /// Dropped while it waits, it has not arrived: one more has to come. (In tokio it
    /// counts all the same.)
    pub async fn wait(&self) -> BarrierWaitResult {
        let (barrier, ticket) = (self, None);
        Wait { barrier, ticket }.await
    }
}

impl fmt::Debug for Barrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Barrier").finish_non_exhaustive()
    }
}

/// Whether a task was the last to arrive.
#[derive(Debug, Clone)]
pub struct BarrierWaitResult(bool);

impl BarrierWaitResult {
    /// True for exactly one of the tasks that pass together.
    pub fn is_leader(&self) -> bool {
        self.0
    }
}

/// The future of [`Barrier::wait`].
struct Wait<'a> {
    barrier: &'a Barrier,
    ticket: Option<Ticket>,
}

impl Wait<'_> {
    /// Looks once. Gives whether it was the last, and whom to let go.
    fn look(&mut self, fresh: &mut Fresh<'_>) -> Poll<(bool, Wakers)> {
        let mut arrived = lock(&self.barrier.arrived);
        match self.ticket {
            None if arrived.len() + 1 == self.barrier.all => {
                return Poll::Ready((true, arrived.pop_all()));
            }
            None => self.ticket = arrived.push_back(fresh, ()),
            Some(ticket) if arrived.is_waiting(ticket) => {
                arrived.renew(ticket, fresh)
            }
            Some(_) => {
                self.ticket = None;
                return Poll::Ready((false, Wakers::default()));
            }
        }
        Poll::Pending
    }
}

impl Future for Wait<'_> {
    type Output = BarrierWaitResult;

    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<BarrierWaitResult> {
        ready!(budget::poll_ready(cx));
        let waited = self.ticket.is_some();
        let looked = Fresh::ask(cx, waited, |fresh| self.look(fresh));
        let (leader, others) = ready!(looked);
        others.wake();
        budget::spend();
        Poll::Ready(BarrierWaitResult(leader))
    }
}

impl Drop for Wait<'_> {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket {
            let _own = lock(&self.barrier.arrived).leave(ticket);
        }
    }
}
