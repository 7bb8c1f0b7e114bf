//! Programs that know their runtime as `rt`: each is compiled and run twice, once with
//! Kettle by that name and once with tokio, and says the same.

mod common;

/// Each program is a file in `portable/`, with a `main` that returns what it has to say.
macro_rules! programs {
    ($($name:ident: $said:expr;)*) => {
        $(
            mod $name {
                mod on_kettle {
                    use ::kettle as rt;
                    include!(concat!("portable/", stringify!($name), ".rs"));
                }
                mod on_tokio {
                    use ::tokio as rt;
                    include!(concat!("portable/", stringify!($name), ".rs"));
                }

                #[test]
                fn says_the_same_on_both() {
                    $crate::common::watchdog::watched(|| {
                        assert_eq!(on_tokio::main(), $said, "on tokio");
                        assert_eq!(on_kettle::main(), $said, "on Kettle");
                    });
                }
            }
        )*
    };
}

programs! {
    word_count: "the: 4, kettle: 3, a: 2, boils: 2, watched: 2";
    supervisor: "grinder: done after 3 starts, brewer: done after 1 start, \
        idler: cancelled";
    tea_party: "Ada: 3 cups, Brian: 2 cups, Grace: 1 cup, all of one pot";
    request_log: "[1] open, [1] pour, [2] open, [2] spill, [-] closed";
    prime_race: "168 primes below 1000; the first answer is 2, 3 are too slow";
    by_hand: "7 from a thread, 8 from the pool, 9 spawned by a closure, \
        nothing after the end";
    giving_way: "the woken one, then the one that gave way";
    far_timer: "2^24 ms: kept, 2^30 ms: kept, 2^36 ms: kept, far: kept";
}
