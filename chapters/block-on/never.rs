//! The water that nobody whistles for, on an executor that waits for the whistle.

pub mod teacup;
mod watchdog;

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::Relaxed;
use std::task::Poll;

use watchdog::watched;

// ANCHOR: water
async fn water(polls: Arc<AtomicU32>, whistles: bool) -> &'static str {
    let mut degrees = 20;
    poll_fn(move |cx| {
        polls.fetch_add(1, Relaxed);
        if degrees == 100 {
            return Poll::Ready("tea");
        }
        degrees += 1;
        if whistles {
            cx.waker().wake_by_ref();
        }
        Poll::Pending
    })
    .await
}
// ANCHOR_END: water

fn main() {
    for whistles in [false, true] {
        let polls = Arc::new(AtomicU32::new(0));
        let water = water(Arc::clone(&polls), whistles);
        let drink = watched(|| teacup::block_on(water));
        let drink = drink.unwrap_or("nothing within a second");
        let polls = polls.load(Relaxed);
        println!("whistles: {whistles}; {drink} (polls: {polls})");
    }
}
