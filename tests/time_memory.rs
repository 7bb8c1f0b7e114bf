//! What timers take of the heap: nothing, once the wheel has grown to their number.

mod common;

use std::alloc::System;
use std::pin::pin;

use kettle::time::{Duration, Instant, interval, sleep, timeout};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

use common::alone::alone;
use common::count::poll;

#[global_allocator]
static COUNTING: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const HOUR: Duration = Duration::from_secs(3_600);

#[test]
fn a_sleep_a_timeout_and_an_interval_allocate_nothing() {
    alone("a_sleep_a_timeout_and_an_interval_allocate_nothing", || {
        let runtime = kettle::runtime::Runtime::new().expect("descriptors");
        runtime.block_on(async {
            // The wheel grows to three timers here.
            let mut first = pin!(sleep(HOUR));
            let mut second = pin!(sleep(HOUR));
            let mut third = pin!(sleep(HOUR));
            assert!(poll(first.as_mut()).is_pending());
            assert!(poll(second.as_mut()).is_pending());
            assert!(poll(third.as_mut()).is_pending());
            third.set(sleep(HOUR));

            // The harness's own thread may allocate meanwhile, but not each time.
            let mut least = usize::MAX;
            for _ in 0..10 {
                let region = Region::new(COUNTING);
                a_thousand_of_each().await;
                least = least.min(region.change().allocations);
            }
            assert_eq!(least, 0);
        });
    });
}

async fn a_thousand_of_each() {
    for round in 0..1_000_u64 {
        let mut it = pin!(sleep(HOUR));
        assert!(poll(it.as_mut()).is_pending());
        it.as_mut().reset(Instant::now() + HOUR / 2);
        assert!(poll(it).is_pending());
        let late = timeout(HOUR, std::future::pending::<()>());
        assert!(poll(pin!(late)).is_pending());
        let mut beat = interval(Duration::from_nanos(1 + round));
        beat.tick().await;
    }
    sleep(Duration::from_micros(100)).await;
}

#[test]
fn timers_that_are_taken_back_between_others_leave_nothing_behind() {
    alone(
        "timers_that_are_taken_back_between_others_leave_nothing_behind",
        || {
            let runtime = kettle::runtime::Runtime::new().expect("descriptors");
            runtime.block_on(async {
                // Some that stay: whoever is taken back is neither the first nor the last.
                let mut stay = pin!(sleep(HOUR));
                assert!(poll(stay.as_mut()).is_pending());
                let region = Region::new(COUNTING);
                let mut before = Box::pin(sleep(HOUR));
                for round in 0..100_000 {
                    let mut next = Box::pin(sleep(HOUR));
                    assert!(poll(next.as_mut()).is_pending());
                    before = next;
                    // On the wheel they are taken back as well as before it.
                    if round % 10 == 0 {
                        kettle::task::yield_now().await;
                    }
                }
                drop(before);
                let change = region.change();
                let grown = change.bytes_allocated - change.bytes_deallocated;
                assert!(grown < 10_000, "{grown} bytes are left of 100,000 timers");
            });
        },
    );
}
