//! The clock that is stopped and turned by hand.

mod common;

use std::cell::RefCell;
use std::future::pending;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::rc::Rc;
use std::sync::mpsc;
use std::thread;

use kettle::io::AsyncReadExt;
use kettle::net::TcpListener;
use kettle::runtime::{Builder, RngSeed, Runtime};
use kettle::task::{spawn_blocking, spawn_local, yield_now};
use kettle::time::{
    self, Duration, Instant, interval, sleep, sleep_until, timeout, timeout_at,
};
use kettle::trace;

use common::count::{Count, poll, poll_with};
use common::watchdog::watched;

const MILLI: Duration = Duration::from_millis(1);
const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(86_400);

/// A runtime whose clock stands still, over the bare thread and over the reactor.
fn paused() -> [Runtime; 2] {
    let mut bare = Builder::new_current_thread();
    bare.enable_time().start_paused(true);
    let mut full = Builder::new_current_thread();
    full.enable_all().start_paused(true);
    [bare, full].map(|mut builder| builder.build().expect("there are descriptors"))
}

fn full() -> Runtime {
    let [_, full] = paused();
    full
}

#[test]
fn a_stopped_clock_shows_the_same_until_it_is_turned() {
    for runtime in paused() {
        runtime.block_on(async {
            let start = Instant::now();
            thread::sleep(2 * MILLI);
            yield_now().await;
            assert_eq!(Instant::now(), start);
        });
    }
}

#[test]
fn d8_advance_moves_the_clock_by_exactly_that() {
    for runtime in paused() {
        runtime.block_on(async {
            // Odd ones, too, that are no whole number of ticks.
            for nanos in
                [0, 1, 15_624, 15_625, 999_999, 1_000_000, 86_400_000_000_007]
            {
                let mut far = pin!(sleep(DAY * 400));
                assert!(poll(far.as_mut()).is_pending());
                let duration = Duration::from_nanos(nanos);
                let start = Instant::now();
                time::advance(duration).await;
                assert_eq!(start.elapsed(), duration);
            }
        });
    }
}

#[test]
fn d8_an_advance_wakes_who_is_due_then_in_order_and_nobody_else() {
    let runtime = full();
    runtime.block_on(async {
        let order = Rc::new(RefCell::new(Vec::new()));
        let start = Instant::now();
        for millis in [30, 10, 20, 21, 40] {
            let order = Rc::clone(&order);
            drop(spawn_local(async move {
                sleep_until(start + MILLI * millis).await;
                order.borrow_mut().push(millis);
            }));
        }
        yield_now().await;
        time::advance(20 * MILLI).await;
        assert_eq!(
            *order.borrow(),
            [10, 20],
            "they ran before advance returned"
        );
        time::advance(10 * MILLI - Duration::from_nanos(1)).await;
        assert_eq!(*order.borrow(), [10, 20, 21]);
        time::advance(Duration::from_nanos(1)).await;
        assert_eq!(*order.borrow(), [10, 20, 21, 30]);
    });
}

#[test]
fn d8_an_idle_runtime_jumps_to_exactly_the_next_timer() {
    for runtime in paused() {
        runtime.block_on(async {
            let start = Instant::now();
            for millis in [1, 5, 1_000, 86_400_000] {
                let before = Instant::now();
                sleep(MILLI * millis).await;
                assert_eq!(before.elapsed(), MILLI * millis);
            }
            assert!(timeout(HOUR, pending::<()>()).await.is_err());
            assert_eq!(start.elapsed(), MILLI * 86_401_006 + HOUR);
        });
    }
}

#[test]
fn d8_the_clock_does_not_jump_while_something_is_scheduled() {
    let runtime = full();
    runtime.block_on(async {
        let start = Instant::now();
        let mut soon = pin!(sleep(Duration::from_nanos(1)));
        assert!(poll(soon.as_mut()).is_pending());
        // More than one turn of them.
        for _ in 0..1_000 {
            yield_now().await;
        }
        assert_eq!(start.elapsed(), Duration::ZERO);
        assert!(poll(soon.as_mut()).is_pending());
    });
}

