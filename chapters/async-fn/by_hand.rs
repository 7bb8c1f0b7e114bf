//! An `async fn` and its state machine by hand: how large they are, and what they drop in
//! which order, wherever they stand.
//!
//! output: varies, because the sizes are the compiler's affair (these are rustc 1.95's)

mod brew;

use std::pin::pin;
use std::task::{Context, Waker};

use brew::{Brew, Log, Loud, brew, brew_in_block, brew_with_drop};

// ANCHOR: main
fn main() {
    println!("the machine by hand{:>6} bytes", size(Brew::new));
    println!("as an async block{:>8} bytes", size(brew_in_block));
    println!("as an async fn{:>11} bytes", size(brew));
    println!("with a `drop`{:>12} bytes", size(brew_with_drop));
    for polls in 0..=3 {
        println!("dropped, with {polls} polls (each ends at a bar):");
        println!("    by hand   {}", drops(polls, Brew::new));
        println!("    async fn  {}", drops(polls, brew));
    }
}
// ANCHOR_END: main

fn size<F>(new: fn(Loud, bool, Log) -> F) -> usize {
    let log = Log::default();
    size_of_val(&new(Loud::new("pot", &log), false, Log::clone(&log)))
}

// ANCHOR: drops
/// What is dropped, in order, during so many polls and after them.
fn drops<F: Future>(polls: u32, new: fn(Loud, bool, Log) -> F) -> String {
    let log = Log::default();
    {
        let mut future = pin!(new(Loud::new("pot", &log), false, Log::clone(&log)));
        for _ in 0..polls {
            let mut cx = Context::from_waker(Waker::noop());
            let _ = future.as_mut().poll(&mut cx);
            log.borrow_mut().push("|");
        }
    }
    log.take()
        .join(", ")
        .replace(", |", " |")
        .replace("|,", "|")
}
// ANCHOR_END: drops
