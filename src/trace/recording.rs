//! A finished recording: the events of a stretch of time on one thread.
//!
//! # Layer
//! 2: uses the recorder.

use std::collections::HashMap;
use std::time::Duration;

use super::event::{Cause, Event, Source, Task, Timer};
use super::recorder;

/// How many events a recording keeps if nothing is said.
const ROOM: usize = 1 << 16;

/// What happened, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording {
    recorded: Vec<Recorded>,
    lost: u64,
}

/// An event and when it happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The time since the first event of the recording.
    pub at: Duration,
    /// What happened.
    pub event: Event,
}

/// Runs `program` and records what Kettle does on this thread meanwhile, the last 65,536
/// events of it.
///
/// # Panics
/// With what `program` panics with, and inside of another recording.
///
/// ```
/// let (sum, recording) = kettle::trace::record(|| {
///     let runtime = kettle::runtime::Builder::new_current_thread().build().unwrap();
///     runtime.block_on(async { kettle::spawn(async { 2 }).await.unwrap() + 2 })
/// });
/// assert_eq!(sum, 4);
/// assert_eq!(recording.check(), []);
/// for event in recording.events() {
///     println!("{event}");
/// }
/// ```
#[track_caller]
pub fn record<T>(program: impl FnOnce() -> T) -> (T, Recording) {
    record_at_most(ROOM, program)
}

/// [`record`], with room for the last `room` events.
///
/// # Panics
/// As `record`.
#[track_caller]
pub fn record_at_most<T>(
    room: usize,
    program: impl FnOnce() -> T,
) -> (T, Recording) {
    recorder::start(room);
    let stop = Stop;
    let output = program();
    std::mem::forget(stop);
    (output, Recording::new(recorder::stop()))
}

/// Ends the recording of a program that panics.
struct Stop;

impl Drop for Stop {
    fn drop(&mut self) {
        recorder::stop();
    }
}

impl Recording {
    fn new(ring: recorder::Ring) -> Recording {
        let mut names = Names::default();
        let start = ring.events.front().map(|(at, _)| *at);
        let recorded = ring.events.into_iter().map(|(at, mut event)| {
            names.rename(&mut event);
            let at = start.map_or(Duration::ZERO, |start| at - start);
            Recorded { at, event }
        });
        Recording {
            recorded: recorded.collect(),
            lost: ring.lost,
        }
    }

    /// A recording of these events, at no time in particular.
    #[cfg(test)]
    pub(super) fn of(events: &[Event]) -> Recording {
        let recorded = events.iter().map(|event| Recorded {
            at: Duration::ZERO,
            event: event.clone(),
        });
        Recording {
            recorded: recorded.collect(),
            lost: 0,
        }
    }

    /// The events in order.
    pub fn events(&self) -> impl Iterator<Item = &Event> {
        self.recorded.iter().map(|recorded| &recorded.event)
    }

    /// The events with their times.
    pub fn recorded(&self) -> &[Recorded] {
        &self.recorded
    }

    /// How many events at the beginning there was no room for.
    pub fn lost(&self) -> u64 {
        self.lost
    }
}

/// Numbers by order of appearance (invariant 1).
#[derive(Default)]
struct Names {
    tasks: HashMap<u64, u64>,
    timers: HashMap<u64, u64>,
    sources: HashMap<u64, u64>,
}

impl Names {
    fn rename(&mut self, event: &mut Event) {
        match event {
            Event::Spawn { task, by, .. }
            | Event::Wake { task, by, .. }
            | Event::Abort { task, by } => {
                self.cause(by);
                self.task(task);
            }
            Event::Name { task, .. }
            | Event::PollStart { task }
            | Event::PollEnd { task, .. }
            | Event::Panic { task }
            | Event::Cancel { task } => self.task(task),
            Event::TimerSet { timer, by } => {
                self.cause(by);
                self.timer(timer);
            }
            Event::TimerFire { timer } | Event::TimerCancel { timer } => {
                self.timer(timer)
            }
            Event::Register { source, by } => {
                self.cause(by);
                self.source(source);
            }
            Event::Ready { source, .. } | Event::Deregister { source } => {
                self.source(source);
            }
            Event::Shuffle
            | Event::Park { .. }
            | Event::Unpark { .. }
            | Event::Advance { .. }
            | Event::Cascade { .. } => {}
        }
    }

    fn cause(&mut self, cause: &mut Cause) {
        match cause {
            Cause::Task(task) => self.task(task),
            Cause::Timer(timer) => self.timer(timer),
            Cause::Source(source) => self.source(source),
            Cause::Outside | Cause::Elsewhere => {}
        }
    }

    fn task(&mut self, task: &mut Task) {
        task.0 = number(&mut self.tasks, task.0);
    }

    fn timer(&mut self, timer: &mut Timer) {
        timer.0 = number(&mut self.timers, timer.0);
    }

    fn source(&mut self, source: &mut Source) {
        source.0 = number(&mut self.sources, source.0);
    }
}

fn number(names: &mut HashMap<u64, u64>, raw: u64) -> u64 {
    let next = names.len() as u64 + 1;
    *names.entry(raw).or_insert(next)
}