#[test]
fn d8_the_clock_does_not_jump_while_a_blocking_closure_is_under_way() {
    watched(|| {
        for runtime in paused() {
            let (sender, receiver) = mpsc::channel();
            let helper = thread::spawn(move || {
                thread::sleep(20 * MILLI);
                sender.send("tea").expect("the closure waits for it");
            });
            let said = runtime.block_on(async move {
                let start = Instant::now();
                let job = spawn_blocking(move || receiver.recv());
                let said = timeout(HOUR, job).await;
                assert_eq!(start.elapsed(), Duration::ZERO, "it jumped");
                said.expect("in time").expect("it does not panic")
            });
            assert_eq!(said, Ok("tea"));
            helper.join().expect("it does not panic");
        }
    });
}

#[test]
fn d8_the_clock_goes_on_when_the_last_blocking_closure_ends_and_nobody_listens() {
    watched(|| {
        for round in 0..200 {
            for runtime in paused() {
                let start = std::time::Instant::now();
                runtime.block_on(async {
                    let pause = Duration::from_micros(round);
                    drop(spawn_blocking(move || thread::sleep(pause)));
                    sleep(HOUR).await;
                });
                assert!(start.elapsed() < HOUR);
            }
        }
    });
}

#[test]
fn d8_what_a_socket_has_to_say_comes_before_the_jump() {
    watched(|| {
        let runtime = full();
        runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
            let address = listener.local_addr().expect("it is bound");
            let mut peer =
                std::net::TcpStream::connect(address).expect("it listens");
            let (mut stream, _) = listener.accept().await.expect("it connects");
            let start = Instant::now();
            let write = spawn_local(async move {
                yield_now().await;
                peer.write_all(b"tea").expect("there is room");
                peer
            });
            let mut said = [0; 8];
            let read = timeout(HOUR, stream.read(&mut said)).await;
            assert_eq!(read.expect("in time").expect("it is connected"), 3);
            assert_eq!(start.elapsed(), Duration::ZERO, "it jumped");
            drop(write);
        });
    });
}

#[test]
fn a_resumed_clock_goes_on_from_where_it_stands() {
    let runtime = full();
    runtime.block_on(async {
        let start = Instant::now();
        time::advance(HOUR).await;
        time::resume();
        assert!(start.elapsed() >= HOUR);
        let (real, shown) = (std::time::Instant::now(), Instant::now());
        sleep(5 * MILLI).await;
        assert!(real.elapsed() >= 5 * MILLI, "no jump any more");
        assert!(shown.elapsed() >= 5 * MILLI);
        assert!(start.elapsed() < 2 * HOUR);

        time::pause();
        let stopped = Instant::now();
        sleep(HOUR).await;
        assert_eq!(stopped.elapsed(), HOUR, "whole milliseconds are exact");
    });
}

#[test]
fn timers_that_were_set_before_the_pause_fire_after_it() {
    let runtime = Runtime::new().expect("there are descriptors");
    runtime.block_on(async {
        let start = Instant::now();
        let before = spawn_local(sleep(HOUR));
        yield_now().await;
        time::pause();
        before.await.expect("it does not panic");
        let late = start.elapsed() - HOUR;
        assert!(late < MILLI * 1_000, "jumped too far: {late:?}");
    });
}

#[test]
fn the_clock_of_a_runtime_is_shown_only_while_it_runs() {
    let [one, two] = paused();
    let real = || Instant::from_std(std::time::Instant::now());
    let start = one.block_on(async {
        let start = Instant::now();
        time::advance(DAY).await;
        start
    });
    assert!(
        Instant::now() <= real(),
        "outside, the clock is the real one"
    );
    assert!(two.block_on(async { Instant::now() }) <= real());
    assert_eq!(one.block_on(async { start.elapsed() }), DAY, "it is kept");
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        one.block_on(async { panic!("the pot") })
    }));
    assert!(panicked.is_err());
    assert!(Instant::now() <= real(), "after a panic, too");

    let end = Rc::new(RefCell::new(None));
    let probe = AtTheEnd(Rc::clone(&end));
    drop(one.spawn_local(async move {
        let _probe = probe;
        pending::<()>().await;
    }));
    drop(one);
    let end = end.borrow().expect("it was dropped");
    assert_eq!(end, start + DAY, "tasks are dropped under their own clock");
}

