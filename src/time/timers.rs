//! The timers of one runtime: the wheel, the clock, and the wakers that wait.
//!
//! # How it works
//! A loop that wakes up for each tick spends more on waking up than on the timers when
//! these are dense; one that wakes up each millisecond makes a lone sleep late by half of
//! one. So a deadline is exact, unless the coming notches of the wheel are crowded: then
//! the loop sleeps for the **gap** at least, and takes what has come due at once.
//!
//! Most who wait are tasks of this very runtime. They are taken off the wheel together and
//! then woken together, without a call through their wakers' table: so the loop waits for
//! far memory once, and not once for each of them. It takes no more of them at a time than
//! run in a turn, for what is woken long before it runs is far away again by then.
//!
//! # Layer
//! 5: uses the clock, the wheel, tasks and the trace.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;
use std::task::Waker;
use std::time::Duration;

use super::entries::TimerKey;
use super::level::Tick;
use super::ticks::Ticks;
use super::wheel::{Reset, Step, Wheel};
use crate::clock::Instant;
use crate::task::{self, Tasks, key_of};
use crate::trace::{self, Event};
use crate::waker::{Homes, Key, RuntimeId, inbox_of, quietly};

thread_local! {
    /// The timers of the runtimes at home on this thread.
    pub(crate) static HOMES: Homes<Timers> = const { Homes::new() };
}

/// What may be chosen about time.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// The length of a tick: a 64th of a millisecond if nothing is said. Level 0 of the
    /// wheel is then a millisecond, and whole milliseconds are whole ticks.
    pub(crate) tick: Duration,
    /// How long the loop sleeps at least when timers are dense.
    pub(crate) gap: Duration,
    /// Whether the clock stands still from the beginning.
    pub(crate) paused: bool,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            tick: Duration::from_nanos(1_000_000 / 64),
            gap: Duration::from_millis(1),
            paused: false,
        }
    }
}

/// From how many occupied notches on the wheel counts as crowded. So many times the loop
/// may wake up within 64 ticks: at two microseconds each that is 1 % of the time.
const CROWD: u32 = 5;

/// How many fire between two turns, at most: as many as a turn of the usual length runs.
const AT_ONCE: usize = 128;

/// Tasks whose timers have been taken off the wheel.
type Due = Vec<(TimerKey, Key)>;

/// All timers of a runtime.
pub(crate) struct Timers {
    wheel: RefCell<Wheel<Waker>>,
    ticks: Ticks,
    gap: Duration,
    /// Memory for those who are woken together.
    due: Cell<Due>,
    /// More are due than have been woken.
    behind: Cell<bool>,
    /// What is due by then has fired: so much is known of a timer without a look at it.
    passed: Cell<Instant>,
    /// Whose they are, once that is known.
    runtime: Cell<Option<RuntimeId>>,
    closed: Cell<bool>,
}

impl Timers {
    /// No timers, on a wheel that begins at `now`.
    pub(crate) fn new(settings: &Settings, now: Instant) -> Rc<Timers> {
        let ticks = Ticks::new(now, settings.tick);
        if settings.paused {
            ticks.change(true);
        }
        Rc::new(Timers {
            wheel: RefCell::default(),
            ticks,
            gap: settings.gap,
            due: Cell::default(),
            behind: Cell::new(false),
            passed: Cell::new(now),
            runtime: Cell::new(None),
            closed: Cell::new(false),
        })
    }

    /// They are those of `runtime`.
    pub(crate) fn belong_to(&self, runtime: RuntimeId) {
        self.runtime.set(Some(runtime));
    }

    /// The clock has been stopped, or goes on: from here on ticks are as long as that
    /// wants it.
    pub(super) fn count_exactly(&self, exactly: bool) {
        let mut wheel = self.wheel.borrow_mut();
        let (before, after) = self.ticks.change(exactly);
        let nanos = |tick: Tick| tick.0.saturating_mul(before);
        let elapsed = Tick(nanos(wheel.elapsed()) / after);
        wheel.count_in(elapsed, |tick| Tick(nanos(tick).div_ceil(after)));
    }

