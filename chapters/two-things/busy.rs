//! Two kettles by a real clock, and a cook who asks as fast as he can.
//!
//! output: varies, because he asks as fast as your machine lets him

use std::time::{Duration, Instant};

use kettle::machinery::Poll;

// ANCHOR: main
struct Kettle {
    boils_at: Instant,
}

impl Kettle {
    fn poll(&mut self) -> Poll<()> {
        match Instant::now() >= self.boils_at {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    }
}

fn main() {
    let boils_after = |milliseconds| Kettle {
        boils_at: Instant::now() + Duration::from_millis(milliseconds),
    };
    let mut kettles = vec![boils_after(100), boils_after(200)];
    let mut polls = 0;
    while !kettles.is_empty() {
        kettles.retain_mut(|kettle| {
            polls += 1;
            kettle.poll().is_pending()
        });
    }
    println!("two kettles in 0.2 seconds: {polls} polls");
}
// ANCHOR_END: main
