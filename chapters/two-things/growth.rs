//! How the polls grow with the number of kettles.

mod kitchen;

use kitchen::{Machine, Timer, a_minute_passes};

// ANCHOR: boil
fn boil(n: u32) -> (usize, usize) {
    // The first boils after n / 2 minutes, and then one each minute.
    let kettle = |number| Timer::set_to(n / 2 + number);
    let mut kettles: Vec<Timer> = (0..n).map(kettle).collect();
    let (mut polls, mut of_use) = (0, 0);
    while !kettles.is_empty() {
        let asked = kettles.len();
        kettles.retain_mut(|kettle| kettle.poll().is_pending());
        polls += asked;
        of_use += asked - kettles.len();
        a_minute_passes();
    }
    (polls, of_use)
}
// ANCHOR_END: boil

fn main() {
    println!("kettles    polls  of use");
    for n in [1, 10, 100] {
        let (polls, of_use) = boil(n);
        println!("{n:>7}{polls:>9}{of_use:>8}");
    }
}
