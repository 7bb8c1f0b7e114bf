//! A kettle on a stove: the future that the chapter's programs wait for.
//!
//! The stove is a thread. When the water boils, the kettle whistles, which is to say
//! that the stove calls the waker.

#![allow(dead_code, unreachable_pub, reason = "each program uses a part of it")]

use std::pin::Pin;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::{Duration, Instant};

/// How often a kettle was polled, and how often it whistled.
#[derive(Default)]
pub struct Counts {
    polls: AtomicU32,
    wakes: AtomicU32,
}

impl Counts {
    pub fn polls(&self) -> u32 {
        self.polls.load(Relaxed)
    }

    pub fn wakes(&self) -> u32 {
        self.wakes.load(Relaxed)
    }
}

/// What heats the water.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Stove {
    /// It takes its time, and so the whistle comes whenever it comes.
    Ordinary,
    /// The whistle comes before the poll that lit the stove has returned.
    Quick,
    /// The whistle waits until the kettle was polled ten times, or nobody polls it.
    Late,
}

/// A future that is ready when its water boils. The first poll lights the stove.
pub struct Kettle {
    water: Arc<Mutex<Water>>,
    stove: Option<Stove>,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Water {
    boils: bool,
    whistle: Option<Waker>,
}

impl Kettle {
    pub fn on(stove: Stove, counts: &Arc<Counts>) -> Kettle {
        Kettle {
            water: Arc::default(),
            stove: Some(stove),
            counts: Arc::clone(counts),
        }
    }

    fn light(&self, stove: Stove) {
        let (water, counts) = (Arc::clone(&self.water), Arc::clone(&self.counts));
        let fire = thread::spawn(move || {
            if stove == Stove::Late {
                wait_for_ten_polls(&counts);
            }
            boil(&water, &counts);
        });
        if stove == Stove::Quick {
            fire.join().expect("boiling does not panic");
        }
    }
}

impl Future for Kettle {
    type Output = &'static str;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<&'static str> {
        self.counts.polls.fetch_add(1, Relaxed);
        let mut water = self.water.lock().unwrap();
        if water.boils {
            return Poll::Ready("tea");
        }
        water.whistle = Some(cx.waker().clone());
        drop(water);
        if let Some(stove) = self.stove.take() {
            self.light(stove);
        }
        Poll::Pending
    }
}

fn boil(water: &Mutex<Water>, counts: &Counts) {
    let whistle = {
        let mut water = water.lock().unwrap();
        water.boils = true;
        water.whistle.take()
    };
    counts.wakes.fetch_add(1, Relaxed);
    whistle.expect("the kettle was polled first").wake();
}

fn wait_for_ten_polls(counts: &Counts) {
    let patience = Instant::now() + Duration::from_millis(300);
    while counts.polls() < 10 && Instant::now() < patience {
        thread::sleep(Duration::from_millis(1));
    }
}
