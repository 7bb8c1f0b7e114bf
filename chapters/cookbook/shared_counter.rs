//! A counter that ten tasks share: without a lock across the await, with one, and what
//! becomes of a task that no longer waits for it.

use std::sync::Arc;

use kettle::sync::Mutex;
use kettle::task::yield_now;
use kettle::time::{Duration, sleep, timeout};

/// Ten tasks add one each, in the way of `add`. Gives what the counter says then.
async fn ten<A>(counter: Arc<Mutex<u32>>, add: fn(Arc<Mutex<u32>>) -> A) -> u32
where
    A: Future<Output = ()> + Send + 'static,
{
    let tasks: Vec<_> = (0..10)
        .map(|_| kettle::spawn(add(counter.clone())))
        .collect();
    for task in tasks {
        task.await.expect("no task panics");
    }
    *counter.lock().await
}

// ANCHOR: add
/// Reads, awaits, writes: between the two the others read the same.
async fn hasty(counter: Arc<Mutex<u32>>) {
    let seen = *counter.lock().await;
    yield_now().await;
    *counter.lock().await = seen + 1;
}

/// Keeps the lock across the await: what it read is still so when it writes.
async fn patient(counter: Arc<Mutex<u32>>) {
    let mut counter = counter.lock().await;
    let seen = *counter;
    yield_now().await;
    *counter = seen + 1;
}
// ANCHOR_END: add

// ANCHOR: cancelled
/// Of three who wait, the first gives up. The other two get the lock, in order.
async fn give_up() {
    let order = Arc::new(Mutex::new(Vec::new()));
    let held = order.lock().await;
    let short = timeout(Duration::from_millis(5), order.lock());
    let patience = ["Ben", "Cleo"].map(|name| {
        let order = order.clone();
        async move { order.lock().await.push(name) }
    });
    let [ben, cleo] = patience;
    let lender = async move {
        sleep(Duration::from_millis(20)).await;
        drop(held);
    };
    let (short, ..) = kettle::join!(short, ben, cleo, lender);
    println!("Ada got it? {}", short.is_ok());
    println!("after her: {:?}", order.lock().await);
}
// ANCHOR_END: cancelled

#[kettle::main(flavor = "current_thread")]
async fn main() {
    println!("hasty: {}", ten(Arc::default(), hasty).await);
    println!("patient: {}", ten(Arc::default(), patient).await);
    give_up().await;
}
