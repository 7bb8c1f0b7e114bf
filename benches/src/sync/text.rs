//! The text of the scenarios: once, for all kits.
//!
//! `kit` and `body` are whatever the stamp put there. Each scenario runs inside a spawned
//! task. Where tasks exchange all the time, the whole of their exchange is timed, their
//! spawning is not.

/// The scenarios of some primitives, and the way to find them.
macro_rules! scenarios {
    ($($primitive:ident)*) => {
        use std::hint::black_box;
        use std::time::Duration;

        use crate::arm::Run;
        use crate::cpu::ThreadClock;
        #[allow(unused_imports, reason = "not every kit has every primitive")]
        use crate::sync::{MANY, Scenario, TASKS, TRIPS};

        pub(super) fn run(scenario: Scenario) -> Option<Run> {
            let mut runs: Vec<(Scenario, Run)> = Vec::new();
            $($primitive::list(&mut runs);)*
            let found = runs.iter().find(|(other, _)| *other == scenario);
            found.map(|(_, run)| *run)
        }

        $(mod $primitive {
            use super::*;
            $primitive!();
        })*
    };
}

macro_rules! oneshot {
    () => {
        pub(super) fn list(runs: &mut Vec<(Scenario, Run)>) {
            runs.push((Scenario::Oneshot, trips));
        }

        fn trips(blocks: u64) -> Duration {
            in_task!(async move {
                clocked!(blocks, TRIPS, async |number| {
                    let (ask, asked) = kit::one();
                    let (reply, answer) = kit::one();
                    let peer = kit::spawn(body(async move {
                        let question = kit::one_recv(asked).await;
                        kit::one_send(reply, question);
                    }));
                    kit::one_send(ask, black_box(number));
                    black_box(kit::one_recv(answer).await);
                    kit::join(peer).await;
                })
            })
        }
    };
}

macro_rules! channel {
    () => {
        pub(super) fn list(runs: &mut Vec<(Scenario, Run)>) {
            runs.push((Scenario::PingPong, trips));
            runs.push((Scenario::Bounded, |blocks| messages(blocks, 1)));
            runs.push((Scenario::BoundedTen, |blocks| messages(blocks, 10)));
        }

        fn trips(blocks: u64) -> Duration {
            in_task!(async move {
                let (mut ask, mut asked) = kit::channel(1);
                let (mut reply, mut answer) = kit::channel(1);
                let peer = kit::spawn(body(async move {
                    while let Some(question) = kit::recv(&mut asked).await {
                        let sent = kit::send(&mut reply, question).await;
                        sent.expect("the answer is awaited");
                    }
                }));
                let elapsed = clocked!(blocks, TRIPS, async |number| {
                    let sent = kit::send(&mut ask, black_box(number)).await;
                    sent.expect("the peer is there");
                    black_box(kit::recv(&mut answer).await);
                });
                drop(ask);
                kit::join(peer).await;
                elapsed
            })
        }

        fn messages(blocks: u64, producers: u64) -> Duration {
            in_task!(async move {
                let (sender, mut receiver) = kit::channel(100);
                for _ in 0..producers {
                    let mut sender = sender.clone();
                    drop(kit::spawn(body(async move {
                        for number in 0..blocks * MANY / producers {
                            let sent =
                                kit::send(&mut sender, black_box(number)).await;
                            sent.expect("the receiver is there");
                        }
                    })));
                }
                drop(sender);
                let clock = ThreadClock::start();
                let mut received = 0;
                while let Some(number) = kit::recv(&mut receiver).await {
                    black_box(number);
                    received += 1;
                }
                assert_eq!(received, blocks * MANY);
                clock.elapsed()
            })
        }
    };
}

