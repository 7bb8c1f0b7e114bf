//! The raw limit: the least code that does a row's work, in safe Rust.
//!
//! No wakers, no join handles, no life of a task: boxed futures in a ring, polled
//! until they are done. What a runtime needs beyond this is the price of being a
//! runtime, and no runtime can be cheaper. The allocator's share is in it: a box each.

use std::collections::VecDeque;
use std::future::{Future, ready};
use std::hint::black_box;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use super::remote::Partner;
use super::{BATCHES, CALLS, PINGS, RING, Scenario, TRIPS, YIELDS, trivial};
use crate::allocator::{self, Tally};
use crate::arm::Run;
use crate::cpu::ThreadClock;

type Task = Pin<Box<dyn Future<Output = u64>>>;

/// The limit of a scenario, where there is one.
pub(super) fn limit(scenario: Scenario) -> Option<Run> {
    Some(match scenario {
        Scenario::BlockOnReady => block_on_ready,
        Scenario::SpawnAndAwait => spawn_and_await,
        Scenario::Thousand => spawn_and_join::<RING, BATCHES, 0>,
        Scenario::HundredThousand => spawn_and_join::<100_000, 1, 0>,
        Scenario::HundredThousandCold => spawn_and_join::<100_000, 1, 1>,
        Scenario::Million => spawn_and_join::<1_000_000, 1, 0>,
        Scenario::MillionCold => spawn_and_join::<1_000_000, 1, 1>,
        Scenario::Yields | Scenario::PlainYields => yields,
        Scenario::YieldsBesideSocket | Scenario::Offload => return None,
        Scenario::RemoteWake => remote_wake,
    })
}

fn block_on_ready(blocks: u64) -> Duration {
    let mut clock = ThreadClock::start();
    for block in 0..=blocks {
        if block == 1 {
            clock = ThreadClock::start();
        }
        for number in 0..CALLS {
            let mut future = pin!(ready(black_box(number)));
            let mut cx = Context::from_waker(Waker::noop());
            let _ = black_box(future.as_mut().poll(&mut cx));
        }
    }
    clock.elapsed()
}

fn spawn_and_await(blocks: u64) -> Duration {
    let mut queue: VecDeque<Task> = VecDeque::new();
    let mut clock = ThreadClock::start();
    for block in 0..=blocks {
        if block == 1 {
            clock = ThreadClock::start();
        }
        for number in 0..TRIPS {
            queue.push_back(Box::pin(trivial(number)));
            black_box(run_next(&mut queue));
        }
    }
    clock.elapsed()
}

fn spawn_and_join<const BATCH: u64, const REPEAT: u64, const FIRST: u64>(
    blocks: u64,
) -> Duration {
    let mut queue: VecDeque<Task> = VecDeque::new();
    let mut clock = ThreadClock::start();
    for block in FIRST..=blocks {
        if block == 1 {
            clock = ThreadClock::start();
        }
        for _ in 0..REPEAT {
            for number in 0..BATCH {
                queue.push_back(Box::pin(trivial(number)));
            }
            while !queue.is_empty() {
                black_box(run_next(&mut queue));
            }
        }
    }
    clock.elapsed()
}

fn yields(blocks: u64) -> Duration {
    let mut queue: VecDeque<Task> = VecDeque::new();
    for number in 0..RING {
        queue.push_back(Box::pin(async move {
            for _ in 0..blocks * YIELDS {
                futures_lite::future::yield_now().await;
            }
            number
        }));
    }
    let clock = ThreadClock::start();
    while !queue.is_empty() {
        black_box(run_next(&mut queue));
    }
    clock.elapsed()
}

/// Polls the first of the ring. What is not done goes to the end.
fn run_next(queue: &mut VecDeque<Task>) -> Option<u64> {
    let mut task = queue.pop_front()?;
    let mut cx = Context::from_waker(Waker::noop());
    match task.as_mut().poll(&mut cx) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => {
            queue.push_back(task);
            None
        }
    }
}

fn remote_wake(blocks: u64) -> Duration {
    let partner = Partner::start();
    let ping = partner.ping();
    let waker = Arc::new(Unpark(thread::current())).into();
    let mut cx = Context::from_waker(&waker);
    let mut started = Instant::now();
    for block in 0..=blocks {
        if block == 1 {
            started = Instant::now();
        }
        for _ in 0..PINGS {
            let mut round_trip = pin!(ping.round_trip());
            while round_trip.as_mut().poll(&mut cx).is_pending() {
                thread::park();
            }
        }
    }
    started.elapsed()
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Row 3m: a box each and the ring that holds them.
#[must_use]
pub fn footprint(tasks: u64) -> Tally {
    let (queue, tally) = allocator::counted(|| {
        let mut queue: VecDeque<Task> = VecDeque::new();
        for number in 0..tasks {
            queue.push_back(Box::pin(trivial(number)));
        }
        queue
    });
    drop(black_box(queue));
    tally
}
