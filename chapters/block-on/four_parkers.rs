//! Four parkers, three futures that are hard on them.

mod parkers;
mod stove;
pub mod teacup;
mod trials;
mod watchdog;

use std::pin::Pin;
use std::sync::Arc;
use std::thread;

use parkers::{BarePark, LockedFlag, Parker, SleepFlag};
use stove::Counts;
use trials::{early, eaten, stray};
use watchdog::watched;

// ANCHOR: table
type Tea = Pin<Box<dyn Future<Output = &'static str> + Send>>;
type Run = fn(Tea) -> &'static str;

const RUNS: [(&str, Run); 4] = [
    ("a sleep flag", run::<SleepFlag>),
    ("thread::park", run::<BarePark>),
    ("Mutex and Condvar", run::<LockedFlag>),
    ("teacup", teacup::block_on),
];

const TRIALS: [fn(Arc<Counts>) -> Tea; 3] = [
    |counts| Box::pin(early(counts)),
    |counts| Box::pin(eaten(counts)),
    |counts| Box::pin(stray(counts)),
];
// ANCHOR_END: table

fn main() {
    println!("{:20}{:>12}{:>12}{:>12}", "", "early", "eaten", "stray");
    // All at once, so that one second is enough for all that hang.
    let rows = RUNS.map(|(name, run)| {
        let cells = TRIALS.map(|trial| thread::spawn(move || cell(run, trial)));
        (name, cells)
    });
    for (name, cells) in rows {
        let cells = cells.map(|cell| cell.join().unwrap());
        println!("{name:20}{:>12}{:>12}{:>12}", cells[0], cells[1], cells[2]);
    }
}

fn run<P: Parker>(tea: Tea) -> &'static str {
    parkers::block_on(&Arc::new(P::of_this_thread()), tea)
}

fn cell(run: Run, trial: fn(Arc<Counts>) -> Tea) -> String {
    let counts = Arc::new(Counts::default());
    let tea = trial(Arc::clone(&counts));
    match watched(move || run(tea)) {
        None => "hangs".to_owned(),
        Some(_) if counts.polls() >= 10 => "10+ polls".to_owned(),
        Some(_) => format!("{} polls", counts.polls()),
    }
}
