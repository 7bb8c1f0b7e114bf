//! Rows 10: what timers cost, and how late they are, which belong together.
//!
//! A runtime that wakes up for each timer is exact and pays for it; one that looks once
//! in a millisecond is cheap and late. Either number alone can be made as good as one
//! likes, so a [`Sample`] has both, of the same run.

mod rivals;
pub mod side;
#[macro_use]
mod text;

use std::time::Duration;

pub use rivals::{RIVALS, Rival};

/// What is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scenario {
    /// 100,000 tasks that each sleep, within a second.
    Dense,
    /// A million of them.
    Denser,
    /// A timeout around a future that is ready at its second poll.
    Timeout,
    /// Sleeps that are polled once and dropped, 10,000 at a time.
    Register,
    /// One sleep after the other.
    Lone,
}

impl Scenario {
    /// Operations of one run, those that only warm up included.
    #[must_use]
    pub const fn operations(self) -> u64 {
        match self {
            Self::Dense => 100_000,
            Self::Denser => 1_000_000,
            Self::Timeout => 2 * TIMEOUTS,
            Self::Register => 21 * BATCH,
            Self::Lone => LONE,
        }
    }
}

/// One line of the table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The row's id.
    pub id: &'static str,
    /// What is measured, in the reader's words.
    pub title: &'static str,
    /// What is run.
    pub scenario: Scenario,
    /// Kettle's share of tokio's CPU time at most, where that is the goal.
    pub goal: Option<f64>,
}

/// The rows. The goal of 10d is lateness: 70 µs at the median, 200 at p99.
pub const ROWS: &[Row] = &[
    row("10a", "100,000 timers", Scenario::Dense, Some(0.45)),
    row(
        "10a million",
        "1,000,000 timers",
        Scenario::Denser,
        Some(0.33),
    ),
    row(
        "10b",
        "a timeout, not reached",
        Scenario::Timeout,
        Some(0.33),
    ),
    row(
        "10c",
        "set and drop a sleep",
        Scenario::Register,
        Some(0.12),
    ),
    row("10d", "a lone sleep", Scenario::Lone, None),
];

const fn row(
    id: &'static str,
    title: &'static str,
    scenario: Scenario,
    goal: Option<f64>,
) -> Row {
    Row {
        id,
        title,
        scenario,
        goal,
    }
}

/// What one run says.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    /// Nanoseconds of CPU per operation.
    pub cpu: f64,
    /// How late timers were, in microseconds.
    pub late: Vec<f64>,
}

impl Sample {
    fn new(cpu: Duration, operations: u64, late: Vec<Duration>) -> Self {
        let micros = |late: &Duration| late.as_nanos() as f64 / 1e3;
        Self {
            cpu: cpu.as_nanos() as f64 / operations as f64,
            late: late.iter().map(micros).collect(),
        }
    }
}

/// One run of a scenario on a side.
pub type Run = fn() -> Sample;

/// Timeouts of a run of row 10b.
const TIMEOUTS: u64 = 200_000;
/// Sleeps alive at once in row 10c.
const BATCH: u64 = 10_000;
/// Sleeps of a run of row 10d.
const LONE: u64 = 300;
/// Longer than any run.
const FAR: Duration = Duration::from_secs(3_600);

/// The sleep of timer `number`: spread over a second, after 0.2 s to spawn them all.
fn after(number: u64) -> Duration {
    Duration::from_micros(200_000 + number.wrapping_mul(7_368_787) % 1_000_000)
}

/// A millisecond to four, each at another distance from whole milliseconds.
fn lone(number: u64) -> Duration {
    Duration::from_micros(1_000 + number.wrapping_mul(7_919) % 3_000)
}

/// A side with what was stamped for it.
#[derive(Clone, Copy, Debug)]
pub struct Side {
    /// As the table prints it.
    pub name: &'static str,
    /// Whether its join handles are bound to their thread.
    pub stays: bool,
    /// Builds a runtime and sleeps in it, or says why it cannot.
    pub probe: fn() -> Result<(), String>,
    /// One run of a scenario.
    pub run: fn(Scenario) -> Run,
}

macro_rules! stamp {
    ($side:ident) => {
        mod $side {
            use super::Side;
            use super::side::$side as side;

            mod stamped {
                use super::side;
                timing!();
            }

            pub(super) const SIDE: Side = Side {
                name: side::NAME,
                stays: side::STAYS,
                probe: stamped::probe,
                run: stamped::run,
            };
        }
    };
}

stamp!(kettle);
stamp!(tokio);
stamp!(smol);
stamp!(gap);
#[cfg(all(feature = "peers", target_os = "linux"))]
stamp!(monoio);
#[cfg(all(feature = "peers", target_os = "linux"))]
stamp!(compio);

/// Kettle with the gap of [`side::gap::GAP`].
pub const OTHER_GAP: Side = gap::SIDE;

/// Every side that was compiled in, Kettle first, tokio second.
#[must_use]
pub fn sides() -> Vec<Side> {
    vec![
        kettle::SIDE,
        tokio::SIDE,
        smol::SIDE,
        #[cfg(all(feature = "peers", target_os = "linux"))]
        monoio::SIDE,
        #[cfg(all(feature = "peers", target_os = "linux"))]
        compio::SIDE,
    ]
}

/// The number below which a share of the sample lies.
#[must_use]
pub fn quantile(numbers: &[f64], share: f64) -> f64 {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = (sorted.len() as f64 * share) as usize;
    sorted
        .get(at.min(sorted.len().saturating_sub(1)))
        .map_or(0.0, |it| *it)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_one_of_the_numbers() {
        let numbers: Vec<f64> = (0..100).rev().map(f64::from).collect();
        assert_eq!(quantile(&numbers, 0.5), 50.0);
        assert_eq!(quantile(&numbers, 0.99), 99.0);
        assert_eq!(quantile(&numbers, 1.0), 99.0);
        assert_eq!(quantile(&[], 0.5), 0.0);
    }

    #[test]
    fn the_timers_of_a_run_lie_within_its_second() {
        for number in [0, 1, 999_999] {
            let after = after(number).as_micros();
            assert!((200_000..1_200_000).contains(&after));
            assert!((1_000..4_000).contains(&lone(number).as_micros()));
        }
    }
}
