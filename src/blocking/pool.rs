//! One runtime's pool: the queue, the threads, and the end.
//!
//! # Layer
//! 5: uses errands, the parker and the channel.

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, unbounded};

use super::worker;
use crate::task::{Errand, quietly};
use crate::waker::{RuntimeId, ThreadParker, Unpark};

/// What the `Builder` says of the pool.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// The most threads at a time.
    pub(crate) limit: usize,
    /// How long an idle thread waits for work before it ends.
    pub(crate) keep_alive: Duration,
    /// The name of each thread.
    pub(crate) name: String,
}

impl Default for Settings {
    /// tokio's numbers: 512 threads, because most of them only wait; ten seconds, because
    /// starting a thread costs no more than tens of microseconds.
    fn default() -> Settings {
        Settings {
            limit: 512,
            keep_alive: Duration::from_secs(10),
            name: "kettle-blocking".to_owned(),
        }
    }
}

/// The threads that block for one runtime. There are none before the first errand.
pub(crate) struct Pool {
    pub(super) runtime: RuntimeId,
    pub(super) settings: Settings,
    sender: Sender<Errand>,
    pub(super) queue: Receiver<Errand>,
    state: Mutex<State>,
    /// Told when the last thread leaves.
    all_gone: Condvar,
}

#[derive(Default)]
pub(super) struct State {
    /// The end has begun.
    pub(super) closed: bool,
    /// The parkers of idle workers; the one that was busy last is called first.
    pub(super) idle: Vec<Arc<ThreadParker>>,
    /// Every worker that has not left, by number.
    threads: HashMap<usize, JoinHandle<()>>,
    /// How many workers there ever were: the next one's number.
    started: usize,
    /// The worker that left last, to be joined by the next one or by the end: so no
    /// thread outlives the pool.
    left: Option<JoinHandle<()>>,
}

/// How many threads there are, how many of them are idle, how many errands wait.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Threads that have not left.
    pub(crate) threads: usize,
    /// Those of them that wait for work.
    pub(crate) idle: usize,
    /// Errands that wait for a thread.
    pub(crate) queued: usize,
}

impl Pool {
    /// A pool without threads for `runtime`.
    pub(crate) fn new(runtime: RuntimeId, settings: Settings) -> Arc<Pool> {
        let (sender, queue) = unbounded();
        Arc::new(Pool {
            runtime,
            settings,
            sender,
            queue,
            state: Mutex::default(),
            all_gone: Condvar::new(),
        })
    }

    /// Lets a worker run `errand`: an idle one, a new one, or the first that is free.
    ///
    /// After the end the errand is cancelled. Where the system refuses the first thread,
    /// it fails.
    pub(crate) fn submit(self: &Arc<Self>, errand: Errand) {
        let mut state = self.lock();
        if state.closed {
            drop(state);
            return errand.cancel();
        }
        self.sender
            .send(errand)
            .expect("the pool holds the receiver, too");
        if let Some(idle) = state.idle.pop() {
            drop(state);
            return idle.unpark();
        }
        if state.threads.len() < self.settings.limit
            && let Err(refused) = self.start_worker(&mut state)
            && state.threads.is_empty()
        {
            // Nobody would ever come to it (invariant 2).
            let errand = self.queue.try_recv();
            drop(state);
            fail(errand.ok(), &refused);
        }
    }

    fn start_worker(self: &Arc<Self>, state: &mut State) -> io::Result<()> {
        let number = state.started;
        let thread = worker::start(Arc::clone(self), number)?;
        state.started += 1;
        state.threads.insert(number, thread);
        Ok(())
    }

    /// The worker `number` leaves; `state` is the locked state.
    pub(super) fn leave(&self, mut state: MutexGuard<'_, State>, number: usize) {
        let this = state.threads.remove(&number);
        let before = std::mem::replace(&mut state.left, this);
        if state.threads.is_empty() {
            self.all_gone.notify_all();
        }
        drop(state);
        join(before);
    }

    /// The end: cancels what has not begun, and waits for what has, at most for
    /// `patience` if there is a limit to it.
    pub(crate) fn close(&self, patience: Option<Duration>) {
        let mut state = self.lock();
        state.closed = true;
        let idle = std::mem::take(&mut state.idle);
        let waiting: Vec<Errand> = self.queue.try_iter().collect();
        drop(state);
        idle.into_iter().for_each(|it| it.unpark());
        waiting.into_iter().for_each(Errand::cancel);
        self.wait_for_workers(patience.unwrap_or(Duration::MAX));
    }

    fn wait_for_workers(&self, patience: Duration) {
        let busy = |state: &mut State| !state.threads.is_empty();
        let (mut state, waited) = self
            .all_gone
            .wait_timeout_while(self.lock(), patience, busy)
            .expect("nothing that can panic runs under the pool's lock");
        if !waited.timed_out() {
            let last = state.left.take();
            drop(state);
            join(last);
        }
    }

    /// What there is at this moment.
    pub(crate) fn counts(&self) -> Counts {
        let state = self.lock();
        Counts {
            threads: state.threads.len(),
            idle: state.idle.len(),
            queued: self.queue.len(),
        }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state
            .lock()
            .expect("nothing that can panic runs under the pool's lock")
    }
}

/// Waits for a thread that has left, and so is about to end.
fn join(left: Option<JoinHandle<()>>) {
    if let Some(thread) = left {
        // Errands catch their panics; a thread-local's destructor may still panic, and
        // that is nobody's here.
        quietly(|| drop(thread.join()));
    }
}

fn fail(errand: Option<Errand>, refused: &io::Error) {
    if let Some(errand) = errand {
        errand.fail(Box::new(format!(
            "spawn_blocking needs a thread, and the operating system refused to start \
             the first one: {refused}"
        )));
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool")
            .field("runtime", &self.runtime)
            .field("settings", &self.settings)
            .field("counts", &self.counts())
            .finish_non_exhaustive()
    }
}
