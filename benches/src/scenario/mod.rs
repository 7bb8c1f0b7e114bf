//! The executor's scenarios, stamped onto each side.
//!
//! # How it works
//! The macro `rows!` (in `text.rs`) holds the text of every scenario. `stamp!` puts
//! it twice into a module per side: once over bare futures, to be timed, and once
//! over futures that count. [`arms`] collects what a row compares, and [`sides`]
//! tells which runtimes there are, so that the caller can leave out those that do
//! not run here.

mod raw;
mod remote;
#[macro_use]
mod text;

use std::hint::black_box;

use crate::allocator::Tally;
use crate::arm::{Arm, Run};

/// What the operations of a block are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scenario {
    /// `block_on` of a future that is ready.
    BlockOnReady,
    /// Spawn one task and await it.
    SpawnAndAwait,
    /// Spawn a thousand tasks, then await all.
    Thousand,
    /// Spawn 100,000 tasks, then await all, in a warm process.
    HundredThousand,
    /// The same as the process's first work.
    HundredThousandCold,
    /// Spawn a million tasks, then await all, in a warm process.
    Million,
    /// The same as the process's first work.
    MillionCold,
    /// A thousand tasks that yield in turn, each side by its own `yield_now`.
    Yields,
    /// The same with an idle socket registered.
    YieldsBesideSocket,
    /// The same by one and the same future on all sides: wake yourself, be pending.
    PlainYields,
    /// A task waits for a wake from another thread, and that thread for the task.
    RemoteWake,
    /// A closure goes to a thread of the pool and its answer comes back, on one core.
    Offload,
}

/// Tasks that turn in rows 4, and tasks of a batch of row 3a.
const RING: u64 = 1_000;
/// Yields of each task in a block of rows 4.
const YIELDS: u64 = 100;
/// Calls of `block_on` in a block of row 1.
const CALLS: u64 = 10_000;
/// Round trips in a block of row 2.
const TRIPS: u64 = 1_000;
/// Batches in a block of row 3a.
const BATCHES: u64 = 10;
/// Round trips between two threads in a block of rows 12 and 13.
const PINGS: u64 = 100;

impl Scenario {
    /// Operations in a block: what a block's time is divided by.
    #[must_use]
    pub const fn operations(self) -> u64 {
        match self {
            Self::BlockOnReady => CALLS,
            Self::SpawnAndAwait => TRIPS,
            Self::Thousand => BATCHES * RING,
            Self::HundredThousand | Self::HundredThousandCold => 100_000,
            Self::Million | Self::MillionCold => 1_000_000,
            Self::Yields | Self::YieldsBesideSocket | Self::PlainYields => {
                RING * YIELDS
            }
            Self::RemoteWake | Self::Offload => PINGS,
        }
    }

    /// Whether the scenario wants a process that has done nothing yet.
    #[must_use]
    pub const fn is_cold(self) -> bool {
        matches!(self, Self::HundredThousandCold | Self::MillionCold)
    }

    /// Whether one block is long enough to be timed alone.
    #[must_use]
    pub const fn is_long(self) -> bool {
        matches!(self, Self::HundredThousand | Self::Million) || self.is_cold()
    }

    /// Whether the counts table has a line for it: the large batches repeat row 3a,
    /// and rows 12 and 13 wait more than they work.
    #[must_use]
    pub const fn is_counted(self) -> bool {
        matches!(
            self,
            Self::BlockOnReady
                | Self::SpawnAndAwait
                | Self::Thousand
                | Self::Yields
                | Self::YieldsBesideSocket
                | Self::PlainYields
        )
    }

    /// Whether a side belongs into this scenario's comparison.
    fn suits(self, side: &Side) -> bool {
        match self {
            Self::BlockOnReady => side.blocks_again,
            Self::YieldsBesideSocket => side.sockets,
            Self::RemoteWake => side.sockets && side.woken_elsewhere,
            Self::Offload => side.offloads,
            _ => {
                side.name != crate::side::local_pool::NAME
                    && side.name != crate::side::smol::NAME
            }
        }
    }
}

/// What a task of rows 2 and 3 does: hand back a number that the optimiser cannot
/// see through.
pub(crate) async fn trivial(number: u64) -> u64 {
    black_box(number)
}

/// A side with everything that was stamped for it.
#[derive(Clone, Copy, Debug)]
pub struct Side {
    /// As the table prints it.
    pub name: &'static str,
    /// Whether its join handles are bound to their thread.
    pub stays: bool,
    /// Builds a runtime and runs one task in it, or says why it cannot.
    pub probe: fn() -> Result<(), String>,
    /// What so many live trivial tasks have allocated (row 3m).
    pub footprint: fn(u64) -> Tally,
    sockets: bool,
    woken_elsewhere: bool,
    offloads: bool,
    blocks_again: bool,
    timed: fn(Scenario) -> Run,
    counted: fn(Scenario) -> Run,
}

macro_rules! stamp {
    ($side:ident) => {
        mod $side {
            use super::Side;
            use crate::side::$side as side;

            mod timed {
                use super::side;
                use crate::count::plain as body;
                rows!();
            }

            mod counted {
                use super::side;
                use crate::count::counted as body;
                rows!();
            }

            mod memory {
                use super::side;
                use crate::count::plain as body;
                footprint!();
            }

            pub(super) const SIDE: Side = Side {
                name: side::NAME,
                stays: side::STAYS,
                probe: memory::probe,
                footprint: memory::footprint,
                sockets: side::SOCKETS,
                woken_elsewhere: side::WOKEN_ELSEWHERE,
                offloads: side::OFFLOADS,
                blocks_again: side::BLOCKS_AGAIN,
                timed: timed::run,
                counted: counted::run,
            };
        }
    };
}

stamp!(kettle);
stamp!(tokio);
stamp!(async_executor);
stamp!(smol);
stamp!(local_pool);
#[cfg(all(feature = "peers", target_os = "linux"))]
stamp!(monoio);
#[cfg(all(feature = "peers", target_os = "linux"))]
stamp!(compio);
#[cfg(all(feature = "peers", target_os = "linux"))]
stamp!(glommio);

/// Every side that was compiled in, Kettle first, tokio second.
#[must_use]
pub fn sides() -> Vec<Side> {
    vec![
        kettle::SIDE,
        tokio::SIDE,
        async_executor::SIDE,
        smol::SIDE,
        local_pool::SIDE,
        #[cfg(all(feature = "peers", target_os = "linux"))]
        monoio::SIDE,
        #[cfg(all(feature = "peers", target_os = "linux"))]
        compio::SIDE,
        #[cfg(all(feature = "peers", target_os = "linux"))]
        glommio::SIDE,
    ]
}

/// What a scenario compares: those of `sides` that suit it, and the raw limit.
#[must_use]
pub fn arms(scenario: Scenario, sides: &[Side]) -> Vec<Arm> {
    let suited = sides.iter().filter(|side| scenario.suits(side));
    let runtimes = suited.map(|side| Arm {
        side: side.name,
        stays: side.stays,
        timed: (side.timed)(scenario),
        counted: Some((side.counted)(scenario)),
    });
    let limit = raw::limit(scenario).map(Arm::raw);
    runtimes.chain(limit).collect()
}

/// The raw limit of row 3m, beside the sides' `footprint`.
pub use raw::footprint as raw_footprint;
