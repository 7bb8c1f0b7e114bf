//! The loop: turns, until the main future is done.
//!
//! # Invariants
//! 1. No task is polled without a wake: what is polled comes from the run queue, and
//!    only spawning and waking put it there.
//! 2. Whatever is scheduled before the thread parks is run before it parks.
//! 3. While something is scheduled and nothing is registered outside, a turn makes no
//!    system call.
//!
//! # Layer
//! 5: uses tasks, wakers, the inbox and the budget.

use std::cell::Cell;
use std::fmt;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll};

use super::Habits;
use super::spin::spin;
use crate::budget;
use crate::task::{HOMES, Id, Next, Tasks, Turn, key_waker, polled, quietly};
use crate::trace::{self, Cause, Event};
use crate::waker::{
    AtHome, Inbox, Key, Mail, Park, RuntimeId, TooManyRuntimes, Unpark, deregister,
    enter, register, run,
};

/// Runs the tasks of one runtime on the thread where it was made.
pub(crate) struct Executor {
    inbox: Arc<Inbox>,
    tasks: Rc<Tasks>,
    habits: Habits,
    /// Polls of the turn in which the last `block_on` ended: the next one goes on with it,
    /// for a loop of short ones must look outside, too.
    begun: Cell<u32>,
    _at_home: AtHome<Tasks>,
}

impl Executor {
    /// An executor at home on this thread, whose sleep `unpark` ends.
    ///
    /// # Errors
    /// If there are 4,096 already.
    pub(crate) fn new(
        unpark: Arc<dyn Unpark>,
        habits: Habits,
    ) -> Result<Executor, TooManyRuntimes> {
        let inbox = register(unpark)?;
        let tasks = Tasks::new(inbox.runtime());
        Ok(Executor {
            _at_home: AtHome::new(&HOMES, inbox.runtime(), Rc::clone(&tasks)),
            inbox,
            tasks,
            habits,
            begun: Cell::new(0),
        })
    }

    /// The runtime's number.
    pub(crate) fn runtime(&self) -> RuntimeId {
        self.inbox.runtime()
    }

    /// Runs `future` and all tasks until `future` is done, sleeping on `park`.
    ///
    /// # Panics
    /// With what `future` panics with, and where a runtime is running on this thread.
    #[track_caller]
    pub(crate) fn block_on<F: Future>(
        &self,
        park: &impl Park,
        future: F,
    ) -> F::Output {
        let _running = run(self.runtime());
        let main = Main::new(&self.tasks);
        let mut future = pin!(future);
        loop {
            if self.habits.shuffles {
                trace::emit(|_| Event::Shuffle);
                self.tasks.shuffle();
            }
            for poll in self.begun.take()..self.habits.turn_length {
                match self.tasks.next() {
                    Next::Run(turn) => self.give(turn),
                    Next::Main => match main.poll(future.as_mut()) {
                        Poll::Ready(output) => {
                            self.begun.set(poll + 1);
                            return output;
                        }
                        Poll::Pending => main.pend(),
                    },
                    Next::Nothing => break,
                }
            }
            self.look_outside(park);
        }
    }

    /// Gives a task its turn. Its panics stay inside of the body.
    // Inlined into the loop, a turn stays in registers: 40 instructions less a poll.
    #[inline(always)]
    fn give(&self, turn: Turn) {
        let (key, id, mut body) = (turn.key, turn.id, turn.body);
        budget::refill();
        polled::begin(id, key);
        if turn.aborted {
            body.as_mut().cancel(id);
            return self.tasks.end(key, body);
        }
        let (waker, task) = (key_waker(key), id.traced());
        trace::emit(|_| Event::PollStart { task });
        let poll = body.as_mut().poll(id, &mut Context::from_waker(&waker));
        let ready = poll.is_ready();
        trace::emit(|_| Event::PollEnd { task, ready });
        match poll {
            Poll::Pending => self.tasks.pend(key, body, polled::has_woken_itself()),
            Poll::Ready(()) => self.tasks.end(key, body),
        }
    }

    /// The end of a turn: mail, then a look outside, or sleep if nothing is scheduled.
    fn look_outside(&self, park: &impl Park) {
        leave_polls();
        self.inbox.publish(self.tasks.census());
        if self.inbox.has_mail() {
            self.open(self.inbox.take());
        }
        if !self.tasks.is_idle() {
            park.look();
        } else {
            self.sleep(park);
        }
    }

    /// Nothing is scheduled: sleeps until something may be.
    fn sleep(&self, park: &impl Park) {
        spin(self.habits.spin, &self.inbox, &self.tasks, park);
        if self.tasks.is_idle() && self.inbox.fall_asleep() {
            park.park(None);
            self.inbox.awake();
        }
    }

    /// Does what other threads have asked for.
    fn open(&self, mail: Mail) {
        trace::caused_by(Cause::Elsewhere);
        for key in mail.keys {
            self.tasks.wake(key);
        }
        for order in mail.orders {
            quietly(order);
        }
        trace::caused_by(Cause::Outside);
    }

    /// The first half of the end: nothing is spawned any more, and every task is dropped.
    pub(crate) fn close(&self) {
        let _current = enter(self.runtime());
        self.tasks.close();
        // What was dropped may have left orders about timers and sockets.
        self.open(self.inbox.close());
    }
}

impl Drop for Executor {
    fn drop(&mut self) {
        // The id goes last: nobody finds the runtime from here on.
        deregister(self.runtime());
    }
}

impl fmt::Debug for Executor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Executor")
            .field("inbox", &self.inbox)
            .field("tasks", &self.tasks)
            .field("habits", &self.habits)
            .finish_non_exhaustive()
    }
}

/// The main future's slot, free again when `block_on` is left, by a panic too.
struct Main<'a> {
    tasks: &'a Tasks,
    key: Key,
    id: Id,
}

impl<'a> Main<'a> {
    fn new(tasks: &'a Tasks) -> Main<'a> {
        let (key, id) = tasks.insert_main();
        Main { tasks, key, id }
    }

    fn poll<F: Future>(&self, future: Pin<&mut F>) -> Poll<F::Output> {
        let waker = key_waker(self.key);
        budget::refill();
        polled::begin(self.id, self.key);
        let task = self.id.traced();
        trace::emit(|_| Event::PollStart { task });
        let poll = future.poll(&mut Context::from_waker(&waker));
        let ready = poll.is_ready();
        trace::emit(|_| Event::PollEnd { task, ready });
        poll
    }

    fn pend(&self) {
        self.tasks.pend_main(self.key, polled::has_woken_itself());
    }
}

impl Drop for Main<'_> {
    fn drop(&mut self) {
        leave_polls();
        self.tasks.remove_main(self.key);
    }
}

/// What runs from here on is no task, until the next poll.
fn leave_polls() {
    budget::lift();
    polled::end();
}
