//! The timers of one runtime: the wheel, the clock, and the wakers that wait.
//!
//! # How it works
//! The wheel counts in ticks from the moment when the runtime was built. A deadline is
//! rounded up to a tick and the clock down, so that nobody is woken early, and late by a
//! tick at most. While the clock is stopped a tick is a nanosecond: what is turned by hand
//! is exact, and there is nothing to be gained by gathering timers.
//!
//! A loop that wakes up for each tick spends more on waking up than on the timers when
//! these are dense; one that wakes up each millisecond makes a lone sleep late by half of
//! one. So a deadline is exact, unless the coming notches of the wheel are crowded: then
//! the loop sleeps for the **gap** at least, and takes what has come due at once.
//!
//! Most who wait are tasks of this very runtime. Of them the key is kept and not the
//! waker, and they are woken without a call through its table.
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
use super::wheel::{Reset, Step, Wheel};
use crate::clock::Instant;
use crate::task::{self, Tasks, key_of, key_waker};
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

/// All timers of a runtime.
pub(crate) struct Timers {
    wheel: RefCell<Wheel<Waiter>>,
    ticks: Ticks,
    gap: Duration,
    /// What is due by then has fired: so much is known of a timer without a look at it.
    passed: Cell<Instant>,
    /// Whose they are, once that is known.
    runtime: Cell<Option<RuntimeId>>,
    closed: Cell<bool>,
}

/// Who waits for a timer.
#[derive(Debug)]
pub(super) enum Waiter {
    /// A task of the runtime whose timer it is.
    Task(Key),
    /// Anybody else.
    Other(Waker),
}

impl Waiter {
    /// Whether `waker` wakes the same.
    #[inline]
    fn is(&self, waker: &Waker) -> bool {
        match self {
            Waiter::Task(key) => key_of(waker) == Some(*key),
            Waiter::Other(other) => other.will_wake(waker),
        }
    }

    /// Wakes it, wherever this is.
    fn wake(self) {
        match self {
            Waiter::Task(key) => key_waker(key).wake_by_ref(),
            Waiter::Other(waker) => waker.wake(),
        }
    }
}