    /// Whether somebody elsewhere works for this runtime.
    pub(super) fn has_work_outside(&self) -> bool {
        let inbox = self.runtime.get().and_then(inbox_of);
        inbox.is_some_and(|inbox| inbox.outside_work() > 0)
    }

    /// The timers of `runtime`, if this thread is its home and it has not ended.
    #[inline]
    pub(super) fn of(runtime: RuntimeId) -> Option<Rc<Timers>> {
        let timers = HOMES.with(|homes| homes.of(runtime))?;
        (!timers.closed.get()).then_some(timers)
    }

    /// Wakes `waker` once when `deadline` has passed; `None` if it has.
    #[inline]
    pub(super) fn insert(
        &self,
        deadline: Instant,
        waker: &Waker,
    ) -> Option<TimerKey> {
        let deadline = self.ticks.deadline(deadline);
        // A clone is foreign code, and so is the drop of a waker that is handed back:
        // neither is done while something is borrowed.
        let waker = waker.clone();
        let inserted = self.wheel.borrow_mut().insert(deadline, waker);
        let key = inserted.ok()?;
        set(key);
        Some(key)
    }

    /// Whether all timers with this deadline have fired.
    #[inline]
    pub(super) fn has_passed(&self, deadline: Instant) -> bool {
        deadline <= self.passed.get()
    }

    /// Whether the timer has not fired.
    pub(super) fn is_pending(&self, key: TimerKey) -> bool {
        self.wheel.borrow_mut().item_mut(key).is_some()
    }

    /// Whether the timer has not fired; if so, it wakes `current` from now on.
    #[inline]
    pub(super) fn wait(&self, key: TimerKey, current: &Waker) -> bool {
        let fits = match self.wheel.borrow_mut().item_mut(key) {
            None => return false,
            Some(waker) => waker.will_wake(current),
        };
        if !fits {
            drop(self.replace(key, current.clone()));
        }
        true
    }

    /// Who waited before, to be dropped unborrowed.
    fn replace(&self, key: TimerKey, fresh: Waker) -> Waker {
        match self.wheel.borrow_mut().item_mut(key) {
            Some(waker) => std::mem::replace(waker, fresh),
            None => fresh,
        }
    }

    /// Gives a timer a new deadline, and so a new key; `None` if it has fired by now.
    pub(super) fn reset(
        &self,
        key: TimerKey,
        deadline: Instant,
    ) -> Option<TimerKey> {
        let deadline = self.ticks.deadline(deadline);
        let reset = self.wheel.borrow_mut().reset(key, deadline);
        match reset {
            Reset::Moved(moved) => {
                cancelled(key);
                set(moved);
                Some(moved)
            }
            Reset::Due(waker) => {
                fired(key);
                quietly(|| waker.wake());
                None
            }
            Reset::Gone => None,
        }
    }

    /// Takes a timer back, unless it has fired; who waited is to be dropped unborrowed.
    #[inline]
    #[must_use = "a waker is foreign and must be dropped unborrowed"]
    pub(super) fn cancel(&self, key: TimerKey) -> Option<Waker> {
        let waker = self.wheel.borrow_mut().cancel(key);
        if waker.is_some() {
            cancelled(key);
        }
        waker
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.wheel.borrow().len() == 0
    }

    /// When there is something to do, to the tick.
    pub(super) fn next(&self) -> Option<Instant> {
        let next = self.wheel.borrow_mut().next()?;
        Some(self.ticks.instant(next))
    }

    /// Until when the loop may sleep. When timers are dense, that is not before the gap
    /// is over.
    pub(super) fn wake_at(&self) -> Option<Instant> {
        let next = self.next()?;
        match self.wheel.borrow().crowd() {
            0..CROWD => Some(next),
            CROWD.. => Some(next.max(Instant::from_now(self.gap))),
        }
    }

    /// Wakes, in order, everyone whose deadline is not after `now`.
    pub(super) fn fire(&self, now: Instant) {
        while !self.fire_some(now) {}
    }

