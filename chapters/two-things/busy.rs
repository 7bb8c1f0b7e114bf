//! Two kettles by a real clock, and a cook who asks as fast as he can.
//!
//! output: varies, because he asks as fast as your machine lets him

use std::time::{Duration, Instant};

// ANCHOR: main
fn main() {
    let boils_after = |ms| Instant::now() + Duration::from_millis(ms);
    let mut kettles = vec![boils_after(100), boils_after(200)];
    let mut polls = 0;
    while !kettles.is_empty() {
        kettles.retain(|boils_at| {
            polls += 1;
            Instant::now() < *boils_at
        });
    }
    println!("two kettles in 0.2 seconds: {polls} polls");
}
// ANCHOR_END: main
