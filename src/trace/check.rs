//! The runtime's own rules, held against a recording.
//!
//! # Layer
//! 2: uses events.

use std::collections::{HashSet, VecDeque};
use std::fmt;

use super::{Cause, Event, Recording, Source, Task, Timer};

/// A rule that a recording breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The number of the event, from 0.
    pub event: usize,
    /// What is wrong with it.
    pub what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "event {}: {}", self.event, self.what)
    }
}

impl Recording {
    /// The rules that this recording breaks: what is polled was scheduled, in the order
    /// of the run queue unless that was shuffled; a wake has a cause that existed; nobody sleeps while something
    /// is scheduled; what has ended is not polled again.
    ///
    /// A recording that lost its beginning, or began while tasks were alive, speaks of
    /// tasks that it does not know; those are left out.
    pub fn check(&self) -> Vec<Violation> {
        let mut house = House::default();
        let mut found = Vec::new();
        for (number, event) in self.events().enumerate() {
            if let Err(what) = house.see(event) {
                let event = number;
                found.push(Violation { event, what });
            }
        }
        found
    }
}

/// What must be so, as far as the events tell.
#[derive(Default)]
struct House {
    alive: HashSet<Task>,
    queue: VecDeque<Task>,
    /// The order of the queue is not what it was.
    shuffled: bool,
    polled: Option<Task>,
    /// The task that is polled has woken itself: it is scheduled when its poll is over.
    again: bool,
    /// The task that was ready last: its end may still wake others.
    ended: Option<Task>,
    timers: HashSet<Timer>,
    sources: HashSet<Source>,
    /// Timers and sources that spoke in the sweep under way.
    fired: HashSet<Timer>,
    ready: HashSet<Source>,
}

impl House {
    fn see(&mut self, event: &Event) -> Result<(), String> {
        match event {
            Event::Spawn { task, by, .. } => {
                self.exists(by)?;
                self.alive.insert(*task);
                self.queue.push_back(*task);
            }
            Event::Wake { task, queued, by } => {
                self.exists(by)?;
                if *queued && self.polled == Some(*task) {
                    self.again = true;
                } else if *queued && self.alive.contains(task) {
                    self.schedule(*task)?;
                }
            }
            Event::PollStart { task } => self.poll(*task)?,
            Event::PollEnd { task, ready } => self.end(*task, *ready)?,
            Event::Cancel { task } => {
                self.alive.remove(task);
                self.queue.retain(|queued| queued != task);
            }
            Event::Shuffle => self.shuffled = true,
            Event::Park { .. } => self.park()?,
            other => self.see_outside(other)?,
        }
        Ok(())
    }

    /// Timers and sockets.
    fn see_outside(&mut self, event: &Event) -> Result<(), String> {
        match event {
            Event::TimerSet { timer, by } => {
                self.exists(by)?;
                self.timers.insert(*timer);
            }
            Event::TimerFire { timer } => {
                if !self.timers.remove(timer) {
                    return Err(format!("{timer} fires, but was not set"));
                }
                self.fired.insert(*timer);
            }
            Event::TimerCancel { timer } => {
                self.timers.remove(timer);
            }
            Event::Register { source, by } => {
                self.exists(by)?;
                self.sources.insert(*source);
            }
            Event::Ready { source, .. } => {
                if !self.sources.contains(source) {
                    return Err(format!(
                        "{source} is ready, but is not registered"
                    ));
                }
                self.ready.insert(*source);
            }
            Event::Deregister { source } => {
                self.sources.remove(source);
            }
            // What is left makes no difference to the rules.
            _ => {}
        }
        Ok(())
    }

    fn exists(&self, cause: &Cause) -> Result<(), String> {
        let exists = match cause {
            Cause::Outside | Cause::Elsewhere => true,
            Cause::Task(task) => [self.polled, self.ended].contains(&Some(*task)),
            Cause::Timer(timer) => self.fired.contains(timer),
            Cause::Source(source) => self.ready.contains(source),
        };
        match exists {
            true => Ok(()),
            false => {
                Err(format!("{cause} is said to be the cause, but did not act"))
            }
        }
    }

