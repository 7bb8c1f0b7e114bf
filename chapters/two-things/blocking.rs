//! Two cups of tea, by a function that waits.

mod kitchen;

use kitchen::{ASSAM, Leaves, SENCHA, now, wait};

// ANCHOR: tea
fn tea(leaves: Leaves) -> String {
    wait(3); // the water boils
    wait(leaves.minutes); // the leaves draw
    format!("hot {}", leaves.name)
}

fn main() {
    let ada = tea(ASSAM);
    let ben = tea(SENCHA);
    println!("{ada}, {ben}: {} minutes", now());
}
// ANCHOR_END: tea