/// Notes the time when it is dropped.
struct AtTheEnd(Rc<RefCell<Option<Instant>>>);

impl Drop for AtTheEnd {
    fn drop(&mut self) {
        *self.0.borrow_mut() = Some(Instant::now());
    }
}

#[test]
fn what_makes_no_sense_panics_and_says_what_to_do() {
    fn said(act: impl FnOnce()) -> String {
        let panic = catch_unwind(AssertUnwindSafe(act)).expect_err("it panics");
        let text = panic.downcast_ref::<String>().cloned();
        text.or_else(|| panic.downcast_ref::<&str>().map(|it| (*it).to_owned()))
            .expect("a message")
    }
    assert!(said(time::pause).contains("inside block_on"));
    assert!(said(time::resume).contains("inside block_on"));
    let entered = full();
    let guard = entered.enter();
    assert!(said(time::pause).contains("is running"));
    drop(guard);

    let running = Runtime::new().expect("there are descriptors");
    running.block_on(async {
        assert!(said(time::resume).contains("time::pause first"));
        time::pause();
        assert!(said(time::pause).contains("already"));
        assert!(poll(pin!(time::advance(MILLI))).is_pending());
    });
    let bare = Builder::new_current_thread().build().expect("nothing");
    bare.block_on(async { assert!(said(time::pause).contains("enable_time")) });
    let mut builder = Builder::new_current_thread();
    let no_tick = || {
        builder.timer_tick(Duration::ZERO);
    };
    assert!(said(no_tick).contains("timer_tick(0)"));
}

#[test]
fn d6_no_duration_is_too_long_or_too_short_for_any_function() {
    watched(|| {
        let all = [
            Duration::ZERO,
            Duration::from_nanos(1),
            Duration::from_micros(999),
            Duration::from_millis(i32::MAX as u64 + 1),
            Duration::MAX / 2,
            Duration::MAX,
        ];
        for duration in all {
            for runtime in paused() {
                runtime.block_on(async {
                    let start = Instant::now();
                    sleep(duration).await;
                    let slept = start.elapsed();
                    assert!(slept >= duration.min(DAY * 365 * 29), "{duration:?}");
                });
                runtime.block_on(async {
                    let slept = timeout(duration, pending::<()>()).await;
                    assert!(slept.is_err());
                    let at = Instant::now().checked_add(duration);
                    let at = at.unwrap_or_else(Instant::now);
                    assert!(timeout_at(at, pending::<()>()).await.is_err());
                    let mut it = pin!(sleep(duration));
                    let _ = poll(it.as_mut());
                    it.as_mut().reset(at);
                    it.await;
                    time::advance(duration).await;
                });
                runtime.block_on(async {
                    if duration.is_zero() {
                        return;
                    }
                    let mut beat = interval(duration);
                    beat.tick().await;
                    beat.tick().await;
                    beat.reset();
                    beat.tick().await;
                    beat.reset_after(duration);
                    beat.tick().await;
                });
            }
        }
    });
}

/// Tokio 8334, through the API: a sleep of 2^36 ms and one second was pending, and short
/// sleeps took years. The edges are those of tokio's milliseconds and of our ticks.
#[test]
fn d1_t8334_short_sleeps_are_short_beside_a_far_one_across_every_edge() {
    let runtime = full();
    runtime.block_on(async {
        let start = Instant::now();
        let mut far = pin!(sleep(MILLI * 1_000 + pow2(36)));
        assert!(poll(far.as_mut()).is_pending());
        for bits in [24, 30, 36] {
            let edge = start + pow2(bits);
            time::advance((edge - 70 * MILLI) - Instant::now()).await;
            while Instant::now() < edge + 70 * MILLI {
                let before = Instant::now();
                sleep(7 * MILLI).await;
                assert_eq!(before.elapsed(), 7 * MILLI, "at 2^{bits} ms");
            }
        }
        far.await;
        assert_eq!(start.elapsed(), MILLI * 1_000 + pow2(36));
    });
}

