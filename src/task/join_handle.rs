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

use super::address::{Address, Place};
use super::seat::{Promise, Seat};
use super::tasks::Found;
use super::{AbortHandle, Id, JoinError, Tasks, quietly};
use crate::budget;
use crate::waker::Key;

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
/// thread than its runtime's: the output may not leave that thread. Each handle panics
/// when it is polled again after it was ready.
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
    fetched: bool,
    /// Makes the handle `Send` and `Sync` exactly if `T` is `Send`, as tokio's is.
    output: PhantomData<Mutex<T>>,
}

impl<T> Unpin for JoinHandle<T> {}
impl<T> UnwindSafe for JoinHandle<T> {}
impl<T> RefUnwindSafe for JoinHandle<T> {}

impl<T> JoinHandle<T> {
    /// A handle for the task at `address`.
    pub(super) fn new(address: Address, local: bool) -> JoinHandle<T> {
        JoinHandle {
            address,
            local,
            fetched: false,
            output: PhantomData,
        }
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
        AbortHandle::new(self.address.clone())
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
    #[track_caller]
    fn take_seat(&mut self, key: Key) -> Arc<Seat> {
        assert!(
            !self.local,
            "the JoinHandle of a spawn_local task was polled on another thread than \
             its runtime's; await it there, or use spawn for tasks whose output is to \
             travel"
        );
        let id = self.address.id;
        let seat = Seat::new(id, Some(key));
        let promise = Promise::new(&seat);
        self.address
            .ask(move |tasks| tasks.reseat(key, id, promise));
        self.address.place = Place::Seat(Arc::clone(&seat));
        seat
    }
}

impl<T: 'static> JoinHandle<T> {
    fn poll_slot(
        &self,
        tasks: &Tasks,
        key: Key,
        cx: &mut Context<'_>,
    ) -> Poll<Result<T, JoinError>> {
        // Cloned before the slot is borrowed, because a clone is foreign code.
        match tasks.join(key, self.address.id, cx.waker().clone()) {
            Found::Output(mut body) => {
                let mut output = None;
                body.as_mut().take(&mut output);
                Poll::Ready(self.or_cancelled(output))
            }
            Found::Waiting(before) => {
                drop(before);
                Poll::Pending
            }
            Found::Gone => Poll::Ready(self.or_cancelled(None)),
        }
    }

    fn poll_seat(
        seat: &Seat,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<T, JoinError>>> {
        let parcel = ready!(seat.poll(cx));
        Poll::Ready(parcel.map(|parcel| {
            let output = parcel?.downcast::<T>();
            Ok(*output.expect("a seat is filled by the task whose handle this is"))
        }))
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
        let output = match (&self.address.place, self.address.at_home()) {
            (Place::Slot(key), Some(tasks)) => {
                ready!(self.poll_slot(&tasks, *key, cx))
            }
            (Place::Slot(key), None) => {
                let key = *key;
                let seat = self.take_seat(key);
                let output = ready!(Self::poll_seat(&seat, cx));
                self.or_cancelled(output)
            }
            (Place::Seat(seat), _) => {
                let output = ready!(Self::poll_seat(seat, cx));
                self.or_cancelled(output)
            }
        };
        self.fetched = true;
        budget::spend();
        Poll::Ready(output)
    }
}

impl<T> Drop for JoinHandle<T> {
    fn drop(&mut self) {
        if let Place::Slot(key) = self.address.place
            && !self.fetched
        {
            let id = self.address.id;
            quietly(|| self.address.ask(move |tasks| tasks.detach(key, id)));
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
