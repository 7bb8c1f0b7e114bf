//! The same parker without the quick stove: how often is the wake-up lost by itself?
//!
//! output: varies, because the stove and the cook race

mod parkers;
mod stove;

use std::sync::Arc;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use parkers::{Parker, SleepFlag, block_on};
use stove::{Counts, Kettle, Stove};

fn main() {
    let cold = (0..1_000).filter(|_| !tea_in_time()).count();
    println!("of 1000 cups of tea, {cold} never came");
}

fn tea_in_time() -> bool {
    let (sender, cup) = channel();
    let cook = thread::spawn(move || {
        let parker = Arc::new(SleepFlag::of_this_thread());
        let kettle = Kettle::on(Stove::Ordinary, &Arc::new(Counts::default()));
        sender.send(block_on(&parker, kettle))
    });
    let came = cup.recv_timeout(Duration::from_millis(100)).is_ok();
    cook.thread().unpark();
    came
}
