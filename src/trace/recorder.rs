//! The recorder of one thread: a bounded ring, and the current cause.
//!
//! # Layer
//! 2: uses events and the clock.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use super::{Cause, Event, Task};
use crate::clock::Instant;

thread_local! {
    /// Whether something is recorded here; all that a call costs while nothing is.
    static ON: Cell<bool> = const { Cell::new(false) };
    static CAUSE: Cell<Cause> = const { Cell::new(Cause::Outside) };
    static RING: RefCell<Ring> = const { RefCell::new(Ring::new()) };
}

/// The last events, with their times.
#[derive(Debug)]
pub(super) struct Ring {
    pub(super) events: VecDeque<(Instant, Event)>,
    /// How many events there is room for.
    room: usize,
    /// How many were pushed out at the front.
    pub(super) lost: u64,
}

impl Ring {
    const fn new() -> Ring {
        Ring {
            events: VecDeque::new(),
            room: 0,
            lost: 0,
        }
    }

    fn push(&mut self, event: Event) {
        if self.events.len() == self.room {
            self.events.pop_front();
            self.lost += 1;
        }
        self.events.push_back((Instant::now(), event));
    }
}

/// Starts a recording with room for `room` events.
///
/// # Panics
/// If one is under way on this thread.
#[track_caller]
pub(super) fn start(room: usize) {
    assert!(
        !ON.get(),
        "a recording was started inside of another one on the same thread; one \
         recording sees all that happens there"
    );
    RING.with(|ring| ring.borrow_mut().room = room.max(1));
    ON.set(true);
}

/// Ends the recording and hands it out.
pub(super) fn stop() -> Ring {
    ON.set(false);
    CAUSE.set(Cause::Outside);
    RING.with(|ring| ring.replace(Ring::new()))
}

/// Writes an event down, if a recording is under way.
#[inline]
pub(crate) fn emit(event: impl FnOnce(Cause) -> Event) {
    if ON.with(Cell::get) {
        write_down(event(CAUSE.get()));
    }
}

/// From here on, until the next poll, timer or socket, what happens is `cause`'s doing.
#[inline]
pub(crate) fn caused_by(cause: Cause) {
    if ON.with(Cell::get) {
        CAUSE.set(cause);
    }
}

#[cold]
#[inline(never)]
fn write_down(event: Event) {
    // Who acts follows from what happens, so nobody else has to keep account of it.
    match event {
        Event::PollStart { task } => CAUSE.set(Cause::Task(task)),
        Event::TimerFire { timer } => CAUSE.set(Cause::Timer(timer)),
        Event::Ready { source, .. } => CAUSE.set(Cause::Source(source)),
        // The end of a task wakes whoever joins it: that is still the task's doing.
        Event::PollEnd { ready, .. } if !ready => CAUSE.set(Cause::Outside),
        Event::Park { .. } | Event::Unpark { .. } => CAUSE.set(Cause::Outside),
        _ => {}
    }
    RING.with(|ring| ring.borrow_mut().push(event));
}

/// Gives the task that is being polled a name in the recording under way, if there is one.
///
/// ```
/// use kettle::trace;
///
/// let ((), recording) = trace::record(|| {
///     kettle::runtime::Runtime::new().unwrap().block_on(async {
///         trace::name_task("cook");
///     });
/// });
/// let said: Vec<String> = recording.events().map(|event| event.to_string()).collect();
/// assert!(said.contains(&"task 1 is called cook".to_owned()));
/// ```
pub fn name_task(name: &'static str) {
    if let Cause::Task(Task(task)) = CAUSE.get() {
        emit(|_| Event::Name {
            task: Task(task),
            name,
        });
    }
}
