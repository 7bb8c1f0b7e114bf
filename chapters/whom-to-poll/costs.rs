//! What a wake costs: polls and allocations of a machine that is woken a thousand times.

use std::alloc::System;

use kettle::machinery::{Context, Executor, Future, IntoStd, Poll};
use kettle::runtime::Builder;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static COUNTING: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Is woken so many times, by itself.
struct Woken(u32);

impl Future for Woken {
    type Output = ();

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.0 == 0 {
            return Poll::Ready(());
        }
        self.0 -= 1;
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

fn allocations(run: impl FnOnce(u32), wakes: u32) -> usize {
    let region = Region::new(COUNTING);
    run(wakes);
    region.change().allocations
}

fn measure(name: &str, run: fn(u32)) {
    run(0); // what a first call sets up is not what a wake costs
    let none = allocations(run, 0);
    let thousand = allocations(run, 1_000);
    println!("{name:20}{:>6}", thousand - none);
}

fn main() {
    println!("allocations for 1000 wakes");
    measure("machinery::Executor", |wakes| {
        let mut executor = Executor::default();
        executor.spawn(Woken(wakes));
        executor.run();
    });
    measure("Runtime", |wakes| {
        let runtime = Builder::new_current_thread().build().unwrap();
        runtime.block_on(IntoStd::new(Woken(wakes)));
    });
}
