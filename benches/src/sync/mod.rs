//! Rows 5a to 8b: what tasks hand to each other, and what they wait for.
//!
//! # How it works
//! A [`kit`] is a library of primitives on a runtime, under the same few names. The text
//! of each scenario stands once (`text.rs`) and is stamped onto every kit that has the
//! primitive. Kettle's and tokio's kits each run on their own runtime; the peers, which
//! bring none, run on Kettle's, so that what differs from Kettle's column is the
//! primitive alone. So does tokio's own kit, once more.

pub mod kit;
#[macro_use]
mod text;

use crate::arm::Arm;
use crate::blocks::{self, Row};

/// What the operations of a block are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scenario {
    /// A question and its answer over two oneshots, to a task spawned for it.
    Oneshot,
    /// A message and its answer over two channels of one slot.
    PingPong,
    /// A notification and its answer.
    Notify,
    /// A message through a channel of a hundred slots, from one producer.
    Bounded,
    /// The same from ten producers.
    BoundedTen,
    /// A message through a channel without limit, from one producer.
    Unbounded,
    /// The same from ten producers.
    UnboundedTen,
    /// A permit that nobody else wants.
    Permit,
    /// A permit that a hundred tasks want, of ten, kept across a yield.
    PermitHundred,
    /// A lock that nobody else wants.
    Lock,
    /// A lock that a hundred tasks want, kept across a yield.
    LockHundred,
}

/// Round trips in a block of rows 5.
pub(crate) const TRIPS: u64 = 1_000;
/// Messages in a block of rows 6, and uncontended turns in one of rows 7a and 8a.
pub(crate) const MANY: u64 = 10_000;
/// Tasks of rows 7b and 8b.
pub(crate) const TASKS: u64 = 100;

impl Scenario {
    /// Operations in a block: what a block's time is divided by.
    #[must_use]
    pub const fn operations(self) -> u64 {
        match self {
            Self::Oneshot | Self::PingPong | Self::Notify => TRIPS,
            _ => MANY,
        }
    }
}

/// The rows of the primitives, in the table's order. Where a goal has two numbers, one
/// for a plain lock and one for a fast path, this is the one for the fast path, which
/// Kettle has.
#[must_use]
pub fn rows() -> Vec<Row> {
    vec![
        row("5a", "oneshot there and back", Scenario::Oneshot, 0.60),
        row("5b", "mpsc(1) there and back", Scenario::PingPong, 0.45),
        row("5c", "Notify there and back", Scenario::Notify, 0.70),
        row("6a-1", "mpsc(100), 1 producer", Scenario::Bounded, 0.45),
        row(
            "6a-10",
            "mpsc(100), 10 producers",
            Scenario::BoundedTen,
            0.45,
        ),
        row("6b-1", "unbounded, 1 producer", Scenario::Unbounded, 0.75),
        row(
            "6b-10",
            "unbounded, 10 producers",
            Scenario::UnboundedTen,
            0.75,
        ),
        row("7a", "semaphore, uncontended", Scenario::Permit, 0.50),
        row("7b", "100 tasks, 10 permits", Scenario::PermitHundred, 0.42),
        row("8a", "mutex, uncontended", Scenario::Lock, 0.45),
        row("8b", "100 tasks, one mutex", Scenario::LockHundred, 0.42),
    ]
}

fn row(
    id: &'static str,
    title: &'static str,
    scenario: Scenario,
    goal: f64,
) -> Row {
    Row {
        id,
        title,
        operations: scenario.operations(),
        goal,
        arms: arms(scenario),
    }
}

stamp!(scenarios onto kettle: oneshot channel unbounded notify semaphore mutex);
stamp!(scenarios onto tokio: oneshot channel unbounded notify semaphore mutex);
stamp!(scenarios onto tokio_on_kettle: oneshot channel unbounded notify semaphore mutex);
stamp!(scenarios onto futures: oneshot channel unbounded mutex);
stamp!(scenarios onto async_lock: semaphore mutex);
stamp!(scenarios onto local_sync: oneshot channel unbounded semaphore);

/// What a scenario compares: every kit that has the primitive, Kettle's first.
fn arms(scenario: Scenario) -> Vec<Arm> {
    let kits = [
        kettle::STAMPED,
        tokio::STAMPED,
        tokio_on_kettle::STAMPED,
        futures::STAMPED,
        async_lock::STAMPED,
        local_sync::STAMPED,
    ];
    blocks::arms(&kits, scenario)
}
