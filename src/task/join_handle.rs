//! The right to a task's output.
//!
//! # How it works
//! At home the handle is a key, and the output waits in the task's slot: there is no
//! lock and no atomic on the way. Polled elsewhere, it takes a [seat](super::seat) and
//! keeps it.
//!
//! # Layer
//! 4: uses tasks, seats, addresses and the budget.

use std::fmt;
use std::marker::PhantomData;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};

use super::address::Address;
use super::joining::{Found, Quick};
use super::key_waker::key_of;
use super::seat::{Place, Promise, Seat};
use super::slot::Foreign;
use super::{AbortHandle, HOMES, Id, JoinError, Tasks, quietly};
use crate::budget;
use crate::waker::{RuntimeId, ask, inbox_of};

/// The right to the output of a spawned task: await it.
///
/// Dropping the handle does not stop the task; it *detaches* it, and the output is
/// dropped when it comes. A handle of [`spawn`](fn@super::spawn) may be moved to another
/// thread and awaited there, on any executor.
///
/// The await gives `Err` if the task panicked, was aborted, or its runtime ended first.
///
/// # Panics
/// A handle of [`spawn_local`](super::spawn_local) panics when it is polled on another
/// thread than its runtime's while that runtime lives: the output may not leave that
/// thread. Each handle panics when it is polled again after it was ready.
///
/// # Cancel safety
/// Awaiting `&mut handle` in `select!` loses nothing when another branch wins.
///
/// ```
/// # let runtime = kettle::runtime::Builder::new_current_thread().build()?;
/// # runtime.block_on(async {
/// let handle = kettle::spawn(async { 6 * 7 });
/// assert_eq!(handle.await.unwrap(), 42);
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct JoinHandle<T> {
    address: Address,
    way: Way,
    /// Makes the handle `Send` and `Sync` exactly if `T` is `Send`, as tokio's is.
    output: PhantomData<Mutex<T>>,
}

/// The way to the output.
// A whole word: seven bytes of padding would be copied in two halves that overlap, and
// the processor waits for such a copy about as long as a spawn takes to find a slot.
#[repr(u64)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// It waits in the slot, and may travel.
    Slot,
    /// It waits in the slot, and must stay: the task is one of `spawn_local`.
    Local,
    /// It comes into the address's seat.
    Seat,
    /// The task was spawned before its runtime was known; the seat will say where it is.
    Late,
    /// It has been fetched.
    None,
}

impl<T> Unpin for JoinHandle<T> {}
impl<T> UnwindSafe for JoinHandle<T> {}
impl<T> RefUnwindSafe for JoinHandle<T> {}

impl<T> JoinHandle<T> {
    /// A handle for a task in a slot.
    #[inline]
    pub(super) fn new(address: Address, local: bool) -> JoinHandle<T> {
        let way = if local { Way::Local } else { Way::Slot };
        JoinHandle::by(way, address)
    }

    #[inline]
    fn by(way: Way, address: Address) -> JoinHandle<T> {
        JoinHandle {
            address,
            way,
            output: PhantomData,
        }
    }

    /// A handle for a task whose output is promised to the seat of `address`.
    pub(super) fn seated(address: Address) -> JoinHandle<T> {
        JoinHandle::by(Way::Seat, address)
    }

    /// A handle for a local task that has no slot yet; `seat` learns where it gets one.
    pub(super) fn late(id: Id, seat: Arc<Seat>) -> JoinHandle<T> {
        JoinHandle::by(Way::Late, Address::seat(RuntimeId::NOWHERE, id, seat))
    }

    /// Asks the task to stop where it waits.
    ///
    /// Its future is dropped at home in its next turn, and the handle says
    /// [cancelled](JoinError::is_cancelled). A task that ends before that has ended.
    /// It may be called from any thread.
    pub fn abort(&self) {
        self.address.abort();
    }

    /// The right to abort this task, to keep elsewhere.
    pub fn abort_handle(&self) -> AbortHandle {
        AbortHandle::new(self.address.for_abort())
    }

    /// Whether the task has ended.
    ///
    /// On another thread than the runtime's the answer may be a turn old: the first call
    /// asks, and says false.
    pub fn is_finished(&self) -> bool {
        self.address.is_finished()
    }

    /// The task's id.
    pub fn id(&self) -> Id {
        self.address.id
    }

    /// Moves from the slot to a seat, for a poll that is not at home.
    #[cold]
    #[track_caller]
    fn take_seat(&mut self) {
        // Where the runtime has ended there is no output to keep at home.
        assert!(
            self.way == Way::Slot || inbox_of(self.address.runtime).is_none(),
            "the JoinHandle of a spawn_local task was polled on another thread than \
             its runtime's; await it there, or use spawn for tasks whose output is to \
             travel"
        );
        let Address {
            runtime, id, key, ..
        } = self.address;
        let place = Place { runtime, key };
        let seat = self.address.seat.get_or_init(|| Seat::new(id, Some(place)));
        let promise = Promise::new(seat);
        ask(&HOMES, runtime, move |tasks: &Tasks| {
            tasks.reseat(key, id, promise);
        });
        self.way = Way::Seat;
    }

