//! Rows 1 to 4 and 12: the executor beside tokio, the peers and the raw limit.
//!
//! `cargo bench -p kettle-benches --bench executor` prints counts first, then memory
//! (row 3m), then the table of ratios. Under `cargo test` each arm runs once.

use std::time::Duration;

use kettle_benches::arm::Arm;
use kettle_benches::machine::Machine;
use kettle_benches::options::{One, Options, USAGE};
use kettle_benches::rounds::interleaved;
use kettle_benches::row::{EXECUTOR, Row};
use kettle_benches::sampler::{Turn, block_time};
use kettle_benches::scenario::{Scenario, Side, arms, sides};
use kettle_benches::table::{Goal, Line, Times, report};
use kettle_benches::{cold, counts, cpu, save};

fn main() {
    let options = Options::from_process();
    let pinned = cpu::pin_measured();
    if let Some(one) = &options.one {
        return run_one(one);
    }
    let wanted = |row: &&Row| options.wants(row.key);
    let rows: Vec<&Row> = EXECUTOR.iter().filter(wanted).collect();
    if rows.is_empty() && !options.wants("3m") {
        return;
    }
    let sides = usable_sides();
    if !options.bench {
        return try_every_arm(&rows, &sides);
    }
    let machine = Machine::here(pinned);
    println!("{}", machine.head());
    counts::print(&rows, &sides);
    if options.wants("3m") {
        counts::print_memory(&sides);
    }
    let measured = rows.iter().map(|row| measure(row, &sides, options.quick));
    let lines: Vec<Line> = measured.collect();
    println!("{}", report(&lines));
    if options.save {
        save::announce(save::results(&machine, "executor", &lines));
    }
}

/// The sides that can run on this machine. Of the others it is said why not.
fn usable_sides() -> Vec<Side> {
    let mut sides = sides();
    sides.retain(|side| match (side.probe)() {
        Ok(()) => true,
        Err(reason) => {
            println!("{} is left out: {reason}", side.name);
            false
        }
    });
    if !cfg!(feature = "peers") {
        println!(
            "monoio, compio and glommio are left out: --features peers adds them"
        );
    }
    sides
}

fn try_every_arm(rows: &[&Row], sides: &[Side]) {
    for row in rows {
        for arm in arms(row.scenario, sides) {
            (arm.timed)(1);
            println!("row {}: {} runs", row.id(), arm.side);
        }
    }
}

/// What `--one` asks for: nanoseconds of some blocks and the operations in a block, and
/// nothing else on the output.
fn run_one(one: &One) {
    let row = EXECUTOR.iter().find(|row| row.id() == one.row);
    let arms = row
        .map(|row| arms(row.scenario, &sides()))
        .unwrap_or_default();
    let Some(arm) = arms.iter().find(|arm| arm.side == one.side) else {
        eprintln!("row {} has no side {}\n\n{USAGE}", one.row, one.side);
        std::process::exit(2)
    };
    let elapsed = (arm.timed)(one.blocks).as_nanos();
    println!(
        "{elapsed} {}",
        row.map_or(0, |row| row.scenario.operations())
    );
}

fn measure(row: &Row, sides: &[Side], quick: bool) -> Line {
    let (rounds, turn) = effort(row.scenario, quick);
    let arms = arms(row.scenario, sides);
    let operations = row.scenario.operations() as f64;
    let label = format!("row {}, {}", row.id(), row.title);
    let times = interleaved(&label, &arms, rounds, |arm| {
        turn_of(row, arm, turn) / operations
    });
    let sides = arms.iter().zip(times).map(|(arm, rounds)| Times {
        side: arm.side,
        stays: arm.stays,
        rounds,
    });
    Line {
        id: row.id(),
        title: row.title,
        sides: sides.collect(),
        goals: vec![Goal::OfTokio(row.goal)],
    }
}

/// The time of one block, by the means that fit the scenario: criterion where a
/// block is short, one block where it is long, a new process where it is cold.
fn turn_of(row: &Row, arm: &Arm, turn: Turn) -> f64 {
    if row.scenario.is_cold() {
        cold::time(&One {
            row: row.id(),
            side: arm.side.to_owned(),
            blocks: 1,
        })
    } else if row.scenario.is_long() {
        (arm.timed)(1).as_nanos() as f64
    } else {
        block_time(&row.id(), arm.side, turn, arm.timed)
    }
}

/// Rounds, and the length of one side's turn.
fn effort(scenario: Scenario, quick: bool) -> (usize, Turn) {
    let million = matches!(scenario, Scenario::Million | Scenario::MillionCold);
    let rounds = match (quick, million) {
        (false, false) => 15,
        (false, true) | (true, false) => 5,
        (true, true) => 3,
    };
    let turn = Turn {
        warm_up: Duration::from_millis(if quick { 5 } else { 20 }),
        measure: Duration::from_millis(if quick { 20 } else { 80 }),
    };
    (rounds, turn)
}
