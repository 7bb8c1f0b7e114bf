//! The tables that come before the times: polls, wakes, allocations, memory.
//!
//! These repeat exactly, on any machine and under any load. Each is the difference
//! between one block and two, so that building a runtime is not in it.

use crate::allocator::{self, Tally};
use crate::arm::{Arm, RAW};
use crate::count::{self, Seen};
use crate::rounds::progress;
use crate::row::Row;
use crate::scenario::{Side, arms, raw_footprint};
use crate::side::kettle;

/// What one operation does, on average over a block.
#[derive(Clone, Copy, Debug)]
struct PerOperation {
    /// `None` for the raw limit, which counts neither.
    seen: Option<(f64, f64)>,
    allocations: f64,
    bytes: f64,
}

/// Prints polls, wakes, allocations and bytes per operation of some rows.
pub fn print(rows: &[&Row], sides: &[Side]) {
    print_head();
    for row in rows.iter().filter(|row| row.scenario.is_counted()) {
        let operations = row.scenario.operations();
        print_row(&row.id(), operations, &arms(row.scenario, sides));
    }
}

/// The line over the counts.
pub fn print_head() {
    println!(
        "{:<11} {:<15} {:>7} {:>7} {:>12} {:>9}   per operation, exact",
        "row", "side", "polls", "wakes", "allocations", "bytes"
    );
}

/// Prints the counts of one row, whose blocks have so many operations.
pub fn print_row(row: &str, operations: u64, arms: &[Arm]) {
    for arm in arms {
        progress(&format!("counting row {row}: {}", arm.side));
        let line = line(row, arm.side, per_operation(operations, arm));
        progress("");
        println!("{line}");
    }
}

fn line(row: &str, side: &str, counts: PerOperation) -> String {
    let shown = |number: Option<f64>| {
        number.map_or_else(|| "–".to_owned(), |number| format!("{number:.2}"))
    };
    format!(
        "{row:<11} {side:<15} {:>7} {:>7} {:>12.2} {:>9.1}",
        shown(counts.seen.map(|seen| seen.0)),
        shown(counts.seen.map(|seen| seen.1)),
        counts.allocations,
        counts.bytes,
    )
}

fn per_operation(operations: u64, arm: &Arm) -> PerOperation {
    let operations = operations as f64;
    let (one, two) = (allocated(arm, 1), allocated(arm, 2));
    let asked = two - one;
    let seen = arm.counted.map(|counted| {
        let (one, two) = (seen_by(counted, 1), seen_by(counted, 2));
        let polls = two.polls - one.polls;
        let wakes = two.wakes - one.wakes;
        (polls as f64 / operations, wakes as f64 / operations)
    });
    PerOperation {
        seen,
        allocations: asked.calls as f64 / operations,
        bytes: asked.bytes as f64 / operations,
    }
}

fn allocated(arm: &Arm, blocks: u64) -> Tally {
    allocator::counted(|| (arm.timed)(blocks)).1
}

fn seen_by(counted: crate::arm::Run, blocks: u64) -> Seen {
    let before = count::seen();
    counted(blocks);
    let after = count::seen();
    Seen {
        polls: after.polls - before.polls,
        wakes: after.wakes - before.wakes,
    }
}

/// Live tasks of row 3m, and the same just past a doubling of every table, where a
/// slab's slack is at its worst.
const LIVE: [u64; 2] = [100_000, (1 << 16) + 1];

/// Row 3m's goals: bytes and allocations per live trivial task.
const GOAL: (f64, f64) = (96.0, 1.0);

/// Prints row 3m: what a live trivial task has allocated, queues and slack included.
pub fn print_memory(sides: &[Side]) {
    println!(
        "{:<11} {:<15} {:>12} {:>12}   {:>20}",
        "row", "side", "bytes", "allocations", "bytes at 65,537"
    );
    let runtimes = sides.iter().map(|side| (side.name, side.footprint));
    for (side, footprint) in
        runtimes.chain([(RAW, raw_footprint as fn(u64) -> Tally)])
    {
        let [usual, worst] = LIVE.map(|tasks| {
            let tally = footprint(tasks);
            let share = |number: i64| number as f64 / tasks as f64;
            (share(tally.live), share(tally.calls))
        });
        let kept = usual.0 <= GOAL.0 && usual.1 <= GOAL.1 + 0.005;
        let judged = match side {
            kettle::NAME if kept => "≤ 96 bytes, 1 allocation ✓",
            kettle::NAME => "≤ 96 bytes, 1 allocation ✗",
            _ => "",
        };
        println!(
            "{:<11} {side:<15} {:>12.1} {:>12.3}   {:>20.1}   {judged}",
            "3m", usual.0, usual.1, worst.0
        );
    }
    println!(
        "per live trivial task of 100,000: requested sizes, queues and slack included\n"
    );
}
