//! Rows 10a to 10d: timers beside tokio and the peers, CPU and lateness together.
//!
//! `cargo bench -p kettle-benches --bench time` prints the ratios, then how late each side
//! was in the same runs, then the curve of the gap, then the wheel alone beside its
//! rivals. Under `cargo test` each side runs row 10d once.

use std::cell::RefCell;
use std::time::Duration;

use kettle_benches::machine::Machine;
use kettle_benches::options::{One, Options, USAGE};
use kettle_benches::ratio::Spread;
use kettle_benches::rounds::interleaved;
use kettle_benches::table::{Goal, Line, Times, report};
use kettle_benches::timing::side::gap::GAP;
use kettle_benches::timing::{
    OTHER_GAP, RIVALS, ROWS, Row, Scenario, Side, quantile, sides,
};
use kettle_benches::{cpu, save};

fn main() {
    let options = Options::from_process();
    if let Some(one) = &options.one {
        return run_one(one);
    }
    let wanted = |row: &&Row| {
        let key = row.id.split(' ').next().unwrap_or(row.id);
        options.wants("10") || options.wants(key)
    };
    let rows: Vec<&Row> = ROWS.iter().filter(wanted).collect();
    if rows.is_empty() {
        return;
    }
    let pinned = cpu::pin_measured();
    let sides = usable_sides();
    if !options.bench {
        for side in sides {
            let late = (side.run)(Scenario::Lone)().late.len();
            println!("row 10d: {} ends {late} sleeps", side.name);
        }
        return;
    }
    let machine = Machine::here(pinned);
    println!("{}", machine.head());
    let mut lateness = String::new();
    let measured = rows.iter().map(|row| {
        let (line, late) = measure(row, &sides, options.quick);
        lateness.push_str(&late);
        line
    });
    let lines: Vec<Line> = measured.collect();
    println!("{}", report(&lines));
    println!("late by, in µs, all rounds together\n{lateness}");
    if options.wants("10a") || options.wants("10") {
        print_curve(options.quick);
        print_rivals(options.quick);
    }
    if options.save {
        save::announce(save::results(&machine, "time", &lines));
    }
}

/// What `--one` asks for: a side's runs of a row, and the operations of one; what
/// `callgrind.sh` starts.
fn run_one(one: &One) {
    let row = ROWS.iter().find(|row| row.id == one.row);
    let side = sides().into_iter().find(|side| side.name == one.side);
    let (Some(row), Some(side)) = (row, side) else {
        eprintln!("there is no row {} of {}\n\n{USAGE}", one.row, one.side);
        std::process::exit(2)
    };
    let cpu = (0..one.blocks).map(|_| (side.run)(row.scenario)().cpu);
    let operations = row.scenario.operations();
    println!("{:.0} {operations}", cpu.sum::<f64>() * operations as f64);
}

fn usable_sides() -> Vec<Side> {
    let mut sides = sides();
    sides.retain(|side| match (side.probe)() {
        Ok(()) => true,
        Err(reason) => {
            println!("{} is left out: {reason}", side.name);
            false
        }
    });
    sides
}

/// The row's times, and its lines of lateness.
fn measure(row: &Row, sides: &[Side], quick: bool) -> (Line, String) {
    let rounds = match (row.scenario, quick) {
        (Scenario::Denser, true) => 1,
        (Scenario::Dense | Scenario::Lone, true) => 3,
        (Scenario::Denser, false) => 5,
        (Scenario::Dense | Scenario::Lone, false) => 9,
        (_, true) => 5,
        (_, false) => 15,
    };
    let label = format!("row {}, {}", row.id, row.title);
    let late: Vec<RefCell<Vec<f64>>> =
        sides.iter().map(|_| RefCell::default()).collect();
    let arms: Vec<usize> = (0..sides.len()).collect();
    let times = interleaved(&label, &arms, rounds, |&arm| {
        let sample = (sides[arm].run)(row.scenario)();
        late[arm].borrow_mut().extend(sample.late);
        sample.cpu
    });
    let mut said = String::new();
    for (side, late) in sides.iter().zip(&late) {
        said.push_str(&lateness(row.id, side.name, &late.borrow()));
    }
    let sides = sides.iter().zip(times).map(|(side, rounds)| Times {
        side: side.name,
        stays: side.stays,
        rounds,
    });
    let line = Line {
        id: row.id.to_owned(),
        title: row.title,
        sides: sides.collect(),
        goals: row.goal.map(Goal::OfTokio).into_iter().collect(),
    };
    (line, said)
}

fn lateness(id: &str, side: &str, late: &[f64]) -> String {
    if late.is_empty() {
        return String::new();
    }
    let at = |share| quantile(late, share);
    format!(
        "{id:<12} {side:<8} p50 {:>7.0}   p99 {:>7.0}   most {:>7.0}\n",
        at(0.5),
        at(0.99),
        at(1.0)
    )
}

/// The trade: the longer the gap, the cheaper and the later dense timers are.
fn print_curve(quick: bool) {
    println!("Kettle's 100,000 timers by gap: CPU per timer, and late by");
    for micros in [0, 100, 250, 500, 1_000, 2_000, 4_000] {
        GAP.set(Duration::from_micros(micros));
        let runs = if quick { 1 } else { 3 };
        let samples: Vec<_> = (0..runs)
            .map(|_| (OTHER_GAP.run)(Scenario::Dense)())
            .collect();
        let cpu: Vec<f64> = samples.iter().map(|sample| sample.cpu).collect();
        let late: Vec<f64> = samples.into_iter().flat_map(|it| it.late).collect();
        println!(
            "  {:>5} µs  {:>6.0} ns   p50 {:>6.0} µs   p99 {:>6.0} µs",
            micros,
            Spread::of(&cpu).median,
            quantile(&late, 0.5),
            quantile(&late, 0.99)
        );
    }
}

fn print_rivals(quick: bool) {
    println!("the wheel alone, ns per timer: set and fire, set and take back");
    let rounds = if quick { 3 } else { 9 };
    for timers in [10, 1_000, 100_000] {
        let repeat = (100_000 / timers).clamp(1, 100);
        let mean = |run: fn(u64) -> f64| {
            (0..repeat).map(|_| run(timers)).sum::<f64>() / repeat as f64
        };
        let fire = interleaved("rivals", &RIVALS, rounds, |it| mean(it.fire));
        let cancel = interleaved("rivals", &RIVALS, rounds, |it| mean(it.cancel));
        for ((rival, fire), cancel) in RIVALS.iter().zip(fire).zip(cancel) {
            println!(
                "  {timers:>7} timers  {:<10} {:>8.1} {:>8.1}",
                rival.name,
                Spread::of(&fire).median,
                Spread::of(&cancel).median
            );
        }
    }
}