    /// Wakes the first of those whose deadline is not after `now`, no more of them than
    /// run in a turn; false if there may be others.
    pub(super) fn fire_some(&self, now: Instant) -> bool {
        let now = self.ticks.elapsed(now);
        let home = |runtime| task::HOMES.with(|homes| homes.of(runtime));
        let tasks = self.runtime.get().and_then(home);
        let mut due = self.due.take();
        let mut left = AT_ONCE;
        let done = loop {
            let step = self.gather(now, left, &mut due);
            left -= due.len();
            if let Some(tasks) = &tasks {
                tasks.look_ahead(due.iter().map(|(_, task)| *task));
            }
            for (timer, task) in due.drain(..) {
                fired(timer);
                wake(tasks.as_deref(), task);
            }
            match step {
                None => break false,
                Some(Step::Rest) => break true,
                Some(Step::Fire(timer, waker)) => {
                    fired(timer);
                    // The rest is woken even if one waker panics.
                    quietly(|| waker.wake());
                    left -= 1;
                }
                Some(Step::Cascade(level, timers)) => {
                    trace::emit(|_| Event::Cascade { level, timers });
                }
            }
        };
        self.due.set(due);
        self.has_come_to(now, done);
        done
    }

    /// Takes up to `most` tasks that are due off the wheel, until something else is to be
    /// done first. Waking them is no foreign code, so it may wait until then.
    fn gather(&self, now: Tick, most: usize, due: &mut Due) -> Option<Step<Waker>> {
        let home = self.runtime.get().map(RuntimeId::executor);
        let mut wheel = self.wheel.borrow_mut();
        wheel.look_ahead(now, most);
        while due.len() < most {
            let (timer, waker) = match wheel.step(now) {
                Step::Fire(timer, waker) => (timer, waker),
                other => return Some(other),
            };
            match key_of(&waker) {
                Some(task) if Some(task.executor()) == home => {
                    due.push((timer, task))
                }
                _ => return Some(Step::Fire(timer, waker)),
            }
        }
        None
    }

    /// Notes what has fired: all that is due at `now`, or what is due before the tick in
    /// which the wheel was left.
    fn has_come_to(&self, now: Tick, done: bool) {
        let passed = match done {
            true => now,
            false => self.wheel.borrow().elapsed().before(),
        };
        self.passed.set(self.ticks.instant(passed));
        self.behind.set(!done);
    }

    /// Whether more may be due than have been woken. Those may be gone by now, and where
    /// no timer is left there is nothing to be late for.
    pub(super) fn is_behind(&self) -> bool {
        self.behind.get() && !self.is_empty()
    }

    /// The end: whoever still waits is told to look again, and finds no timers here.
    pub(crate) fn close(&self) {
        self.closed.set(true);
        while let Some(waker) = self.take_any() {
            quietly(|| waker.wake());
        }
    }

    fn take_any(&self) -> Option<Waker> {
        self.wheel.borrow_mut().take_any()
    }
}

/// Wakes a task of the runtime whose tasks these are, unless that has ended.
#[inline]
fn wake(tasks: Option<&Tasks>, task: Key) {
    if let Some(tasks) = tasks {
        tasks.wake(task);
    }
}

#[inline]
fn set(key: TimerKey) {
    let timer = traced(key);
    trace::emit(|by| Event::TimerSet { timer, by });
}

#[inline]
fn cancelled(key: TimerKey) {
    trace::emit(|_| Event::TimerCancel { timer: traced(key) });
}

#[inline]
fn fired(key: TimerKey) {
    trace::emit(|_| Event::TimerFire { timer: traced(key) });
}

/// The timer in the eyes of the recorder.
fn traced(key: TimerKey) -> trace::Timer {
    trace::Timer(key.serial)
}

impl fmt::Debug for Timers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Timers")
            .field("ticks", &self.ticks)
            .field("gap", &self.gap)
            .finish_non_exhaustive()
    }
}
