//! One side's way through one row: what a round calls.

use std::time::Duration;

/// A scenario compiled for a side. It repeats the row's block of operations as often
/// as told, after one block that warms up, and returns the time of the repetitions.
pub type Run = fn(u64) -> Duration;

/// One side's way through one row.
#[derive(Clone, Copy, Debug)]
pub struct Arm {
    /// The side's name, as the table prints it.
    pub side: &'static str,
    /// Whether the side's join handles are bound to their thread.
    pub stays: bool,
    /// The scenario over bare futures: the copy that is timed.
    pub timed: Run,
    /// The same text over futures that count their polls and wakes. The raw limit
    /// has none: it calls no waker.
    pub counted: Option<Run>,
}

/// The raw limit's name in every table.
pub const RAW: &str = "raw limit";

impl Arm {
    /// The raw limit of a row: the least code that does the row's work.
    #[must_use]
    pub const fn raw(timed: Run) -> Self {
        Self {
            side: RAW,
            stays: true,
            timed,
            counted: None,
        }
    }
}
