//! The whole of a bench whose rows are blocks of operations on arms.
//!
//! Counts first, then the table of ratios. The primitives (rows 5 to 8) and what composes
//! futures (rows 9) are both measured so, and differ only in their rows.

use std::time::Duration;

use crate::arm::{Arm, Run};
use crate::machine::Machine;
use crate::options::{One, Options, USAGE};
use crate::rounds::interleaved;
use crate::sampler::{Turn, block_time};
use crate::table::{Goal, Line, Times, report};
use crate::{counts, cpu, save};

/// One line of the table.
#[derive(Clone, Debug)]
pub struct Row {
    /// What `--rows` selects.
    pub id: &'static str,
    /// What is measured, in the reader's words.
    pub title: &'static str,
    /// Operations in a block: what a block's time is divided by.
    pub operations: u64,
    /// Kettle's share of tokio's time at most.
    pub goal: f64,
    /// The sides, Kettle's first.
    pub arms: Vec<Arm>,
}

/// A kit with everything that was stamped for it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stamped<S> {
    pub(crate) name: &'static str,
    pub(crate) stays: bool,
    pub(crate) timed: fn(S) -> Option<Run>,
    pub(crate) counted: fn(S) -> Option<Run>,
}

/// What a scenario compares: every kit that has it, in order.
pub(crate) fn arms<S: Copy>(kits: &[Stamped<S>], scenario: S) -> Vec<Arm> {
    let arm = |kit: &Stamped<S>| {
        Some(Arm {
            side: kit.name,
            stays: kit.stays,
            timed: (kit.timed)(scenario)?,
            counted: (kit.counted)(scenario),
        })
    };
    kits.iter().filter_map(arm).collect()
}

/// Does what the command line asks of the bench `name`. Under `cargo test` each arm runs
/// once.
pub fn run(name: &str, rows: &[Row]) {
    let options = Options::from_process();
    let pinned = cpu::pin_measured();
    if let Some(one) = &options.one {
        return run_one(one, rows);
    }
    let wanted = |row: &&Row| options.wants(row.id);
    let rows: Vec<&Row> = rows.iter().filter(wanted).collect();
    if rows.is_empty() {
        return;
    }
    if !options.bench {
        return try_every_arm(&rows);
    }
    let machine = Machine::here(pinned);
    println!("{}", machine.head());
    counts::print_head();
    for row in &rows {
        counts::print_row(row.id, row.operations, &row.arms);
    }
    let measured = rows.iter().map(|row| measure(row, options.quick));
    let lines: Vec<Line> = measured.collect();
    println!("{}", report(&lines));
    if options.save {
        save::announce(save::results(&machine, name, &lines));
    }
}

fn try_every_arm(rows: &[&Row]) {
    for row in rows {
        for arm in &row.arms {
            (arm.timed)(1);
            println!("row {}: {} runs", row.id, arm.side);
        }
    }
}

/// What `--one` asks for: nanoseconds of some blocks and the operations in a block, and
/// nothing else on the output.
fn run_one(one: &One, rows: &[Row]) {
    let row = rows.iter().find(|row| row.id == one.row);
    let found = row.and_then(|row| {
        let arm = row.arms.iter().find(|arm| arm.side == one.side);
        arm.map(|arm| (row, arm))
    });
    let Some((row, arm)) = found else {
        eprintln!("row {} has no side {}\n\n{USAGE}", one.row, one.side);
        std::process::exit(2)
    };
    let elapsed = (arm.timed)(one.blocks).as_nanos();
    println!("{elapsed} {}", row.operations);
}

fn measure(row: &Row, quick: bool) -> Line {
    let operations = row.operations as f64;
    let label = format!("row {}, {}", row.id, row.title);
    let rounds = if quick { 5 } else { 15 };
    let turn = Turn {
        warm_up: Duration::from_millis(if quick { 5 } else { 20 }),
        measure: Duration::from_millis(if quick { 20 } else { 80 }),
    };
    let times = interleaved(&label, &row.arms, rounds, |arm| {
        block_time(row.id, arm.side, turn, arm.timed) / operations
    });
    let sides = row.arms.iter().zip(times).map(|(arm, rounds)| Times {
        side: arm.side,
        stays: arm.stays,
        rounds,
    });
    Line {
        id: row.id.to_owned(),
        title: row.title,
        sides: sides.collect(),
        goals: vec![Goal::OfTokio(row.goal)],
    }
}
