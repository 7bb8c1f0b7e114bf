//! The rows of the table, and what Kettle must reach in each.
//!
//! Goals are ratios to tokio, set before Kettle was written. A goal is never moved
//! to where the result is.

use crate::scenario::Scenario;

/// One line of the table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// What `--rows` selects; several lines may share one.
    pub key: &'static str,
    /// Tells lines of one key apart.
    pub variant: &'static str,
    /// What is measured, in the reader's words.
    pub title: &'static str,
    /// What is run.
    pub scenario: Scenario,
    /// Kettle's share of tokio's time at most.
    pub goal: f64,
}

impl Row {
    /// Key and variant, as the table prints them.
    #[must_use]
    pub fn id(&self) -> String {
        match self.variant {
            "" => self.key.to_owned(),
            variant => format!("{} {variant}", self.key),
        }
    }
}

/// The rows of the executor, in the table's order.
pub const EXECUTOR: &[Row] = &[
    row("1", "", "block_on(ready)", Scenario::BlockOnReady, 0.08),
    row(
        "2",
        "",
        "spawn and await one",
        Scenario::SpawnAndAwait,
        0.18,
    ),
    row("3a", "", "spawn 1,000, join all", Scenario::Thousand, 0.27),
    row(
        "3b",
        "warm",
        "100,000 tasks",
        Scenario::HundredThousand,
        0.18,
    ),
    row(
        "3b",
        "cold",
        "100,000, new process",
        Scenario::HundredThousandCold,
        0.26,
    ),
    row("3c", "warm", "1,000,000 tasks", Scenario::Million, 0.20),
    row(
        "3c",
        "cold",
        "1,000,000, new process",
        Scenario::MillionCold,
        0.28,
    ),
    row("4", "", "yield_now, 1,000 tasks", Scenario::Yields, 0.25),
    row(
        "4",
        "socket",
        "the same, socket idle",
        Scenario::YieldsBesideSocket,
        0.28,
    ),
    row(
        "4",
        "plain",
        "wake_by_ref + Pending",
        Scenario::PlainYields,
        0.25,
    ),
    row(
        "12",
        "",
        "woken by a thread, wall",
        Scenario::RemoteWake,
        1.05,
    ),
    row(
        "13",
        "",
        "spawn_blocking, one core, wall",
        Scenario::Offload,
        1.0,
    ),
];

const fn row(
    key: &'static str,
    variant: &'static str,
    title: &'static str,
    scenario: Scenario,
    goal: f64,
) -> Row {
    Row {
        key,
        variant,
        title,
        scenario,
        goal,
    }
}
