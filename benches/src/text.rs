//! What the texts of the scenarios of blocks have in common.
//!
//! `kit` and `body` are whatever the stamp put beside the text. Each scenario runs inside
//! a spawned task.

/// Runs a future as a task of a fresh runtime and returns its output.
macro_rules! in_task {
    ($main:expr) => {{
        let mut runtime = kit::Runtime::build().expect("a runtime");
        let main = body($main);
        runtime.block_on(async move { kit::join(kit::spawn(main)).await })
    }};
}

/// Repeats a block, once to warm up and then on the clock.
macro_rules! clocked {
    ($blocks:expr, $operations:expr, $operation:expr) => {{
        let mut clock = ThreadClock::start();
        for block in 0..=$blocks {
            if block == 1 {
                clock = ThreadClock::start();
            }
            for number in 0..$operations {
                let () = $operation(number).await;
            }
        }
        clock.elapsed()
    }};
}

/// Stamps the text `$scenarios!`, as far as a kit has what it needs, onto the kit.
macro_rules! stamp {
    ($scenarios:ident onto $kit:ident: $($what:ident)*) => {
        mod $kit {
            use super::kit::$kit as kit;

            mod timed {
                use super::kit;
                use crate::count::plain as body;
                $scenarios!($($what)*);
            }

            mod counted {
                use super::kit;
                use crate::count::counted as body;
                $scenarios!($($what)*);
            }

            pub(super) const STAMPED: crate::blocks::Stamped<super::Scenario> =
                crate::blocks::Stamped {
                    name: kit::NAME,
                    stays: kit::STAYS,
                    timed: timed::run,
                    counted: counted::run,
                };
        }
    };
}
