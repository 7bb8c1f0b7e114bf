//! A token that one future leaves and another takes.

mod parkers;
mod stove;
pub mod teacup;
mod trials;
mod watchdog;

use std::sync::Arc;

use parkers::{BarePark, Parker};
use stove::Counts;
use trials::eaten;
use watchdog::watched;

// ANCHOR: main
fn main() {
    let counts = Arc::new(Counts::default());
    let tea = eaten(Arc::clone(&counts));
    let bare = watched(|| {
        let parker = Arc::new(BarePark::of_this_thread());
        parkers::block_on(&parker, tea)
    });
    report("thread::park", bare, &counts);

    let counts = Arc::new(Counts::default());
    let tea = eaten(Arc::clone(&counts));
    report("teacup", watched(|| teacup::block_on(tea)), &counts);
}
// ANCHOR_END: main

fn report(name: &str, drink: Option<&str>, counts: &Counts) {
    let (polls, wakes) = (counts.polls(), counts.wakes());
    let drink = drink.unwrap_or("nothing within a second");
    println!("{name}: {drink} (polls: {polls}, wakes: {wakes})");
}
