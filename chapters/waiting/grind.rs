//! A task that computes, and a task that has nothing to do but to say so.

use std::hint::black_box;
use std::thread;

use kettle::runtime::Runtime;
use kettle::task::spawn;

// ANCHOR: main
fn main() {
    let runtime = Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let pepper = spawn(async { grind("pepper") });
        let salt = spawn(async { grind("salt") });
        let tea = spawn(async { println!("tea is served") });
        for task in [pepper, salt, tea] {
            task.await.expect("no panic");
        }
    });
}

/// Ten million steps, and no `.await` among them.
fn grind(what: &str) {
    let cook = thread::current();
    let cook = cook.name().unwrap_or("a thread").to_owned();
    println!("{cook} begins to grind {what}");
    let ground: u64 = (0..10_000_000).map(|grain| black_box(grain) % 7).sum();
    black_box(ground);
    println!("{cook} has ground the {what}");
}
// ANCHOR_END: main
