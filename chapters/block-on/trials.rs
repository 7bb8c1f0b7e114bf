//! Three futures that are hard on a parker.

#![allow(dead_code, unreachable_pub, reason = "each program uses a part of it")]

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::thread;

use super::stove::{Counts, Kettle, Stove};

/// The wake comes before the sleep.
pub async fn early(counts: Arc<Counts>) -> &'static str {
    Kettle::on(Stove::Quick, &counts).await
}

/// The wake comes before the sleep, and then the future parks for a reason of its own.
pub async fn eaten(counts: Arc<Counts>) -> &'static str {
    let mut kettle = pin!(Kettle::on(Stove::Quick, &counts));
    poll_fn(|cx| {
        let polled = kettle.as_mut().poll(cx);
        if polled.is_pending() {
            consult();
        }
        polled
    })
    .await
}

/// Asks a helper thread, and parks until it has answered: one unpark, one park.
fn consult() {
    let me = thread::current();
    let helper = thread::spawn(move || me.unpark());
    helper.join().expect("the helper only unparks");
    thread::park();
}

/// Each poll leaves an unpark behind that is nobody's wake.
pub async fn stray(counts: Arc<Counts>) -> &'static str {
    let mut kettle = pin!(Kettle::on(Stove::Late, &counts));
    poll_fn(|cx| {
        thread::current().unpark();
        kettle.as_mut().poll(cx)
    })
    .await
}
