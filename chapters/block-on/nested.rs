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

// ANCHOR: order
fn order(nested: bool, asked: &AtomicU32) -> &'static str {
    let (slate, order) = oneshot::channel();
    let cook = async move {
        match nested {
            true => teacup::block_on(order),
            false => order.await,
        }
    };
    let guest = async {
        asked.fetch_add(1, Relaxed);
        slate.send("tea")
    };
    let (drink, _) = teacup::block_on(join(cook, guest));
    drink.expect("the guest has ordered")
}
// ANCHOR_END: order

// ANCHOR: forbidden
fn forbidden() {
    let (outer, inner) = (Runtime::new().unwrap(), Runtime::new().unwrap());
    outer.block_on(async { inner.block_on(async {}) });
}
// ANCHOR_END: forbidden

fn main() {
    println!("a kettle inside: {}", works());

    for nested in [true, false] {
        let asked = Arc::new(AtomicU32::new(0));
        let counter = Arc::clone(&asked);
        let drink = watched(move || order(nested, &counter));
        let drink = drink.unwrap_or("nothing within a second");
        let asked = asked.load(Relaxed);
        println!("block_on inside: {nested}; {drink}, guest asked {asked} times");
    }

    panic::set_hook(Box::new(|_| {}));
    let panicked = thread::spawn(forbidden)
        .join()
        .expect_err("it is forbidden");
    let message = panicked.downcast_ref::<&str>().expect("a sentence");
    println!("kettle panics: {}", message.replace(", ", ",\n  "));
}
