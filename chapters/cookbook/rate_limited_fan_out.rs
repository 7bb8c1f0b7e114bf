//! Ten pages, three at a time; and a thousand, without a thousand tasks.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use kettle::sync::Semaphore;
use kettle::time::{Duration, sleep};

/// How many fetches are under way, and how many were at most.
#[derive(Default)]
struct Gauge {
    now: AtomicUsize,
    most: AtomicUsize,
}

async fn fetch(page: usize, gauge: &Gauge) -> usize {
    let now = gauge.now.fetch_add(1, Ordering::Relaxed) + 1;
    gauge.most.fetch_max(now, Ordering::Relaxed);
    sleep(Duration::from_millis(2)).await;
    gauge.now.fetch_sub(1, Ordering::Relaxed);
    page * 10
}

// ANCHOR: three
/// All tasks exist at once. Three of them are past the semaphore.
async fn three_at_a_time() {
    let (gauge, gate) = (Arc::new(Gauge::default()), Arc::new(Semaphore::new(3)));
    let fetches: Vec<_> = (1..=10)
        .map(|page| {
            let (gauge, gate) = (gauge.clone(), gate.clone());
            kettle::spawn(async move {
                let _permit = gate.acquire().await.expect("nobody closes it");
                fetch(page, &gauge).await
            })
        })
        .collect();
    let mut bytes = 0;
    for fetch in fetches {
        bytes += fetch.await.expect("no fetch panics");
    }
    let most = gauge.most.load(Ordering::Relaxed);
    println!("10 pages, {bytes} bytes, at most {most} at a time");
}
// ANCHOR_END: three

// ANCHOR: many
/// The permit comes first, so that a task exists only while it has something to do.
async fn many_without_many_tasks() {
    let (gauge, gate) = (Arc::new(Gauge::default()), Arc::new(Semaphore::new(100)));
    let bytes = Arc::new(AtomicUsize::new(0));
    for page in 1..=1_000 {
        let permit = gate
            .clone()
            .acquire_owned()
            .await
            .expect("nobody closes it");
        let (gauge, bytes) = (gauge.clone(), bytes.clone());
        kettle::spawn(async move {
            bytes.fetch_add(fetch(page, &gauge).await, Ordering::Relaxed);
            drop(permit);
        });
    }
    // All permits are back when all tasks are done.
    let _all = gate.acquire_many(100).await.expect("nobody closes it");
    let (bytes, most) = (bytes.load(Ordering::Relaxed), &gauge.most);
    let most = most.load(Ordering::Relaxed);
    println!("1000 pages, {bytes} bytes, at most {most} tasks at a time");
}
// ANCHOR_END: many

#[kettle::main(flavor = "current_thread")]
async fn main() {
    three_at_a_time().await;
    many_without_many_tasks().await;
}
