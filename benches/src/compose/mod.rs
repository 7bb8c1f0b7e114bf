//! Rows 9a to 9d: what waits for several futures at once.
//!
//! # How it works
//! As with [`sync`](crate::sync), the text of each scenario stands once and is stamped
//! onto each [`kit`]. The macros and functions are inside of one task, so there is little
//! of a runtime in these numbers; the peers, which bring none, run on Kettle's. So does
//! tokio's kit, once more. tokio has no `join_all`: its users take that of `futures`, and
//! so does its kit.

mod bells;
pub mod kit;
#[macro_use]
mod text;

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::arm::Arm;
use crate::blocks::{self, Row};

/// What the operations of a block are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scenario {
    /// One of two is ready, polled from a random one on.
    TwoFair,
    /// The same, polled from the first.
    TwoBiased,
    /// One of eight is ready, polled from a random one on.
    EightFair,
    /// The same, polled from the first.
    EightBiased,
    /// Both of two, one of which is ready after a wake.
    Both,
    /// A future of a hundred that are woken one after the other.
    Hundred,
    /// The same of ten thousand.
    TenThousand,
}

/// Joins and selects in a block.
pub(crate) const MANY: u64 = 10_000;

impl Scenario {
    /// Operations in a block: what a block's time is divided by.
    const fn operations(self) -> u64 {
        match self {
            Self::Hundred => 100,
            _ => MANY,
        }
    }
}

/// The rows, in the table's order.
#[must_use]
pub fn rows() -> Vec<Row> {
    vec![
        row("9a-fair", "select! of 2, fair", Scenario::TwoFair, 1.05),
        row(
            "9a-biased",
            "select! of 2, biased",
            Scenario::TwoBiased,
            1.05,
        ),
        row("9b-fair", "select! of 8, fair", Scenario::EightFair, 0.70),
        row(
            "9b-biased",
            "select! of 8, biased",
            Scenario::EightBiased,
            1.0,
        ),
        row("9c", "join! of 2 with a wake", Scenario::Both, 0.30),
        row("9d-100", "join_all of 100", Scenario::Hundred, 0.30),
        row(
            "9d-10000",
            "join_all of 10,000",
            Scenario::TenThousand,
            0.30,
        ),
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

/// A future that has its turn, and so its output, or never will.
#[derive(Debug)]
struct Turn(Option<u64>);

impl Turn {
    /// Whose turn it is goes round.
    fn of(number: u64, place: u64, places: u64) -> Turn {
        Turn((number % places == place).then_some(number))
    }
}

impl Future for Turn {
    type Output = u64;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<u64> {
        self.0.map_or(Poll::Pending, Poll::Ready)
    }
}

stamp!(composed onto kettle: two eight both all);
stamp!(composed onto tokio: two eight both all);
stamp!(composed onto tokio_on_kettle: two eight both);
stamp!(composed onto futures: two eight both all);
stamp!(composed onto futures_lite: two both);

/// What a scenario compares: every kit that has it, Kettle's first.
fn arms(scenario: Scenario) -> Vec<Arm> {
    let kits = [
        kettle::STAMPED,
        tokio::STAMPED,
        tokio_on_kettle::STAMPED,
        futures::STAMPED,
        futures_lite::STAMPED,
    ];
    blocks::arms(&kits, scenario)
}
