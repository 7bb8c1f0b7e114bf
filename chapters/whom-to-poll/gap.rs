//! The poll of a machine has two duties, to look and to leave word. In which order?

mod poller;
mod water;

use std::sync::Arc;
use std::thread;

use kettle::machinery::{Context, Future, Poll};
use poller::Poller;
use water::Water;

type Moment = fn(&Arc<Water>);

/// Of all moments, the worst: between the two duties of the first poll.
fn boil_elsewhere(water: &Arc<Water>) {
    let water = Arc::clone(water);
    let stove = thread::spawn(move || water.boil());
    stove.join().unwrap();
}

// ANCHOR: looks-first
struct LooksFirst(Arc<Water>, Option<Moment>);

impl Future for LooksFirst {
    type Output = ();

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.0.boils() {
            return Poll::Ready(());
        }
        between(&self.0, &mut self.1);
        self.0.leave_word(cx.waker());
        Poll::Pending
    }
}
// ANCHOR_END: looks-first

// ANCHOR: leaves-word-first
struct LeavesWordFirst(Arc<Water>, Option<Moment>);

impl Future for LeavesWordFirst {
    type Output = ();

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.0.leave_word(cx.waker());
        between(&self.0, &mut self.1);
        match self.0.boils() {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    }
}
// ANCHOR_END: leaves-word-first

fn between(water: &Arc<Water>, moment: &mut Option<Moment>) {
    if let Some(moment) = moment.take() {
        moment(water);
    }
}

fn main() {
    let water = Arc::new(Water::default());
    let kettle = LooksFirst(Arc::clone(&water), Some(boil_elsewhere));
    report("looks first", &water, Box::new(kettle));

    let water = Arc::new(Water::default());
    let kettle = LeavesWordFirst(Arc::clone(&water), Some(boil_elsewhere));
    report("leaves word first", &water, Box::new(kettle));
}

fn report(name: &str, water: &Water, machine: poller::Machine) {
    let mut poller = Poller::default();
    poller.take_in(machine);
    poller.run();
    let (polls, tea) = (poller.polls, poller.is_done());
    let boils = water.boils();
    println!("{name:18} polls: {polls}, boils: {boils}, tea: {tea}");
}
