//! What a wide join takes of the heap: a waker for each child, and a box for eight.

mod common;

use std::alloc::System;
use std::pin::pin;

use kettle::future::{join_all, yield_now};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

use common::alone::alone;
use common::count::poll;

#[global_allocator]
static COUNTING: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

#[test]
fn a_join_of_small_futures_allocates_little_more_than_once_for_each() {
    let name = "a_join_of_small_futures_allocates_little_more_than_once_for_each";
    alone(name, || {
        const CHILDREN: usize = 1_000;
        // The harness's own thread may allocate meanwhile, but not each time.
        let mut least = usize::MAX;
        for _ in 0..10 {
            let region = Region::new(COUNTING);
            let mut all = pin!(join_all((0..CHILDREN).map(|_| yield_now())));
            assert!(poll(all.as_mut()).is_pending());
            assert!(poll(all).is_ready());
            least = least.min(region.change().allocations);
        }
        let bells_and_boxes = CHILDREN + CHILDREN.div_ceil(8);
        assert!(least >= CHILDREN, "it counts: {least}");
        assert!(least <= bells_and_boxes + 30, "{least} allocations");
    });
}
