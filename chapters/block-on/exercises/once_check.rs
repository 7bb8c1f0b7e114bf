//! The check of `once`: it counts polls and wakes. The clock is asked only how long to
//! wait for what never ends.

use std::future::Future;
use std::process::exit;
use std::sync::Arc;

#[path = "../stove.rs"]
mod stove;
#[path = "../trials.rs"]
mod trials;
#[path = "../watchdog.rs"]
mod watchdog;

use stove::{Counts, Kettle, Stove};

/// Runs all trials on `block_on`, and says what is wrong.
pub(crate) fn check() {
    let mut wrong: Vec<String> = [
        trial(trials::early, EARLY, "Nothing but your waker unparked you."),
        trial(trials::eaten, EATEN, STRAY),
        trial(trials::stray, LATE, STRAY),
    ]
    .into_iter()
    .flatten()
    .collect();
    // Last, since its first kettle alone stops who fails above.
    if wrong.is_empty() {
        wrong.extend(trial(twice, SECOND, TWICE));
    }
    for explanation in &wrong {
        println!("{explanation}\n");
    }
    if !wrong.is_empty() {
        exit(1);
    }
    println!("Two polls and one wake in each of four trials.");
}

const EARLY: &str = "It hangs if the wake comes while `poll` still runs. You park \
    afterwards, and nobody wakes you a second time. What could `wake` leave behind \
    that you find, and have not wiped off, before you sleep?";

const EATEN: &str = "It hangs if the future calls `thread::park` for a purpose of its \
    own: that took away the token which your waker had left. The thread's token \
    belongs to everybody on the thread. Where could your waker write down that it was \
    called, so that only you can take it away?";

const LATE: &str = "It hangs if the wake comes when you sleep already. Leaving a note \
    is not enough then. Who makes you read it?";

const STRAY: &str = "`thread::park` returns also when somebody unparks the thread for \
    another reason, or for none. How do you find out, once it has returned, whether \
    your waker was called? And if it was not?";

const SECOND: &str = "It hangs on the second of two kettles. The first whistled early, \
    the second whistles late. What has the first wake used up?";

const TWICE: &str = "Your waker was called once, long ago, and you still act on it. \
    When do you take the note away?";

/// Runs one future; `Some` explains what went wrong.
fn trial<F>(
    future: fn(Arc<Counts>) -> F,
    if_it_hangs: &str,
    if_too_often: &str,
) -> Option<String>
where
    F: Future<Output = &'static str> + Send + 'static,
{
    let counts = Arc::new(Counts::default());
    let future = future(Arc::clone(&counts));
    let drink = watchdog::watched(|| super::block_on(future));
    let (polls, wakes) = (counts.polls(), counts.wakes());
    match (drink, polls) {
        (None, _) => Some(if_it_hangs.to_owned()),
        (Some(_), 2) => None,
        (Some(_), _) => Some(format!(
            "It polled {polls} times, for {wakes} wake: the first poll is free, and \
             each other one needs a wake. {if_too_often}"
        )),
    }
}

/// A kettle that whistles early, and then one that whistles late, which is counted.
async fn twice(counts: Arc<Counts>) -> &'static str {
    Kettle::on(Stove::Quick, &Arc::default()).await;
    Kettle::on(Stove::Late, &counts).await
}
