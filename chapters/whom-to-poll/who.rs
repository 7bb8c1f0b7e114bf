//! Who calls `wake`? Kettle's recorder has the answer for each wake.

use std::collections::BTreeSet;
use std::net;
use std::sync::Arc;
use std::thread;

use kettle::net::TcpListener;
use kettle::runtime::Builder;
use kettle::sync::{Mutex, oneshot};
use kettle::task::yield_now;
use kettle::time::{Duration, sleep};
use kettle::trace::{self, Cause, Event, Task};

// ANCHOR: cases
async fn a_message() {
    let (sender, receiver) = oneshot::channel();
    kettle::spawn(async { sender.send("tea").unwrap() });
    receiver.await.unwrap();
}

async fn a_message_from_a_thread() {
    let (sender, receiver) = oneshot::channel();
    kettle::spawn(async {
        // The thread is not begun before the receiver waits.
        thread::spawn(|| sender.send("tea").unwrap())
            .join()
            .unwrap();
    });
    receiver.await.unwrap();
}

async fn a_lock() {
    let stove = Arc::new(Mutex::new(()));
    let busy = Arc::clone(&stove).lock_owned().await;
    kettle::spawn(async move { drop(busy) });
    drop(stove.lock().await);
}

async fn a_connection() {
    let door = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = door.local_addr().unwrap();
    kettle::spawn(async move { net::TcpStream::connect(address).unwrap() });
    door.accept().await.unwrap();
}
// ANCHOR_END: cases

fn main() {
    // Made where it is polled: a deadline that has passed wakes nobody.
    row("sleep", async { sleep(Duration::from_millis(20)).await });
    row("recv, and a task sends", a_message());
    row("recv, and a thread sends", a_message_from_a_thread());
    row("lock, and a task unlocks", a_lock());
    row("join of a task", async {
        kettle::spawn(async {}).await.unwrap()
    });
    row("accept", a_connection());
    row("yield_now", yield_now());
}

fn row(what: &str, future: impl Future<Output = ()>) {
    println!("{what:26} {}", who_woke(future));
}

// ANCHOR: who-woke
const MAIN: Task = Task(1);

/// Runs a future that has to wait, and gives who woke it.
fn who_woke(future: impl Future<Output = ()>) -> String {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let ((), recording) = trace::record(|| runtime.block_on(future));
    let wakes = recording.events().filter_map(|event| match event {
        Event::Wake { task: MAIN, by, .. } => Some(by),
        _ => None,
    });
    let wakers: BTreeSet<String> = wakes.map(named).collect();
    wakers.into_iter().collect::<Vec<_>>().join(", ")
}
// ANCHOR_END: who-woke

fn named(by: &Cause) -> String {
    match by {
        Cause::Task(MAIN) => "itself".to_owned(),
        Cause::Task(_) => "the other task".to_owned(),
        Cause::Timer(_) => "a timer that fired".to_owned(),
        Cause::Source(_) => "a socket that became ready".to_owned(),
        other => other.to_string(),
    }
}
