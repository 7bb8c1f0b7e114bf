//! Rows 5a to 8b: the primitives beside tokio's and the peers'.
//!
//! `cargo bench -p kettle-benches --bench sync` prints counts first, then the table of
//! ratios. Under `cargo test` each arm runs once.

use std::time::Duration;

use kettle_benches::machine::Machine;
use kettle_benches::options::{One, Options, USAGE};
use kettle_benches::rounds::interleaved;
use kettle_benches::sampler::{Turn, block_time};
use kettle_benches::sync::{ROWS, Row, arms};
use kettle_benches::table::{Goal, Line, Times, report};
use kettle_benches::{counts, cpu, save};

fn main() {
    let options = Options::from_process();
    let pinned = cpu::pin_measured();
    if let Some(one) = &options.one {
        return run_one(one);
    }
    let wanted = |row: &&Row| options.wants(row.id);
    let rows: Vec<&Row> = ROWS.iter().filter(wanted).collect();
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
        counts::print_row(row.id, row.scenario.operations(), &arms(row.scenario));
    }
    let measured = rows.iter().map(|row| measure(row, options.quick));
    let lines: Vec<Line> = measured.collect();
    println!("{}", report(&lines));
    if options.save {
        save::announce(save::results(&machine, "sync", &lines));
    }
}

fn try_every_arm(rows: &[&Row]) {
    for row in rows {
        for arm in arms(row.scenario) {
            (arm.timed)(1);
            println!("row {}: {} runs", row.id, arm.side);
        }
    }
}

/// What `--one` asks for: nanoseconds of some blocks and the operations in a block, and
/// nothing else on the output.
fn run_one(one: &One) {
    let row = ROWS.iter().find(|row| row.id == one.row);
    let found = row.and_then(|row| {
        let arms = arms(row.scenario);
        let arm = arms.into_iter().find(|arm| arm.side == one.side);
        arm.map(|arm| (row, arm))
    });
    let Some((row, arm)) = found else {
        eprintln!("row {} has no side {}\n\n{USAGE}", one.row, one.side);
        std::process::exit(2)
    };
    let elapsed = (arm.timed)(one.blocks).as_nanos();
    println!("{elapsed} {}", row.scenario.operations());
}

fn measure(row: &Row, quick: bool) -> Line {
    let arms = arms(row.scenario);
    let operations = row.scenario.operations() as f64;
    let label = format!("row {}, {}", row.id, row.title);
    let rounds = if quick { 5 } else { 15 };
    let turn = Turn {
        warm_up: Duration::from_millis(if quick { 5 } else { 20 }),
        measure: Duration::from_millis(if quick { 20 } else { 80 }),
    };
    let times = interleaved(&label, &arms, rounds, |arm| {
        block_time(row.id, arm.side, turn, arm.timed) / operations
    });
    let sides = arms.iter().zip(times).map(|(arm, rounds)| Times {
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
