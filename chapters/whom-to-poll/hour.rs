//! Two cups of tea from the same water. Whoever waits for one of them has left word.

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

async fn cup(name: &str, leaves_word: bool, water: Arc<Water>) {
    poll_fn(|cx| {
        println!("{name}: polled");
        if leaves_word {
            *water.whistle.lock().unwrap() = Some(cx.waker().clone());
        }
        match water.boils.load(Relaxed) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    })
    .await;
    println!("{name}: tea");
}

#[kettle::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let water = Arc::new(Water::default());
    kettle::spawn(cup("silent", false, Arc::clone(&water)));
    kettle::spawn(cup("leaves word", true, Arc::clone(&water)));
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