macro_rules! unbounded {
    () => {
        pub(super) fn list(runs: &mut Vec<(Scenario, Run)>) {
            runs.push((Scenario::Unbounded, |blocks| messages(blocks, 1)));
            runs.push((Scenario::UnboundedTen, |blocks| messages(blocks, 10)));
        }

        /// A producer gives way after every hundredth message: it would keep the whole
        /// block in memory otherwise, and that is another scenario.
        fn messages(blocks: u64, producers: u64) -> Duration {
            in_task!(async move {
                let (sender, mut receiver) = kit::unbounded();
                for _ in 0..producers {
                    let sender = sender.clone();
                    drop(kit::spawn(body(async move {
                        for number in 0..blocks * MANY / producers {
                            kit::push(&sender, black_box(number));
                            if number % 100 == 99 {
                                kit::yield_now().await;
                            }
                        }
                    })));
                }
                drop(sender);
                let clock = ThreadClock::start();
                let mut received = 0;
                while let Some(number) = kit::pull(&mut receiver).await {
                    black_box(number);
                    received += 1;
                }
                assert_eq!(received, blocks * MANY);
                clock.elapsed()
            })
        }
    };
}

macro_rules! notify {
    () => {
        pub(super) fn list(runs: &mut Vec<(Scenario, Run)>) {
            runs.push((Scenario::Notify, trips));
        }

        fn trips(blocks: u64) -> Duration {
            in_task!(async move {
                let ask = kit::Shared::new(kit::Notify::new());
                let reply = kit::Shared::new(kit::Notify::new());
                let (asked, answer) = (ask.clone(), reply.clone());
                let all = (blocks + 1) * TRIPS;
                let peer = kit::spawn(body(async move {
                    for _ in 0..all {
                        asked.notified().await;
                        reply.notify_one();
                    }
                }));
                let elapsed = clocked!(blocks, TRIPS, async |number| {
                    black_box(number);
                    ask.notify_one();
                    answer.notified().await;
                });
                kit::join(peer).await;
                elapsed
            })
        }
    };
}

/// A hundred tasks that want the same and keep it across a yield.
macro_rules! hundred {
    ($blocks:expr, $shared:expr, $take:expr) => {
        in_task!(async move {
            let blocks = $blocks;
            let shared = kit::Shared::new($shared);
            let mut tasks = Vec::new();
            for _ in 0..TASKS {
                let shared = shared.clone();
                tasks.push(kit::spawn(body(async move {
                    for _ in 0..blocks * MANY / TASKS {
                        let taken = $take(&shared).await;
                        kit::yield_now().await;
                        drop(taken);
                    }
                })));
            }
            let clock = ThreadClock::start();
            for task in tasks {
                kit::join(task).await;
            }
            clock.elapsed()
        })
    };
}

macro_rules! semaphore {
    () => {
        pub(super) fn list(runs: &mut Vec<(Scenario, Run)>) {
            runs.push((Scenario::Permit, uncontended));
            runs.push((Scenario::PermitHundred, contended));
        }

        fn uncontended(blocks: u64) -> Duration {
            in_task!(async move {
                let semaphore = kit::Semaphore::new(10);
                clocked!(blocks, MANY, async |number| {
                    let permit = kit::acquire(&semaphore).await;
                    black_box(number);
                    drop(permit);
                })
            })
        }

        fn contended(blocks: u64) -> Duration {
            hundred!(blocks, kit::Semaphore::new(10), kit::acquire)
        }
    };
}

macro_rules! mutex {
    () => {
        pub(super) fn list(runs: &mut Vec<(Scenario, Run)>) {
            runs.push((Scenario::Lock, uncontended));
            runs.push((Scenario::LockHundred, contended));
        }

        fn uncontended(blocks: u64) -> Duration {
            in_task!(async move {
                let mutex = kit::Mutex::new(0);
                clocked!(blocks, MANY, async |number| {
                    *kit::lock(&mutex).await = black_box(number);
                })
            })
        }

        fn contended(blocks: u64) -> Duration {
            hundred!(blocks, kit::Mutex::new(0), kit::lock)
        }
    };
}
