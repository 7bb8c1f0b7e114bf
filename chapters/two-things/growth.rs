//! How the polls grow with the number of kettles.

mod kitchen;

use kitchen::{Machine, Timer, a_minute_passes};

// ANCHOR: main
fn main() {
    println!("kettles    polls  of use");
    for n in [1_u32, 10, 100] {
        // The first boils after n / 2 minutes, and then one in each.
        let kettle = |number| Timer::set_to(n / 2 + number);
        let mut kettles: Vec<Timer> = (0..n).map(kettle).collect();
        let (mut polls, mut of_use) = (0, 0);
        while !kettles.is_empty() {
            kettles.retain_mut(|kettle| {
                polls += 1;
                let ready = kettle.poll().is_ready();
                of_use += u32::from(ready);
                !ready
            });
            a_minute_passes();
        }
        println!("{n:>7}{polls:>9}{of_use:>8}");
    }
}
// ANCHOR_END: main
