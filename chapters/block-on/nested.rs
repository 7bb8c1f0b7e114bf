//! `block_on` inside of `block_on`: when it works, when it hangs, who forbids it.

mod stove;
pub mod teacup;
mod watchdog;

use std::panic;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::Relaxed;
use std::thread;

use futures::channel::oneshot;
use kettle::future::join;
use kettle::runtime::Runtime;
use stove::{Counts, Kettle, Stove};
use watchdog::watched;

// ANCHOR: works
fn works() -> &'static str {
    let counts = Arc::new(Counts::default());
    teacup::block_on(async {
        let kettle = Kettle::on(Stove::Ordinary, &counts);
        teacup::block_on(kettle)
    })
}
// ANCHOR_END: works

// ANCHOR: hangs
fn hangs(calls: Arc<AtomicU32>) {
    let (waiter, order) = oneshot::channel();
    let cook = async { teacup::block_on(order) };
    let guest = async {
        calls.fetch_add(1, Relaxed);
        waiter.send("tea")
    };
    let (drink, _) = teacup::block_on(join(cook, guest));
    println!("the guest gets {}", drink.unwrap());
}
// ANCHOR_END: hangs

// ANCHOR: forbidden
fn forbidden() {
    let (outer, inner) = (Runtime::new().unwrap(), Runtime::new().unwrap());
    outer.block_on(async { inner.block_on(async {}) });
}
// ANCHOR_END: forbidden

fn main() {
    println!("a kettle inside: {}", works());

    let calls = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&calls);
    let ended = watched(|| hangs(counted)).is_some();
    println!("an order inside: done? {ended}");
    println!("the guest was asked {} times", calls.load(Relaxed));

    panic::set_hook(Box::new(|_| {}));
    let panicked = thread::spawn(forbidden)
        .join()
        .expect_err("it is forbidden");
    let message = panicked.downcast_ref::<&str>().expect("a sentence");
    println!("kettle panics: {message}");
}
