//! What a `block_on` costs in polls and allocations.
#![expect(unsafe_code, reason = "counting allocations takes a global allocator")]

pub mod teacup;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use kettle::runtime::Runtime;
use kettle::task::yield_now;

thread_local! {
    static ALLOCATIONS: Cell<u32> = const { Cell::new(0) };
}

struct Counting;

// SAFETY: every call is handed on to the system's allocator as it came, so that one's
// contract is kept because ours is; counting touches nothing that allocates.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: the caller upholds what `System` asks, which is what we ask.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: `block` came from `System`, through `alloc` above.
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

// ANCHOR: measure
/// Yields, and counts how often it is polled.
async fn yielding(yields: u32, polls: &Cell<u32>) {
    polls.set(polls.get() + 1);
    for _ in 0..yields {
        yield_now().await;
        polls.set(polls.get() + 1);
    }
}

fn measure(name: &str, yields: u32, run: impl Fn(u32, &Cell<u32>)) {
    // Once without counting: what a first call sets up is not what a call costs.
    run(yields, &Cell::new(0));
    let polls = Cell::new(0);
    let before = ALLOCATIONS.get();
    run(yields, &polls);
    let allocations = ALLOCATIONS.get() - before;
    println!("{name:26}{yields:>6}{:>7}{allocations:>13}", polls.get());
}
// ANCHOR_END: measure

fn main() {
    let runtime = Runtime::new().expect("a runtime");
    println!("{:26}{:>6}{:>7}{:>13}", "", "wakes", "polls", "allocations");
    for yields in [0, 1_000] {
        measure("teacup::block_on", yields, |yields, polls| {
            teacup::block_on(yielding(yields, polls))
        });
        measure("kettle::block_on", yields, |yields, polls| {
            kettle::block_on(yielding(yields, polls))
        });
        measure("Runtime::block_on", yields, |yields, polls| {
            runtime.block_on(yielding(yields, polls))
        });
    }
}
