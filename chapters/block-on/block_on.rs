//! Teacup runs its first future: three kettles, one after another.

mod stove;
pub mod teacup;

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;

use stove::{Counts, Kettle, Stove};

// ANCHOR: main
fn main() {
    let counts = Arc::new(Counts::default());
    let mut round = pin!(async {
        let mut cups = Vec::new();
        for _ in 0..3 {
            cups.push(Kettle::on(Stove::Ordinary, &counts).await);
        }
        cups.join(", ")
    });

    let mut polls = 0;
    let cups = teacup::block_on(poll_fn(|cx| {
        polls += 1;
        round.as_mut().poll(cx)
    }));
    println!("{cups}: {polls} polls, {} wakes", counts.wakes());
}
// ANCHOR_END: main
