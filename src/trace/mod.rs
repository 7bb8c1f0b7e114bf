//! What the runtime does, written down as it does it.
//!
//! A bug in an async program is a question about order: who woke whom, and what ran in
//! between. [`record`] runs a closure and returns the list of events on its thread. The
//! tests compare such lists, and [`Recording::check`] holds any of them against the
//! runtime's own rules.
//!
//! # How it works
//! Each place where something happens calls [`emit`] with a closure that makes the
//! event. While nothing is recorded, that is one load and one branch. *Who did it*, the
//! [`Cause`], follows from the events themselves: from the start of a poll to its end it
//! is the task, from the firing of a timer on it is the timer.
//!
//! # Invariants
//! 1. A recording names tasks, timers and sources by order of appearance, so two runs
//!    that do the same give the same list.
//!
//! # Layer
//! 2: may use the clock; must not know what the events are about.

mod check;
mod event;
mod recorder;
mod recording;

pub use check::Violation;
pub use event::{Cause, Event, Source, Task, Timer, Why};
pub use recorder::name_task;
pub(crate) use recorder::{caused_by, emit};
pub use recording::{Recorded, Recording, record, record_at_most};
