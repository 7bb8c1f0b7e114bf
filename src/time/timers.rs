//! The timers of one runtime: the wheel, the clock, and the wakers that wait.
//!
//! # How it works
//! The wheel counts in ticks from the moment when the runtime was built. A deadline is
//! rounded up to a tick and the clock down, so that nobody is woken early, and late by a
//! tick at most.
//!
//! A loop that wakes up for each tick spends more on waking up than on the timers when
//! these are dense; one that wakes up each millisecond makes a lone sleep late by half of
//! one. So a deadline is exact, unless the coming notches of the wheel are crowded: then
//! the loop sleeps for the **gap** at least, and takes what has come due at once.
//!
//! # Layer
//! 5: uses the clock, the wheel and the trace.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;
use std::task::Waker;
use std::time::Duration;

use super::entries::TimerKey;
use super::level::Tick;
use super::wheel::{Reset, Step, Wheel};
use crate::clock::Instant;
use crate::trace::{self, Event};
use crate::waker::{Homes, RuntimeId, inbox_of, quietly};

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
    wheel: RefCell<Wheel<Waker>>,
    ticks: Ticks,
    gap: Duration,
    /// Whose they are, once that is known.
    runtime: Cell<Option<RuntimeId>>,
    closed: Cell<bool>,
}

impl Timers {
    /// No timers, on a wheel that begins at `now`.
    pub(crate) fn new(settings: &Settings, now: Instant) -> Rc<Timers> {
        Rc::new(Timers {
            wheel: RefCell::default(),
            ticks: Ticks::new(now, settings.tick),
            gap: settings.gap,
            runtime: Cell::new(None),
            closed: Cell::new(false),
        })
    }

    /// They are those of `runtime`.
    pub(crate) fn belong_to(&self, runtime: RuntimeId) {
        self.runtime.set(Some(runtime));
    }

    /// Whether somebody elsewhere works for this runtime.
    pub(super) fn has_work_outside(&self) -> bool {
        let inbox = self.runtime.get().and_then(inbox_of);
        inbox.is_some_and(|inbox| inbox.outside_work() > 0)
    }

    /// The timers of `runtime`, if this thread is its home and it has not ended.
    pub(super) fn of(runtime: RuntimeId) -> Option<Rc<Timers>> {
        let timers = HOMES.with(|homes| homes.of(runtime))?;
        (!timers.closed.get()).then_some(timers)
    }

    /// Wakes `waker` once when `deadline` has passed; `None` if it has.
    pub(super) fn insert(
        &self,
        deadline: Instant,
        waker: &Waker,
    ) -> Option<TimerKey> {
        let deadline = self.ticks.deadline(deadline);
        let waker = waker.clone();
        let inserted = self.wheel.borrow_mut().insert(deadline, waker);
        // A waker that is handed back is dropped here, where nothing is borrowed.
        let key = inserted.ok()?;
        trace::emit(|by| Event::TimerSet {
            timer: traced(key),
            by,
        });
        Some(key)
    }

    /// Whether the timer has not fired.
    pub(super) fn is_pending(&self, key: TimerKey) -> bool {
        self.wheel.borrow_mut().item_mut(key).is_some()
    }

    /// Whether the timer has not fired; if so, it wakes `current` from now on.
    pub(super) fn wait(&self, key: TimerKey, current: &Waker) -> bool {
        let fits = match self.wheel.borrow_mut().item_mut(key) {
            None => return false,
            Some(waker) => waker.will_wake(current),
        };
        if !fits {
            let fresh = current.clone();
            drop(self.replace(key, fresh));
        }
        true
    }

    /// The waker that was replaced, to be dropped unborrowed.
    fn replace(&self, key: TimerKey, fresh: Waker) -> Waker {
        match self.wheel.borrow_mut().item_mut(key) {
            Some(waker) => std::mem::replace(waker, fresh),
            None => fresh,
        }
    }

    /// Gives a timer a new deadline; false if it has fired by now.
    pub(super) fn reset(&self, key: TimerKey, deadline: Instant) -> bool {
        let deadline = self.ticks.deadline(deadline);
        let reset = self.wheel.borrow_mut().reset(key, deadline);
        match reset {
            Reset::Moved => true,
            Reset::Due(waker) => {
                fire(key, waker);
                false
            }
            Reset::Gone => false,
        }
    }

    /// Takes a timer back; nothing happens if it has fired.
    pub(super) fn cancel(&self, key: TimerKey) {
        let waker = self.wheel.borrow_mut().cancel(key);
        if waker.is_some() {
            trace::emit(|_| Event::TimerCancel { timer: traced(key) });
        }
        drop(waker);
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

    /// The first tick that is not before `now`.
    pub(super) fn next_tick(&self, now: Instant) -> Instant {
        self.ticks.instant(self.ticks.deadline(now))
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
        loop {
            let step = self.wheel.borrow_mut().step(now);
            match step {
                Step::Fire(key, waker) => fire(key, waker),
                Step::Cascade(level, timers) => {
                    trace::emit(|_| Event::Cascade { level, timers });
                }
                Step::Rest => return,
            }
        }
    }

    /// The end: whoever still waits is told to look again, and finds no timers here.
    pub(super) fn close(&self) {
        self.closed.set(true);
        while let Some(waker) = self.take_any() {
            quietly(|| waker.wake());
        }
    }

    fn take_any(&self) -> Option<Waker> {
        self.wheel.borrow_mut().take_any()
    }
}

fn fire(key: TimerKey, waker: Waker) {
    trace::emit(|_| Event::TimerFire { timer: traced(key) });
    // The rest is woken even if one waker panics, and that one is nobody's here.
    quietly(|| waker.wake());
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
    /// Nanoseconds of a tick.
    length: u64,
}

impl Ticks {
    fn new(origin: Instant, length: Duration) -> Ticks {
        let length = u64::try_from(length.as_nanos()).unwrap_or(u64::MAX);
        Ticks { origin, length }
    }

    /// The first tick that is not before `deadline`.
    fn deadline(&self, deadline: Instant) -> Tick {
        let nanos = (deadline - self.origin).as_nanos();
        match u64::try_from(nanos) {
            Ok(nanos) => Tick(nanos.div_ceil(self.length)),
            // Centuries away.
            Err(_) => saturated(nanos.div_ceil(self.length.into())),
        }
    }

    /// The last tick that is not after `now`.
    fn elapsed(&self, now: Instant) -> Tick {
        let nanos = (now - self.origin).as_nanos();
        match u64::try_from(nanos) {
            Ok(nanos) => Tick(nanos / self.length),
            Err(_) => saturated(nanos / u128::from(self.length)),
        }
    }

    /// When `tick` begins, or the end of what the clock can show.
    fn instant(&self, tick: Tick) -> Instant {
        let nanos = u128::from(tick.0) * u128::from(self.length);
        let (secs, nanos) = (nanos / NANOS, nanos % NANOS);
        let secs = u64::try_from(secs).unwrap_or(u64::MAX);
        self.origin.far_add(Duration::new(secs, nanos as u32))
    }
}

const NANOS: u128 = 1_000_000_000;

fn saturated(ticks: u128) -> Tick {
    Tick(u64::try_from(ticks).unwrap_or(u64::MAX))
}
