//! An executor in forty lines: a channel of who is to be polled, and sleep.
//!
//! A waker sends the key of its task. The executor sleeps in `recv` until a key comes. A
//! list, a lock and a parked thread are in there; the book takes them out later.
//!
//! # Invariants
//! 1. Each key that is sent leads to one poll, or to nothing if its task is done.
//!
//! # Layer
//! 0: uses nothing of Kettle.

use std::fmt;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use super::{Context, Future, Wake, Waker};

/// Runs futures of our own kind on this thread.
///
/// ```
/// use kettle::machinery::{Executor, FromStd};
///
/// let mut executor = Executor::default();
/// executor.spawn(FromStd::new(async { println!("tea") }));
/// executor.run();
/// ```
pub struct Executor {
    /// The tasks by their keys; `None` is done.
    tasks: Vec<Option<Box<dyn Future<Output = ()>>>>,
    to_poll: Receiver<usize>,
    /// What each waker gets a clone of.
    sender: Sender<usize>,
}

impl Executor {
    /// Takes in a future, to be polled in `run`.
    pub fn spawn(&mut self, future: impl Future<Output = ()> + 'static) {
        let key = self.tasks.len();
        self.tasks.push(Some(Box::new(future)));
        Arc::new(Task(key, self.sender.clone())).wake();
    }

    /// Polls whoever was woken, and sleeps when nobody was, until all are done.
    pub fn run(&mut self) {
        while self.tasks.iter().any(Option::is_some) {
            let key = self.to_poll.recv().expect("the executor holds a sender");
            let waker = Waker::from(Arc::new(Task(key, self.sender.clone())));
            let task = &mut self.tasks[key];
            let future = task.as_mut();
            let mut cx = Context::from_waker(&waker);
            if future.is_some_and(|future| future.poll(&mut cx).is_ready()) {
                *task = None;
            }
        }
    }
}

/// A task's key, and where to send it.
struct Task(usize, Sender<usize>);

impl Wake for Task {
    fn wake(self: Arc<Task>) {
        // An executor that is gone polls nobody, so it need not hear of it.
        let _ = self.1.send(self.0);
    }
}

impl Default for Executor {
    fn default() -> Executor {
        let (sender, to_poll) = channel();
        Executor {
            tasks: Vec::new(),
            to_poll,
            sender,
        }
    }
}

impl fmt::Debug for Executor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let waiting = self.tasks.iter().flatten().count();
        let mut out = f.debug_struct("Executor");
        out.field("waiting", &waiting).finish_non_exhaustive()
    }
}