    /// Waits until it is known where the task is.
    #[cold]
    fn poll_late(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let seat = self.address.seat.get().expect("a late handle has a seat");
        match ready!(seat.poll_place(cx)) {
            Some(Place { runtime, key }) => {
                (self.address.runtime, self.address.key) = (runtime, key);
                self.way = Way::Local;
            }
            // It never got a slot, and the seat says so.
            None => self.way = Way::Seat,
        }
        Poll::Ready(())
    }

    /// Leaves the seat, and drops the output where there is one.
    #[cold]
    fn abandon(&self) {
        let seat = self.address.seat.get();
        let seat = seat.expect("a seated or late handle has a seat");
        quietly(|| seat.abandon());
        if let Some(Place { runtime, key }) =
            seat.place().filter(|_| self.way == Way::Late)
        {
            let id = self.address.id;
            ask(&HOMES, runtime, move |tasks: &Tasks| tasks.detach(key, id));
        }
    }
}

impl<T: 'static> JoinHandle<T> {
    /// Looks into the slot for a task of the slot's runtime.
    #[inline]
    fn poll_slot(
        &mut self,
        cx: &mut Context<'_>,
        into: &mut Option<Result<T, JoinError>>,
    ) -> Quick {
        let Address { key, id, .. } = self.address;
        match key_of(cx.waker()) {
            Some(task) if task.executor() == key.executor() => self
                .at_home(|tasks| tasks.join_quickly(key, id, task, into))
                .unwrap_or(Quick::Rare),
            _ => Quick::Rare,
        }
    }

    #[inline]
    fn at_home<R>(&self, act: impl FnOnce(&Tasks) -> R) -> Option<R> {
        HOMES.with(|homes| homes.with(self.address.runtime, act))
    }

    /// What the await says. An output that is not there is one that died with its runtime.
    #[inline]
    fn give(
        &mut self,
        output: Option<Result<T, JoinError>>,
    ) -> Result<T, JoinError> {
        self.way = Way::None;
        budget::spend();
        match output {
            Some(output) => output,
            None => self.cancelled(),
        }
    }

    // Not inlined, so that an output that is there is copied as a whole.
    #[cold]
    #[inline(never)]
    fn cancelled(&self) -> Result<T, JoinError> {
        Err(JoinError::cancelled(self.address.id))
    }

    /// Every poll that is not the common one: by a stranger, from elsewhere, of a task
    /// that is gone.
    #[cold]
    #[track_caller]
    fn poll_rarely(&mut self, cx: &mut Context<'_>) -> Poll<Result<T, JoinError>> {
        if self.way == Way::Late {
            ready!(self.poll_late(cx));
        }
        match self.way {
            Way::Seat => self.poll_seat(cx),
            Way::None => panic!(
                "a JoinHandle was polled again after it had given its output"
            ),
            Way::Slot | Way::Local | Way::Late => {
                let Address { key, id, .. } = self.address;
                // A clone is foreign code, so it is made before anything is borrowed.
                let waker = Foreign::Waker(cx.waker().clone());
                match self.at_home(|tasks| tasks.join(key, id, waker)) {
                    Some(Found::Output(mut body)) => {
                        let mut output = None;
                        body.as_mut().take(&mut output);
                        Poll::Ready(self.give(output))
                    }
                    Some(Found::Waiting) => Poll::Pending,
                    Some(Found::Gone) => Poll::Ready(self.give(None)),
                    None => {
                        self.take_seat();
                        self.poll_seat(cx)
                    }
                }
            }
        }
    }

    fn poll_seat(&mut self, cx: &mut Context<'_>) -> Poll<Result<T, JoinError>> {
        let seat = self.address.seat.get();
        let parcel = ready!(seat.expect("a seated handle has a seat").poll(cx));
        let output = parcel.map(|parcel| {
            let output = parcel?.downcast::<T>();
            Ok(*output.expect("a seat is filled by the task whose handle this is"))
        });
        Poll::Ready(self.give(output))
    }
}

impl<T: 'static> Future for JoinHandle<T> {
    type Output = Result<T, JoinError>;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        ready!(budget::poll_ready(cx));
        if let Way::Slot | Way::Local = self.way {
            let mut output = None;
            match self.poll_slot(cx, &mut output) {
                Quick::Fetched => return Poll::Ready(self.give(output)),
                Quick::Waiting => return Poll::Pending,
                Quick::Rare => {}
            }
        }
        self.poll_rarely(cx)
    }
}

impl<T> Drop for JoinHandle<T> {
    #[inline]
    fn drop(&mut self) {
        match self.way {
            Way::None => {}
            Way::Slot | Way::Local => self.address.detach(),
            Way::Seat | Way::Late => self.abandon(),
        }
    }
}

impl<T> fmt::Debug for JoinHandle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JoinHandle")
            .field("id", &self.address.id)
            .finish_non_exhaustive()
    }
}
