//! The text of rows 10: once, for all sides.

macro_rules! in_task {
    ($main:expr) => {{
        let mut runtime = side::Runtime::build().expect("the probe built one");
        let main = $main;
        runtime.block_on(async move { side::join(side::spawn(main)).await })
    }};
}

macro_rules! timing {
    () => {
        use std::hint::black_box;
        use std::pin::Pin;
        use std::task::Poll;
        use std::time::{Duration, Instant};

        use super::super::{
            BATCH, FAR, LONE, Run, Sample, Scenario, TIMEOUTS, after, lone,
        };
        use crate::cpu::ThreadClock;

        pub(super) fn probe() -> Result<(), String> {
            let mut runtime =
                side::Runtime::build().map_err(|error| error.to_string())?;
            runtime.block_on(async {
                let _ = black_box(side::sleep(Duration::from_micros(1)).await);
            });
            Ok(())
        }

        pub(super) fn run(scenario: Scenario) -> Run {
            match scenario {
                Scenario::Dense => dense::<100_000>,
                Scenario::Denser => dense::<1_000_000>,
                Scenario::Timeout => timeouts,
                Scenario::Register => register,
                Scenario::Lone => lone_sleeps,
            }
        }

        /// Each of a sample of timers says how late it was; two readings of the clock
        /// for one in sixteen do not weigh.
        fn dense<const TIMERS: u64>() -> Sample {
            in_task!(async move {
                let mut handles = Vec::with_capacity(TIMERS as usize);
                let mut late = Vec::with_capacity(TIMERS as usize / 16);
                let clock = ThreadClock::start();
                for number in 0..TIMERS {
                    handles.push(side::spawn(async move {
                        let duration = after(number);
                        let due =
                            (number % 16 == 0).then(|| Instant::now() + duration);
                        let _ = black_box(side::sleep(duration).await);
                        due.map(|due| due.elapsed())
                    }));
                }
                for handle in handles {
                    late.extend(side::join(handle).await);
                }
                Sample::new(clock.elapsed(), TIMERS, late)
            })
        }

        fn timeouts() -> Sample {
            in_task!(async move {
                let mut clock = ThreadClock::start();
                for number in 0..2 * TIMEOUTS {
                    if number == TIMEOUTS {
                        clock = ThreadClock::start();
                    }
                    let soon = futures_lite::future::yield_now();
                    let _ = black_box(side::timeout(FAR, soon).await);
                }
                Sample::new(clock.elapsed(), TIMEOUTS, Vec::new())
            })
        }

        /// The places of the sleeps are made once; a sleep is put into its place, polled
        /// and dropped there.
        fn register() -> Sample {
            in_task!(async move {
                let mut places: Vec<Pin<Box<Option<_>>>> =
                    (0..BATCH).map(|_| Box::pin(None)).collect();
                let mut clock = ThreadClock::start();
                const ROUNDS: u64 = 20;
                for round in 0..=ROUNDS {
                    if round == 1 {
                        clock = ThreadClock::start();
                    }
                    std::future::poll_fn(|cx| {
                        for place in &mut places {
                            place.set(Some(side::sleep(FAR)));
                            let sleep = place.as_mut().as_pin_mut();
                            let sleep = sleep.expect("it was put there");
                            let _ = black_box(sleep.poll(cx));
                        }
                        Poll::Ready(())
                    })
                    .await;
                    for place in &mut places {
                        place.set(None);
                    }
                    futures_lite::future::yield_now().await;
                }
                Sample::new(clock.elapsed(), ROUNDS * BATCH, Vec::new())
            })
        }

        fn lone_sleeps() -> Sample {
            in_task!(async move {
                let mut late = Vec::with_capacity(LONE as usize);
                let clock = ThreadClock::start();
                for number in 0..LONE {
                    let duration = lone(number);
                    let due = Instant::now() + duration;
                    let _ = black_box(side::sleep(duration).await);
                    late.push(due.elapsed());
                }
                Sample::new(clock.elapsed(), LONE, late)
            })
        }
    };
}
