//! How a set hears which of its children has ended, without asking all of them.
//!
//! Each child carries an [`Announcement`] with its number, which posts the number to the
//! set when the child is dropped: at its end, whatever kind of end that is. So a set of
//! a hundred thousand looks at one child when one has ended.
//!
//! A child may announce its end before its output can be fetched: the output of another
//! thread is still on its way. The set then polls the handle with a [`Bell`] as its waker,
//! which posts the number once more.
//!
//! # Invariants
//! 1. A number that is posted twice, or too late, costs one look.
//! 2. Wakers are cloned before the lock is taken, and woken and dropped after it.
//! 3. The set's waker is kept only from a look that found nothing to the wake that it was
//!    left for, or to `forget`.
//!
//! # Layer
//! 8: uses nothing of Kettle.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Wake, Waker};

/// Where children post their numbers, and the set finds them.
#[derive(Default)]
pub(super) struct Board {
    letters: Mutex<Letters>,
}

#[derive(Default)]
struct Letters {
    /// Numbers, in the order of their ends.
    posted: VecDeque<usize>,
    /// Whom the next number wakes (invariant 3).
    waker: Option<Waker>,
}

impl Board {
    /// The next number; without one, `cx` is woken when it comes.
    pub(super) fn next(&self, cx: &mut Context<'_>) -> Option<usize> {
        let waker = cx.waker().clone();
        let mut letters = self.open();
        let number = letters.posted.pop_front();
        let unwanted = match number {
            Some(_) => Some(waker),
            None => letters.waker.replace(waker),
        };
        drop(letters);
        drop(unwanted);
        number
    }

    /// The next number, if there is one.
    pub(super) fn try_next(&self) -> Option<usize> {
        self.open().posted.pop_front()
    }

    /// Nobody waits any more.
    pub(super) fn forget(&self) {
        let waker = self.open().waker.take();
        drop(waker);
    }

    fn post(&self, number: usize) {
        let mut letters = self.open();
        letters.posted.push_back(number);
        let waker = letters.waker.take();
        drop(letters);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn open(&self) -> MutexGuard<'_, Letters> {
        self.letters
            .lock()
            .expect("nothing that can panic runs under the board's lock")
    }
}

/// Posts its number when it is dropped.
pub(super) struct Announcement {
    board: Arc<Board>,
    number: usize,
}

impl Announcement {
    /// The announcement of the child `number`.
    pub(super) fn new(board: &Arc<Board>, number: usize) -> Announcement {
        let board = Arc::clone(board);
        Announcement { board, number }
    }
}

impl Drop for Announcement {
    fn drop(&mut self) {
        self.board.post(self.number);
    }
}

/// Posts its number when it is woken.
pub(super) struct Bell {
    board: Arc<Board>,
    number: usize,
}

impl Bell {
    /// A waker that posts `number`.
    pub(super) fn waker(board: &Arc<Board>, number: usize) -> Waker {
        let board = Arc::clone(board);
        Waker::from(Arc::new(Bell { board, number }))
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Bell>) {
        self.board.post(self.number);
    }
}
