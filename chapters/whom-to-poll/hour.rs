//! Two cups of tea from the same water. Who waits for one of them has left word.

use std::future::poll_fn;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};

use kettle::task::yield_now;
use kettle::time::{Duration, sleep};

#[derive(Default)]
struct Water {
    boils: AtomicBool,
    whistle: Mutex<Option<Waker>>,
}

// ANCHOR: cups
/// Looks at the water, and that is all.
async fn silent(water: Arc<Water>) {
    let mut polls = 0;
    poll_fn(|_| {
        polls += 1;
        println!("silent: poll {polls}");
        match water.boils.load(Relaxed) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    })
    .await;
    println!("silent: tea");
}

/// Says in addition where to find it.
async fn leaves_word(water: Arc<Water>) {
    let mut polls = 0;
    poll_fn(|cx| {
        polls += 1;
        println!("leaves word: poll {polls}");
        *water.whistle.lock().unwrap() = Some(cx.waker().clone());
        match water.boils.load(Relaxed) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    })
    .await;
    println!("leaves word: tea");
}
// ANCHOR_END: cups

// ANCHOR: main
#[kettle::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let water = Arc::new(Water::default());
    kettle::spawn(silent(Arc::clone(&water)));
    kettle::spawn(leaves_word(Arc::clone(&water)));
    yield_now().await;

    println!("the water boils");
    water.boils.store(true, Relaxed);
    sleep(Duration::from_secs(3_600)).await;

    println!("an hour later, somebody calls wake");
    let whistle = water.whistle.lock().unwrap().take();
    whistle.expect("word was left").wake();
    sleep(Duration::from_secs(3_600)).await;
    println!("another hour later, we go home");
}
// ANCHOR_END: main
