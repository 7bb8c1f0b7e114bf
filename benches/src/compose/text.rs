//! The text of rows 9: once, for all kits.

/// Some scenarios, and the way to find them.
macro_rules! composed {
    ($($what:ident)*) => {
        use std::hint::black_box;
        use std::time::Duration;

        use crate::arm::Run;
        use crate::cpu::ThreadClock;
        #[allow(unused_imports, reason = "not every kit has everything")]
        use crate::compose::{MANY, Scenario, Turn, bells};

        pub(super) fn run(scenario: Scenario) -> Option<Run> {
            let mut runs: Vec<(Scenario, Run)> = Vec::new();
            $($what::list(&mut runs);)*
            let found = runs.iter().find(|(other, _)| *other == scenario);
            found.map(|(_, run)| *run)
        }

        $(mod $what {
            use super::*;
            $what!();
        })*
    };
}

macro_rules! two {
    () => {
        pub(super) fn list(runs: &mut Vec<(Scenario, Run)>) {
            runs.push((Scenario::TwoFair, fair));
            runs.push((Scenario::TwoBiased, biased));
        }

        fn fair(blocks: u64) -> Duration {
            in_task!(async move {
                clocked!(blocks, MANY, async |number| {
                    let number = black_box(number);
                    let turn = |place| Turn::of(number, place, 2);
                    black_box(kit::fair!(turn(0), turn(1)));
                })
            })
        }

        fn biased(blocks: u64) -> Duration {
            in_task!(async move {
                clocked!(blocks, MANY, async |number| {
                    let number = black_box(number);
                    let turn = |place| Turn::of(number, place, 2);
                    black_box(kit::biased!(turn(0), turn(1)));
                })
            })
        }
    };
}

macro_rules! eight {
    () => {
        pub(super) fn list(runs: &mut Vec<(Scenario, Run)>) {
            runs.push((Scenario::EightFair, fair));
            runs.push((Scenario::EightBiased, biased));
        }

        fn fair(blocks: u64) -> Duration {
            in_task!(async move {
                clocked!(blocks, MANY, async |number| {
                    let number = black_box(number);
                    let turn = |place| Turn::of(number, place, 8);
                    black_box(kit::fair!(
                        turn(0),
                        turn(1),
                        turn(2),
                        turn(3),
                        turn(4),
                        turn(5),
                        turn(6),
                        turn(7)
                    ));
                })
            })
        }

        fn biased(blocks: u64) -> Duration {
            in_task!(async move {
                clocked!(blocks, MANY, async |number| {
                    let number = black_box(number);
                    let turn = |place| Turn::of(number, place, 8);
                    black_box(kit::biased!(
                        turn(0),
                        turn(1),
                        turn(2),
                        turn(3),
                        turn(4),
                        turn(5),
                        turn(6),
                        turn(7)
                    ));
                })
            })
        }
    };
}

macro_rules! both {
    () => {
        pub(super) fn list(runs: &mut Vec<(Scenario, Run)>) {
            runs.push((Scenario::Both, both));
        }

        /// The same future that yields on all sides: it wakes its task and is pending.
        fn both(blocks: u64) -> Duration {
            in_task!(async move {
                clocked!(blocks, MANY, async |number| {
                    let late = futures_lite::future::yield_now();
                    let ready = Turn(Some(black_box(number)));
                    black_box(kit::both!(late, ready));
                })
            })
        }
    };
}

macro_rules! all {
    () => {
        pub(super) fn list(runs: &mut Vec<(Scenario, Run)>) {
            runs.push((Scenario::Hundred, all::<100>));
            runs.push((Scenario::TenThousand, all::<10_000>));
        }

        /// A task rings one bell after the other, and gives way after each, so that the
        /// join is polled for each.
        fn all<const BELLS: usize>(blocks: u64) -> Duration {
            in_task!(async move {
                clocked!(blocks, 1, async |_| {
                    let waiting = kit::all(bells::hang(BELLS));
                    let ringer = kit::spawn(body(async {
                        for bell in 0..BELLS {
                            bells::ring(bell);
                            kit::yield_now().await;
                        }
                    }));
                    black_box(waiting.await);
                    kit::join(ringer).await;
                })
            })
        }
    };
}
