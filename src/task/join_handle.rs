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
use std::task::{Context, Poll, Waker, ready};

use super::address::Address;
use super::key_waker::key_of;
use super::seat::{Place, Promise, Seat};
use super::slot::{Foreign, Joiner};
use super::tasks::Found;
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
    /// A task of `spawn_local`, whose output stays at home.
    local: bool,
    /// The output comes into the address's seat, and not into the slot.
    seated: bool,
    /// The task was spawned before its runtime was known; the seat will say where it is.
    late: bool,
    fetched: bool,
    /// Makes the handle `Send` and `Sync` exactly if `T` is `Send`, as tokio's is.
    output: PhantomData<Mutex<T>>,
}

impl<T> Unpin for JoinHandle<T> {}
impl<T> UnwindSafe for JoinHandle<T> {}
impl<T> RefUnwindSafe for JoinHandle<T> {}

impl<T> JoinHandle<T> {
    /// A handle for a task in a slot.
    #[inline]
    pub(super) fn new(address: Address, local: bool) -> JoinHandle<T> {
        JoinHandle {
            address,
            local,
            seated: false,
            late: false,
            fetched: false,
            output: PhantomData,
        }
    }

    /// A handle for a task whose output is promised to the seat of `address`.
    pub(super) fn seated(address: Address) -> JoinHandle<T> {
        let mut handle = JoinHandle::new(address, false);
        handle.seated = true;
        handle
    }

    /// A handle for a local task that has no slot yet; `seat` learns where it gets one.
    pub(super) fn late(id: Id, seat: Arc<Seat>) -> JoinHandle<T> {
        let address = Address::seat(RuntimeId::NOWHERE, id, seat);
        let mut handle = JoinHandle::new(address, true);
        handle.late = true;
        handle
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
            !self.local || inbox_of(self.address.runtime).is_none(),
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
        self.seated = true;
    }

    /// Waits until it is known where the task is.
    #[cold]
    fn poll_late(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let seat = self.address.seat.get().expect("a late handle has a seat");
        match ready!(seat.poll_place(cx)) {
            Some(Place { runtime, key }) => {
                (self.address.runtime, self.address.key) = (runtime, key);
            }
            // It never got a slot, and the seat says so.
            None => self.seated = true,
        }
        self.late = false;
        Poll::Ready(())
    }

    /// Leaves the seat, and drops the output where there is one.
    #[cold]
    fn abandon(&self) {
        let seat = self.address.seat.get();
        let seat = seat.expect("a seated or late handle has a seat");
        quietly(|| seat.abandon());
        if let Some(Place { runtime, key }) = seat.place().filter(|_| self.late) {
            let id = self.address.id;
            ask(&HOMES, runtime, move |tasks: &Tasks| tasks.detach(key, id));
        }
    }
}

impl<T: 'static> JoinHandle<T> {
    /// Looks into the slot; `None` where the runtime is not at home.
    #[inline]
    fn poll_slot(
        &self,
        cx: &mut Context<'_>,
    ) -> Option<Poll<Result<T, JoinError>>> {
        let Address { key, id, .. } = self.address;
        let found = match key_of(cx.waker()) {
            Some(task) if task.executor() == key.executor() => {
                self.at_home(|tasks| tasks.join(key, id, |_| Joiner::Task(task)))
            }
            _ => self.poll_slot_for_foreign(cx.waker()),
        };
        Some(match found? {
            Found::Waiting(before) => {
                drop(before);
                Poll::Pending
            }
            Found::Output(body) => {
                let mut output = None;
                body.take(&mut output);
                Poll::Ready(self.or_cancelled(output))
            }
            Found::Gone => Poll::Ready(self.or_cancelled(None)),
        })
    }

    #[inline(never)]
    fn poll_slot_for_foreign(&self, waker: &Waker) -> Option<Found> {
        let Address { key, id, .. } = self.address;
        // A clone is foreign code, so it is made before anything is borrowed.
        let waker = Foreign::Waker(waker.clone());
        self.at_home(|tasks| tasks.join(key, id, |slots| slots.admit(waker)))
    }

    #[inline]
    fn at_home<R>(&self, act: impl FnOnce(&Tasks) -> R) -> Option<R> {
        HOMES.with(|homes| homes.with(self.address.runtime, act))
    }

    #[cold]
    fn poll_seat(&self, cx: &mut Context<'_>) -> Poll<Result<T, JoinError>> {
        let seat = self.address.seat.get();
        let parcel = ready!(seat.expect("a seated handle has a seat").poll(cx));
        Poll::Ready(self.or_cancelled(parcel.map(|parcel| {
            let output = parcel?.downcast::<T>();
            Ok(*output.expect("a seat is filled by the task whose handle this is"))
        })))
    }

    /// An output that is not there is one that died with its runtime.
    fn or_cancelled(
        &self,
        output: Option<Result<T, JoinError>>,
    ) -> Result<T, JoinError> {
        output.unwrap_or_else(|| Err(JoinError::cancelled(self.address.id)))
    }
}

impl<T: 'static> Future for JoinHandle<T> {
    type Output = Result<T, JoinError>;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        assert!(
            !self.fetched,
            "a JoinHandle was polled again after it had given its output"
        );
        ready!(budget::poll_ready(cx));
        let at_home = match self.seated {
            false => self.poll_slot(cx),
            true => None,
        };
        let output = match at_home {
            Some(polled) => ready!(polled),
            None => {
                if self.late {
                    ready!(self.poll_late(cx));
                    return self.poll(cx);
                }
                if !self.seated {
                    self.take_seat();
                }
                ready!(self.poll_seat(cx))
            }
        };
        self.fetched = true;
        budget::spend();
        Poll::Ready(output)
    }
}

impl<T> Drop for JoinHandle<T> {
    #[inline]
    fn drop(&mut self) {
        match (self.fetched, self.seated) {
            (true, _) => {}
            (false, false) if !self.late => self.address.detach(),
            (false, _) => self.abandon(),
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
