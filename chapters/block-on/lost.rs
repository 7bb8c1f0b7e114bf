//! A wake-up that comes between the look and the sleep, and is lost.

mod parkers;
mod stove;

use std::sync::{Arc, mpsc};
use std::thread;

use parkers::{Parker, SleepFlag, block_on};
use stove::{Counts, Kettle, Stove};

// ANCHOR: main
fn main() {
    let counts = Arc::new(Counts::default());
    let kettle = Kettle::on(Stove::Quick, &counts);

    let (sender, receiver) = mpsc::channel();
    let cook = thread::spawn(move || {
        let parker = Arc::new(SleepFlag::of_this_thread());
        sender.send(Arc::clone(&parker)).unwrap();
        block_on(&parker, kettle)
    });
    let parker = receiver.recv().unwrap();
    watch(&parker, &counts);

    // Nobody else will.
    cook.thread().unpark();
    let drink = cook.join().unwrap();
    println!("after a push: {drink}, {} polls", counts.polls());
}
// ANCHOR_END: main

// ANCHOR: watch
/// Waits until the cook has gone to sleep, and looks at who could wake him.
fn watch(parker: &Arc<SleepFlag>, counts: &Counts) {
    while !parker.is_asleep() {
        thread::yield_now();
    }
    // Ours, the cook's, and the waker in the cook's context are left out.
    let wakers = Arc::strong_count(parker) - 3;
    let (polls, wakes) = (counts.polls(), counts.wakes());
    println!("asleep after {polls} poll and {wakes} wake");
    println!("wakers left in the world: {wakers}");
}
// ANCHOR_END: watch
