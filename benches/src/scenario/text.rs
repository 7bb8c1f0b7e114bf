//! The text of the scenarios: once, for all sides.
//!
//! `side` and `body` are whatever the stamp put there. Each scenario runs inside a
//! spawned task: from the future of `block_on` itself tokio pays an `epoll_wait` per
//! round trip, and comparing there would be unfair to it. Each repeats its block
//! `blocks` times after a first one that only warms up.

/// Runs a future as a task of a fresh runtime and returns its output. A macro, since
/// some sides ask for `Send` and others cannot give it.
macro_rules! in_task {
    ($main:expr) => {{
        let mut runtime = side::Runtime::build().expect("the probe built one");
        let main = body($main);
        runtime.block_on(async move { side::join(side::spawn(main)).await })
    }};
}

macro_rules! rows {
    () => {
        use std::future::ready;
        use std::hint::black_box;
        use std::time::{Duration, Instant};

        use super::super::{
            BATCHES, CALLS, PINGS, RING, Scenario, TRIPS, YIELDS, trivial,
        };
        use crate::arm::Run;
        use crate::cpu::ThreadClock;
        use crate::scenario::remote::Partner;

        pub(super) fn run(scenario: Scenario) -> Run {
            match scenario {
                Scenario::BlockOnReady => block_on_ready,
                Scenario::SpawnAndAwait => spawn_and_await,
                Scenario::Thousand => spawn_and_join::<RING, BATCHES, 0>,
                Scenario::HundredThousand => spawn_and_join::<100_000, 1, 0>,
                Scenario::HundredThousandCold => spawn_and_join::<100_000, 1, 1>,
                Scenario::Million => spawn_and_join::<1_000_000, 1, 0>,
                Scenario::MillionCold => spawn_and_join::<1_000_000, 1, 1>,
                Scenario::Yields => yields,
                Scenario::YieldsBesideSocket => yields_beside_a_socket,
                Scenario::PlainYields => plain_yields,
                Scenario::RemoteWake => remote_wake,
                Scenario::Offload => offload,
            }
        }

        fn block_on_ready(blocks: u64) -> Duration {
            let mut runtime = side::Runtime::build().expect("the probe built one");
            let mut clock = ThreadClock::start();
            for block in 0..=blocks {
                if block == 1 {
                    clock = ThreadClock::start();
                }
                for number in 0..CALLS {
                    black_box(runtime.block_on(ready(black_box(number))));
                }
            }
            clock.elapsed()
        }

        fn spawn_and_await(blocks: u64) -> Duration {
            in_task!(async move {
                let mut clock = ThreadClock::start();
                for block in 0..=blocks {
                    if block == 1 {
                        clock = ThreadClock::start();
                    }
                    for number in 0..TRIPS {
                        let _ = black_box(side::spawn(body(trivial(number))).await);
                    }
                }
                clock.elapsed()
            })
        }

        /// Blocks are counted from `FIRST`: 0 for a warm process, 1 for a cold one,
        /// where there is no block before the clock starts.
        fn spawn_and_join<const BATCH: u64, const REPEAT: u64, const FIRST: u64>(
            blocks: u64,
        ) -> Duration {
            in_task!(async move {
                let mut handles = Vec::with_capacity(BATCH as usize);
                let mut clock = ThreadClock::start();
                for block in FIRST..=blocks {
                    if block == 1 {
                        clock = ThreadClock::start();
                    }
                    for _ in 0..REPEAT {
                        for number in 0..BATCH {
                            handles.push(side::spawn(body(trivial(number))));
                        }
                        for handle in handles.drain(..) {
                            let _ = black_box(handle.await);
                        }
                    }
                }
                clock.elapsed()
            })
        }

        fn yields(blocks: u64) -> Duration {
            in_task!(async move {
                let mut ring = Vec::new();
                for _ in 0..RING {
                    ring.push(side::spawn(body(async move {
                        for _ in 0..blocks * YIELDS {
                            side::yield_now().await;
                        }
                    })));
                }
                let clock = ThreadClock::start();
                for task in ring {
                    let _ = black_box(task.await);
                }
                clock.elapsed()
            })
        }

        fn yields_beside_a_socket(blocks: u64) -> Duration {
            in_task!(async move {
                let idle = side::spawn(side::idle_socket());
                for _ in 0..4 {
                    side::yield_now().await;
                }
                let mut ring = Vec::new();
                for _ in 0..RING {
                    ring.push(side::spawn(body(async move {
                        for _ in 0..blocks * YIELDS {
                            side::yield_now().await;
                        }
                    })));
                }
                let clock = ThreadClock::start();
                for task in ring {
                    let _ = black_box(task.await);
                }
                let elapsed = clock.elapsed();
                drop(idle);
                elapsed
            })
        }

        fn plain_yields(blocks: u64) -> Duration {
            in_task!(async move {
                let mut ring = Vec::new();
                for _ in 0..RING {
                    ring.push(side::spawn(body(async move {
                        for _ in 0..blocks * YIELDS {
                            futures_lite::future::yield_now().await;
                        }
                    })));
                }
                let clock = ThreadClock::start();
                for task in ring {
                    let _ = black_box(task.await);
                }
                clock.elapsed()
            })
        }

        /// In wall time: what it measures is mostly waiting.
        fn remote_wake(blocks: u64) -> Duration {
            let partner = Partner::start();
            let ping = partner.ping();
            in_task!(async move {
                let mut started = Instant::now();
                for block in 0..=blocks {
                    if block == 1 {
                        started = Instant::now();
                    }
                    for _ in 0..PINGS {
                        ping.round_trip().await;
                    }
                }
                started.elapsed()
            })
        }

        /// In wall time. The pool's thread is born pinned to the core that is measured.
        fn offload(blocks: u64) -> Duration {
            in_task!(async move {
                let mut started = Instant::now();
                for block in 0..=blocks {
                    if block == 1 {
                        started = Instant::now();
                    }
                    for number in 0..PINGS {
                        black_box(side::offload(black_box(number)).await);
                    }
                }
                started.elapsed()
            })
        }
    };
}

macro_rules! footprint {
    () => {
        use super::super::trivial;
        use crate::allocator::{self, Tally};

        /// The handles' own vector is made before the count begins.
        pub(super) fn footprint(tasks: u64) -> Tally {
            in_task!(async move {
                let mut handles = Vec::with_capacity(tasks as usize);
                let ((), tally) = allocator::counted(|| {
                    for number in 0..tasks {
                        handles.push(side::spawn(trivial(number)));
                    }
                });
                for handle in handles {
                    let _ = std::hint::black_box(handle.await);
                }
                tally
            })
        }

        pub(super) fn probe() -> Result<(), String> {
            let mut runtime =
                side::Runtime::build().map_err(|error| error.to_string())?;
            let task = async { side::join(side::spawn(trivial(7))).await };
            match runtime.block_on(task) {
                7 => Ok(()),
                other => Err(format!("a task that returns 7 returned {other}")),
            }
        }
    };
}
