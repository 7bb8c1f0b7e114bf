//! Two teas, watched minute by minute.

mod kitchen;
mod tea;

use kitchen::{ASSAM, Machine, SENCHA, a_minute_passes, now};
use tea::Tea;

// ANCHOR: main
fn main() {
    let mut cups = [Tea::of(ASSAM), Tea::of(SENCHA)];
    println!("minute  Ada      Ben      polls");
    while cups.iter().any(|cup| !matches!(cup, Tea::Served)) {
        let mut polls = 0;
        for cup in &mut cups {
            if !matches!(cup, Tea::Served) {
                polls += 1;
                let _ = cup.poll();
            }
        }
        let [ada, ben] = cups.each_ref().map(Tea::state);
        println!("{:>6}  {ada:8} {ben:8} {polls:>5}", now());
        a_minute_passes();
    }
}
// ANCHOR_END: main