impl Timers {
    /// No timers, on a wheel that begins at `now`.
    pub(crate) fn new(settings: &Settings, now: Instant) -> Rc<Timers> {
        let ticks = Ticks::new(now, settings.tick);
        if settings.paused {
            ticks.length.set(1);
        }
        Rc::new(Timers {
            wheel: RefCell::default(),
            ticks,
            gap: settings.gap,
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

    /// Who waits when `waker` does. A clone may be foreign code, so it is made here and
    /// not while something is borrowed.
    #[inline]
    fn waiter(&self, waker: &Waker) -> Waiter {
        let home = self.runtime.get().map(RuntimeId::executor);
        match key_of(waker) {
            Some(key) if Some(key.executor()) == home => Waiter::Task(key),
            _ => Waiter::Other(waker.clone()),
        }
    }

    /// Wakes `waker` once when `deadline` has passed; `None` if it has.
    #[inline]
    pub(super) fn insert(
        &self,
        deadline: Instant,
        waker: &Waker,
    ) -> Option<TimerKey> {
        let deadline = self.ticks.deadline(deadline);
        let waiter = self.waiter(waker);
        let inserted = self.wheel.borrow_mut().insert(deadline, waiter);
        // A waker that is handed back is dropped here, where nothing is borrowed.
        let key = inserted.ok()?;
        trace::emit(|by| Event::TimerSet {
            timer: traced(key),
            by,
        });
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
            Some(waiter) => waiter.is(current),
        };
        if !fits {
            drop(self.replace(key, self.waiter(current)));
        }
        true
    }

    /// Who waited before, to be dropped unborrowed.
    fn replace(&self, key: TimerKey, fresh: Waiter) -> Waiter {
        match self.wheel.borrow_mut().item_mut(key) {
            Some(waiter) => std::mem::replace(waiter, fresh),
            None => fresh,
        }
    }

    /// Gives a timer a new deadline; false if it has fired by now.
    pub(super) fn reset(&self, key: TimerKey, deadline: Instant) -> bool {
        let deadline = self.ticks.deadline(deadline);
        let reset = self.wheel.borrow_mut().reset(key, deadline);
        match reset {
            Reset::Moved => true,
            Reset::Due(waiter) => {
                fired(key);
                quietly(|| waiter.wake());
                false
            }
            Reset::Gone => false,
        }
    }

    /// Takes a timer back, unless it has fired; who waited is to be dropped unborrowed.
    #[inline]
    #[must_use = "a waker is foreign and must be dropped unborrowed"]
    pub(super) fn cancel(&self, key: TimerKey) -> Option<Waiter> {
        let waiter = self.wheel.borrow_mut().cancel(key);
        if waiter.is_some() {
            trace::emit(|_| Event::TimerCancel { timer: traced(key) });
        }
        waiter
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.wheel.borrow().len() == 0
    }

    /// When there is something to do, to the tick.
    pub(super) fn next(&self) -> Option<Instant> {
        let next = self.wheel.borrow().next()?;
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
        let now = self.ticks.elapsed(now);
        let home = |runtime| task::HOMES.with(|homes| homes.of(runtime));
        let tasks = self.runtime.get().and_then(home);
        loop {
            let step = self.wheel.borrow_mut().step(now);
            match step {
                Step::Fire(key, waiter) => {
                    fired(key);
                    wake(tasks.as_deref(), waiter);
                }
                Step::Cascade(level, timers) => {
                    trace::emit(|_| Event::Cascade { level, timers });
                }
                Step::Rest => break,
            }
        }
        self.passed.set(self.ticks.instant(now));
    }

    /// The end: whoever still waits is told to look again, and finds no timers here.
    pub(crate) fn close(&self) {
        self.closed.set(true);
        while let Some(waiter) = self.take_any() {
            quietly(|| waiter.wake());
        }
    }

    fn take_any(&self) -> Option<Waiter> {
        self.wheel.borrow_mut().take_any()
    }
}

/// Wakes a waiter of the runtime whose tasks these are.
#[inline]
fn wake(tasks: Option<&Tasks>, waiter: Waiter) {
    match (waiter, tasks) {
        (Waiter::Task(key), Some(tasks)) => tasks.wake(key),
        // The rest is woken even if one waker panics, and that one is nobody's here.
        (waiter, _) => quietly(|| waiter.wake()),
    }
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

/// From instants to ticks and back.
#[derive(Debug)]
struct Ticks {
    origin: Instant,
    /// Nanoseconds of a tick while the clock runs.
    usual: u64,
    /// Nanoseconds of a tick.
    length: Cell<u64>,
}

impl Ticks {
    fn new(origin: Instant, length: Duration) -> Ticks {
        let usual = u64::try_from(length.as_nanos()).unwrap_or(u64::MAX);
        Ticks {
            origin,
            usual,
            length: Cell::new(usual),
        }
    }

    /// Makes ticks as long as they can be, or as short: the lengths before and after.
    fn change(&self, exactly: bool) -> (u64, u64) {
        let after = if exactly { 1 } else { self.usual };
        (self.length.replace(after), after)
    }

    /// The first tick that is not before `deadline`.
    fn deadline(&self, deadline: Instant) -> Tick {
        let nanos = (deadline - self.origin).as_nanos();
        match u64::try_from(nanos) {
            Ok(nanos) => Tick(nanos.div_ceil(self.length.get())),
            // Centuries away.
            Err(_) => saturated(nanos.div_ceil(self.length.get().into())),
        }
    }

    /// The last tick that is not after `now`.
    fn elapsed(&self, now: Instant) -> Tick {
        let nanos = (now - self.origin).as_nanos();
        match u64::try_from(nanos) {
            Ok(nanos) => Tick(nanos / self.length.get()),
            Err(_) => saturated(nanos / u128::from(self.length.get())),
        }
    }

    /// When `tick` begins, or the end of what the clock can show.
    fn instant(&self, tick: Tick) -> Instant {
        let nanos = u128::from(tick.0) * u128::from(self.length.get());
        let (secs, nanos) = (nanos / NANOS, nanos % NANOS);
        let secs = u64::try_from(secs).unwrap_or(u64::MAX);
        self.origin.far_add(Duration::new(secs, nanos as u32))
    }
}

const NANOS: u128 = 1_000_000_000;

fn saturated(ticks: u128) -> Tick {
    Tick(u64::try_from(ticks).unwrap_or(u64::MAX))
}