/// 2 to the power of `bits`, in milliseconds.
fn pow2(bits: u32) -> Duration {
    Duration::from_millis(1 << bits)
}

#[test]
fn a_million_timers_fire_in_the_order_of_their_deadlines() {
    const TIMERS: u64 = 1_000_000;
    watched(|| {
        let mut builder = Builder::new_current_thread();
        let runtime = builder.enable_time().start_paused(true).build();
        let runtime = runtime.expect("it needs nothing");
        runtime.block_on(async {
            let start = Instant::now();
            let fired = Rc::new(RefCell::new(Vec::new()));
            for number in 0..TIMERS {
                let fired = Rc::clone(&fired);
                // All different, and spread over more than four hours.
                let place = number * 7_368_787 % TIMERS;
                drop(spawn_local(async move {
                    let deadline = start + Duration::from_micros(16_000 * place);
                    sleep_until(deadline).await;
                    assert!(Instant::now() >= deadline, "early");
                    fired.borrow_mut().push(place as u32);
                }));
            }
            sleep(Duration::from_micros(16_000 * TIMERS)).await;
            assert_eq!(fired.borrow().len(), TIMERS as usize);
            assert!(fired.borrow().is_sorted(), "out of order");
        });
    });
}

#[test]
fn a_year_of_intervals_passes_at_once() {
    watched(|| {
        let runtime = full();
        let real = std::time::Instant::now();
        let ticks = runtime.block_on(async {
            let start = Instant::now();
            let mut beat = interval(HOUR / 12);
            let mut ticks = 0_u32;
            while beat.tick().await < start + 365 * DAY {
                ticks += 1;
            }
            assert_eq!(start.elapsed(), 365 * DAY);
            ticks
        });
        println!("a year of {ticks} ticks took {:?}", real.elapsed());
        assert_eq!(ticks, 365 * 24 * 12);
    });
}

/// A program with a bit of everything: tasks, timers, choices, a closure elsewhere.
fn program(seed: &[u8]) -> (Vec<u32>, trace::Recording) {
    let mut builder = Builder::new_current_thread();
    builder.enable_all().start_paused(true);
    builder.rng_seed(RngSeed::from_bytes(seed));
    let runtime = builder.build().expect("there are descriptors");
    trace::record(|| {
        runtime.block_on(async {
            let mut beat = interval(3 * MILLI);
            let mut chosen = Vec::new();
            for number in 0..40 {
                drop(kettle::spawn(async move {
                    sleep(MILLI * (number * 7 % 11)).await;
                    yield_now().await;
                }));
                let late = sleep(9 * MILLI);
                chosen.push(kettle::select! {
                    () = yield_now() => 1,
                    () = yield_now() => 2,
                    () = late => 3,
                });
                beat.tick().await;
            }
            chosen
        })
    })
}

#[test]
fn the_same_program_with_the_same_seed_gives_the_same_trace() {
    let first = program(b"tea");
    assert!(first.1.events().count() > 500);
    assert_eq!(first.1.check(), []);
    for _ in 0..3 {
        let again = program(b"tea");
        assert_eq!(format!("{first:?}"), format!("{again:?}"), "byte for byte");
    }
    let others: Vec<_> = [b"milk", b"rice"].map(|seed| program(seed).0).into();
    assert!(
        others.iter().any(|chosen| *chosen != first.0),
        "no seed makes a difference"
    );
}

#[test]
fn a_turned_clock_stands_in_the_trace_with_what_came_of_it() {
    let runtime = full();
    let ((), recording) = trace::record(|| {
        runtime.block_on(async {
            // Who is alone in its notch does not come down step by step.
            let nearly = pin!(sleep(HOUR + Duration::from_nanos(1)));
            kettle::join!(sleep(HOUR), nearly);
        });
    });
    let said: Vec<String> = recording.events().map(ToString::to_string).collect();
    let at = |sentence: &str| said.iter().position(|it| it.starts_with(sentence));
    let turned = at("the clock is turned by ");
    let cascade = at("timers come down from level 6: 2");
    let fires = at("timer 1 fires");
    assert!(
        turned.is_some() && turned < cascade && cascade < fires,
        "{said:#?}"
    );
}

