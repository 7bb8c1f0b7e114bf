//! A function that returns instead of waiting, and what it forgets.

mod kitchen;

use kettle::machinery::Poll;
use kitchen::{ASSAM, Leaves, Machine, Timer, a_minute_passes, now};

// ANCHOR: tea
fn tea(leaves: Leaves) -> Poll<String> {
    let mut water = Timer::set_to(3);
    if water.poll().is_pending() {
        return Poll::Pending;
    }
    let mut timer = Timer::set_to(leaves.minutes);
    if timer.poll().is_pending() {
        return Poll::Pending;
    }
    Poll::Ready(format!("hot {}", leaves.name))
}
// ANCHOR_END: tea

fn main() {
    let mut polls = 0;
    while now() < 1_000 {
        polls += 1;
        if let Poll::Ready(cup) = tea(ASSAM) {
            return println!("{cup} at minute {}", now());
        }
        a_minute_passes();
    }
    println!("no tea: {polls} polls, {} minutes", now());
}