    fn schedule(&mut self, task: Task) -> Result<(), String> {
        if self.queue.contains(&task) {
            return Err(format!("{task} is in the run queue twice"));
        }
        self.queue.push_back(task);
        Ok(())
    }

    fn poll(&mut self, task: Task) -> Result<(), String> {
        if let Some(other) = self.polled {
            return Err(format!("{task} is polled while {other} is"));
        }
        (self.polled, self.ended) = (Some(task), None);
        if !self.alive.contains(&task) {
            return Ok(());
        }
        if self.shuffled
            && let Some(place) = self.queue.iter().position(|it| *it == task)
        {
            self.queue.swap(0, place);
        }
        match self.queue.pop_front() {
            Some(first) if first == task => Ok(()),
            Some(first) => {
                Err(format!("{task} is polled, but it is {first}'s turn"))
            }
            None => Err(format!("{task} is polled, but was not woken")),
        }
    }

    fn end(&mut self, task: Task, ready: bool) -> Result<(), String> {
        if self.polled.take() != Some(task) {
            return Err(format!("the poll of {task} ends, but had not begun"));
        }
        let again = std::mem::take(&mut self.again);
        if ready {
            self.ended = Some(task);
            self.alive.remove(&task);
            self.queue.retain(|queued| *queued != task);
        } else if again && self.alive.contains(&task) {
            self.schedule(task)?;
        }
        Ok(())
    }

    fn park(&mut self) -> Result<(), String> {
        self.ended = None;
        self.fired.clear();
        self.ready.clear();
        match self.queue.front() {
            Some(task) => Err(format!("the loop sleeps, but {task} is scheduled")),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::Recording;

    const ONE: Task = Task(1);
    const TWO: Task = Task(2);
    const BY: Cause = Cause::Outside;

    fn spawn(task: Task) -> Event {
        let at = None;
        Event::Spawn { task, by: BY, at }
    }

    fn start(task: Task) -> Event {
        Event::PollStart { task }
    }

    fn end(task: Task, ready: bool) -> Event {
        Event::PollEnd { task, ready }
    }

    fn wake(task: Task, by: Cause) -> Event {
        let queued = true;
        Event::Wake { task, queued, by }
    }

    #[track_caller]
    fn breaks(events: &[Event], what: &str) {
        let found = Recording::of(events).check();
        let last = events.len() - 1;
        let what = what.to_owned();
        assert_eq!(found, [Violation { event: last, what }]);
    }

    #[test]
    fn a_sound_life_breaks_no_rule() {
        let events = [
            spawn(ONE),
            start(ONE),
            wake(ONE, Cause::Task(ONE)),
            end(ONE, false),
            start(ONE),
            end(ONE, true),
            Event::Park { timeout: None },
        ];
        assert_eq!(Recording::of(&events).check(), []);
    }

    #[test]
    fn each_rule_is_missed_when_it_is_broken() {
        breaks(
            &[spawn(ONE), start(ONE), end(ONE, false), start(ONE)],
            "task 1 is polled, but was not woken",
        );
        breaks(
            &[spawn(ONE), spawn(TWO), start(TWO)],
            "task 2 is polled, but it is task 1's turn",
        );
        breaks(
            &[spawn(ONE), Event::Park { timeout: None }],
            "the loop sleeps, but task 1 is scheduled",
        );
        breaks(
            &[spawn(ONE), wake(ONE, BY)],
            "task 1 is in the run queue twice",
        );
        breaks(
            &[
                spawn(ONE),
                start(ONE),
                end(ONE, false),
                wake(ONE, Cause::Timer(Timer(1))),
            ],
            "timer 1 is said to be the cause, but did not act",
        );
        breaks(
            &[Event::TimerFire { timer: Timer(1) }],
            "timer 1 fires, but was not set",
        );
        breaks(
            &[end(ONE, true)],
            "the poll of task 1 ends, but had not begun",
        );
    }
}
