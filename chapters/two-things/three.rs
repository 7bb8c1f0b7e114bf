//! Three teas, joined and joined again.

mod join;
mod kitchen;
mod tea;

use join::join;
use kitchen::{ASSAM, SENCHA, now, run};
use tea::Tea;

// ANCHOR: main
fn main() {
    let pair = join(Tea::of(ASSAM), Tea::of(SENCHA));
    let ((ada, ben), cleo) = run(join(pair, Tea::of(ASSAM)));
    println!("{ada}, {ben}, {cleo}: {} minutes", now());
}
// ANCHOR_END: main
