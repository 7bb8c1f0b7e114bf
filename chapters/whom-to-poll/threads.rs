//! Three kettles on three threads, and an executor that knows none of this.

mod water;

use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::Relaxed;
use std::thread;
use std::time::Duration;

use kettle::machinery::{Context, Executor, Future, Poll};
use water::Water;

// ANCHOR: kettle
struct Kettle {
    water: Arc<Water>,
    is_lit: bool,
    polls: Arc<AtomicU32>,
}

impl Future for Kettle {
    type Output = ();

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.polls.fetch_add(1, Relaxed);
        self.water.leave_word(cx.waker());
        if self.water.boils() {
            return Poll::Ready(());
        }
        if !self.is_lit {
            self.is_lit = true;
            let water = Arc::clone(&self.water);
            thread::spawn(move || {
                thread::sleep(Duration::from_millis(5));
                water.boil();
            });
        }
        Poll::Pending
    }
}
// ANCHOR_END: kettle

// ANCHOR: main
fn main() {
    let polls = Arc::new(AtomicU32::new(0));
    let mut executor = Executor::default();
    for _ in 0..3 {
        executor.spawn(Kettle {
            water: Arc::default(),
            is_lit: false,
            polls: Arc::clone(&polls),
        });
    }
    executor.run();
    println!("3 kettles, {} polls", polls.load(Relaxed));
}
// ANCHOR_END: main