/// Wherever between two ticks the clock stops, and for however odd a time one sleeps.
#[test]
fn d8_a_clock_that_was_stopped_anywhere_is_exact_to_the_nanosecond() {
    let odd = [1, 7, 15_624, 15_626, 999_999, 1_000_001, 3_600_000_000_013];
    let mut builder = Builder::new_current_thread();
    for tick in [Duration::from_nanos(15_625), MILLI, Duration::from_secs(1)] {
        let runtime = builder.enable_all().timer_tick(tick).build();
        runtime.expect("there are descriptors").block_on(async {
            for nanos in odd {
                thread::sleep(Duration::from_micros(7));
                let before = Instant::now();
                time::pause();
                assert!(before.elapsed() < 100 * MILLI, "it waits for no tick");
                let (start, duration) =
                    (Instant::now(), Duration::from_nanos(nanos));
                sleep(duration).await;
                assert_eq!(start.elapsed(), duration);
                let late = timeout(duration, pending::<()>()).await;
                assert!(late.is_err());
                assert_eq!(start.elapsed(), 2 * duration);
                time::resume();
            }
        });
    }
}

#[test]
fn d8_timers_that_are_set_keep_their_order_when_the_clock_stops_and_goes_on() {
    watched(|| {
        let runtime = Runtime::new().expect("there are descriptors");
        runtime.block_on(async {
            let order = Rc::new(RefCell::new(Vec::new()));
            let start = Instant::now();
            let mut tasks = Vec::new();
            for round in 0..3_u64 {
                for number in 0..200 {
                    let place = (number * 77 + round) % 200;
                    let order = Rc::clone(&order);
                    tasks.push(spawn_local(async move {
                        // From a tenth of a tick apart to days.
                        let after = Duration::from_nanos(1_500 * place.pow(5));
                        let deadline = start + HOUR + after;
                        sleep_until(deadline).await;
                        assert!(Instant::now() >= deadline, "early");
                        order.borrow_mut().push(place);
                    }));
                }
                // Some are set while it goes, and some while it stands still.
                if round != 1 {
                    yield_now().await;
                }
                time::pause();
                yield_now().await;
                if round < 2 {
                    time::resume();
                }
            }
            for task in tasks {
                task.await.expect("it does not panic");
            }
            let order = order.borrow();
            assert_eq!(order.len(), 600);
            // Those that were set before the last pause were rounded up to a tick.
            let ticks = |place: &u64| 1_500 * place.pow(5) / 15_625;
            let in_order = |pair: &[u64]| ticks(&pair[0]) <= ticks(&pair[1]) + 1;
            assert!(order.windows(2).all(in_order), "{order:?}");
        });
    });
}

#[test]
fn a_sleep_that_is_reset_under_a_stopped_clock_wakes_at_the_new_deadline() {
    let runtime = full();
    runtime.block_on(async {
        let (count, waker) = Count::new();
        let mut it = pin!(sleep(10 * MILLI));
        assert!(poll_with(it.as_mut(), &waker).is_pending());
        it.as_mut().reset(Instant::now() + 20 * MILLI);
        time::advance(10 * MILLI).await;
        assert_eq!(count.wakes(), 0, "the old deadline");
        assert!(!it.is_elapsed());
        time::advance(10 * MILLI).await;
        assert_eq!(
            count.wakes(),
            1,
            "the new one, and nobody polled it meanwhile"
        );
        assert!(it.is_elapsed(), "known without a poll");
        it.as_mut().reset(Instant::now());
        assert!(poll(it.as_mut()).is_ready());
    });
}

#[kettle::test(start_paused = true)]
async fn the_attribute_starts_paused() {
    let start = Instant::now();
    sleep(DAY).await;
    assert_eq!(start.elapsed(), DAY);
}

#[kettle::test(start_paused = false, flavor = "current_thread")]
async fn the_attribute_does_not_start_paused_when_told_not_to() {
    time::pause();
}
