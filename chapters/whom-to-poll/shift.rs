//! A machine that is polled by one poller first and then by another: whom does it tell?

mod poller;
mod water;

use std::sync::Arc;

use kettle::machinery::{Context, Future, Poll};
use poller::Poller;
use water::Water;

// ANCHOR: keeps
/// Saves itself the work if word is left already.
struct KeepsTheFirst(Arc<Water>);

impl Future for KeepsTheFirst {
    type Output = ();

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if !self.0.has_word() {
            self.0.leave_word(cx.waker());
        }
        match self.0.boils() {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    }
}

struct KeepsTheLast(Arc<Water>);

impl Future for KeepsTheLast {
    type Output = ();

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.0.leave_word(cx.waker());
        match self.0.boils() {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    }
}
// ANCHOR_END: keeps

fn main() {
    let water = Arc::new(Water::default());
    let kettle = KeepsTheFirst(Arc::clone(&water));
    report("keeps the first", &water, Box::new(kettle));

    let water = Arc::new(Water::default());
    let kettle = KeepsTheLast(Arc::clone(&water));
    report("keeps the last", &water, Box::new(kettle));
}

// ANCHOR: shift
fn report(name: &str, water: &Water, kettle: poller::Machine) {
    let (mut ada, mut ben) = (Poller::default(), Poller::default());
    ada.take_in(kettle);
    ada.run();
    // Ada's shift is over. Ben takes the kettle as it is, and asks it once.
    ben.take_in(ada.give_away(0).expect("it is cold"));
    ben.run();

    water.boil();
    ada.run();
    ben.run();
    let (ada, polls, tea) = (ada.polls, ben.polls, ben.is_done());
    println!("{name:16} polls by Ada: {ada}, by Ben: {polls}, tea: {tea}");
}
// ANCHOR_END: shift
