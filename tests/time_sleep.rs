//! Sleeping: never early, in order, for any duration, wherever the `Sleep` goes.

mod common;

use std::cell::RefCell;
use std::future::{pending, ready};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::Poll;
use std::thread;

use futures::channel::oneshot;
use kettle::runtime::{Builder, Runtime};
use kettle::task::yield_now;
use kettle::time::{
    Duration, Instant, Sleep, sleep, sleep_until, timeout, timeout_at,
};

use common::count::{Count, poll, poll_with};
use common::hostile::{Happening, hostile};
use common::watchdog::watched;

const HOUR: Duration = Duration::from_secs(3_600);

/// With timers over the bare thread, and with timers over the reactor.
fn runtimes() -> [Runtime; 2] {
    let bare = Builder::new_current_thread().enable_time().build();
    [
        bare.expect("it needs nothing"),
        Runtime::new().expect("there are descriptors"),
    ]
}

fn full() -> Runtime {
    Runtime::new().expect("there are descriptors")
}

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

#[test]
fn d7_a_sleep_never_ends_early() {
    watched(|| {
        for (runtime, busy) in runtimes().into_iter().zip([false, true]) {
            if busy {
                // The loop never parks, so it asks what is due all the time.
                runtime.spawn(async {
                    loop {
                        yield_now().await;
                    }
                });
            }
            for micros in [1, 50, 100, 999, 1_000, 1_001, 1_999, 2_500, 7_777] {
                for _ in 0..10 {
                    let duration = Duration::from_micros(micros);
                    let start = std::time::Instant::now();
                    runtime.block_on(async move { sleep(duration).await });
                    assert!(start.elapsed() >= duration, "early");
                }
            }
        }
    });
}

#[test]
fn d7_the_time_counts_from_the_call_and_not_from_the_first_poll() {
    watched(|| {
        let late = sleep(millis(20));
        thread::sleep(millis(30));
        assert!(!has_to_sleep(late), "it is over already");
    });
}

/// Whether the loop goes to sleep before `future` is done.
fn has_to_sleep(future: impl Future) -> bool {
    let runtime = full();
    let run = || runtime.block_on(async move { drop(future.await) });
    let ((), recording) = kettle::trace::record(run);
    let mut events = recording.events();
    events.any(|it| matches!(it, kettle::trace::Event::Park { .. }))
}

#[test]
fn d7_a_lone_sleep_is_finer_than_a_millisecond() {
    // Of many tries one meets a machine that is not busy just then. Where a sleep is
    // rounded up to whole milliseconds, none does.
    watched(|| {
        for runtime in runtimes() {
            let late = (0..300).map(|_| {
                let duration = Duration::from_micros(100);
                let start = std::time::Instant::now();
                runtime.block_on(async move { sleep(duration).await });
                start.elapsed() - duration
            });
            let least = late.min().expect("there are some");
            assert!(least < Duration::from_micros(500), "late by {least:?}");
        }
    });
}

/// How often the loop goes to sleep while 2,000 timers fire, 50 µs after one another.
fn sleeps_of_a_dense_program(gap: Duration) -> usize {
    let mut builder = Builder::new_current_thread();
    let runtime = builder.enable_all().timer_gap(gap).build();
    let runtime = runtime.expect("there are descriptors");
    let ((), recording) = kettle::trace::record(|| {
        runtime.block_on(async {
            let start = Instant::now() + millis(10);
            let timer =
                |number| sleep_until(start + Duration::from_micros(50) * number);
            let tasks: Vec<_> = (0..2_000)
                .map(|number| kettle::spawn(timer(number)))
                .collect();
            for task in tasks {
                task.await.expect("it does not panic");
            }
        });
    });
    let park = |it: &&kettle::trace::Event| {
        matches!(it, kettle::trace::Event::Park { .. })
    };
    recording.events().filter(park).count()
}

#[test]
fn dense_timers_share_their_wake_ups_within_the_gap() {
    watched(|| {
        // 100 ms of them: one sleep in a millisecond, and a few where few are near.
        let with_gap = sleeps_of_a_dense_program(millis(1));
        assert!(with_gap <= 400, "{with_gap} sleeps");
        let with_more = sleeps_of_a_dense_program(millis(10));
        assert!(with_more <= 150, "{with_more} sleeps");
    });
}

/// The events of sleeping tasks that are found due all at once, in so many ticks that
/// their timers count as dense.
fn events_of_a_crowd(runtime: &Runtime, crowd: usize) -> Vec<kettle::trace::Event> {
    let ((), recording) = kettle::trace::record(|| {
        runtime.block_on(async {
            let due = Instant::now() + millis(100);
            let before =
                |number: usize| Duration::from_micros(number as u64 % 10 * 50);
            let sleeps = (0..crowd)
                .map(|number| kettle::spawn(sleep_until(due - before(number))));
            let sleeps: Vec<_> = sleeps.collect();
            // Each of them is polled before the thread is blocked past the deadline.
            yield_now().await;
            thread::sleep(due - Instant::now() + millis(1));
            for sleep in sleeps {
                sleep.await.expect("it does not panic");
            }
        });
    });
    assert_eq!(recording.check(), []);
    recording.events().cloned().collect()
}

#[test]
fn of_a_crowd_that_is_due_at_once_no_more_fire_than_a_turn_runs_and_nobody_sleeps()
{
    use kettle::trace::Event;

    watched(|| {
        for runtime in runtimes() {
            let events = events_of_a_crowd(&runtime, 1_000);
            let is_set = |event: &&Event| matches!(event, Event::TimerSet { .. });
            let is_fire = |event: &Event| matches!(event, Event::TimerFire { .. });
            // On a machine that stands still meanwhile, some are late for the wheel.
            let set = events.iter().filter(is_set).count();
            let first = events.iter().position(is_fire).expect("they fire");
            let last = events.iter().rposition(is_fire).expect("they fire");
            let (mut fired, mut together, mut most) = (0, 0, 0);
            for event in &events[first..=last] {
                match event {
                    Event::TimerFire { .. } => {
                        fired += 1;
                        together += 1;
                        most = most.max(together);
                    }
                    Event::PollStart { .. } => together = 0,
                    Event::Park { .. } => panic!("it sleeps while timers are due"),
                    _ => {}
                }
            }
            assert_eq!((fired, most), (set, 128));
        }
    });
}

#[test]
fn a_loop_sleeps_after_a_crowd_of_exactly_as_many_as_fire_at_once() {
    use kettle::trace::{Event, record};

    watched(|| {
        for runtime in runtimes() {
            // The thread that ends it may be early on a busy machine: then once more.
            let sleeps_after_the_last = || {
                let ((), recording) = record(|| {
                    runtime.block_on(async {
                        let due = Instant::now() + millis(50);
                        let crowd =
                            (0..128).map(|_| kettle::spawn(sleep_until(due)));
                        let crowd: Vec<_> = crowd.collect();
                        yield_now().await;
                        thread::sleep(due - Instant::now() + millis(1));
                        for sleep in crowd {
                            sleep.await.expect("it does not panic");
                        }
                        let (sender, receiver) = kettle::sync::oneshot::channel();
                        let other = thread::spawn(move || {
                            thread::sleep(millis(5));
                            sender.send(())
                        });
                        receiver.await.expect("it is sent");
                        other.join().expect("no panic").expect("it is heard");
                    });
                });
                let events: Vec<_> = recording.events().collect();
                let is_fire =
                    |event: &&Event| matches!(event, Event::TimerFire { .. });
                let fired = events.iter().filter(|event| is_fire(event)).count();
                let last = events.iter().rposition(is_fire);
                let rest = &events[last.unwrap_or(0)..];
                let slept = rest.iter().any(|it| matches!(it, Event::Park { .. }));
                (fired == 128).then_some(slept)
            };
            assert!((0..20).any(|_| sleeps_after_the_last() == Some(true)));
        }
    });
}

#[test]
fn timers_fire_in_the_order_of_their_deadlines() {
    watched(|| {
        for runtime in runtimes() {
            let order = Rc::new(RefCell::new(Vec::new()));
            let start = Instant::now();
            let tasks: Vec<_> = [7, 3, 9, 1, 5, 3, 8]
                .into_iter()
                .map(|after| {
                    let order = Rc::clone(&order);
                    runtime.spawn_local(async move {
                        sleep_until(start + millis(after * 3)).await;
                        order.borrow_mut().push(after);
                    })
                })
                .collect();
            runtime.block_on(async {
                for task in tasks {
                    task.await.expect("it does not panic");
                }
            });
            assert_eq!(*order.borrow(), [1, 3, 3, 5, 7, 8, 9]);
        }
    });
}

#[test]
fn d3_timers_of_one_deadline_fire_in_the_order_of_their_making() {
    watched(|| {
        let runtime = full();
        let deadline = Instant::now() + millis(5);
        let order = Rc::new(RefCell::new(Vec::new()));
        let tasks: Vec<_> = (0..100)
            .map(|number| {
                let order = Rc::clone(&order);
                runtime.spawn_local(async move {
                    sleep_until(deadline).await;
                    order.borrow_mut().push(number);
                })
            })
            .collect();
        runtime.block_on(async {
            for task in tasks {
                task.await.expect("it does not panic");
            }
        });
        assert_eq!(*order.borrow(), (0..100).collect::<Vec<_>>());
    });
}

#[test]
fn d6_a_sleep_of_nothing_is_over_at_its_first_poll() {
    let runtime = full();
    runtime.block_on(async {
        assert!(poll(pin!(sleep(Duration::ZERO))).is_ready());
        let past = Instant::now()
            .checked_sub(millis(5))
            .expect("the machine runs");
        assert!(poll(pin!(sleep_until(past))).is_ready());
    });
    let nanosecond = sleep(Duration::from_nanos(1));
    thread::sleep(Duration::from_micros(1));
    assert!(!has_to_sleep(nanosecond));
}

#[test]
fn d6_no_duration_is_too_long() {
    watched(|| {
        for runtime in runtimes() {
            for duration in [
                Duration::MAX,
                Duration::MAX / 2,
                Duration::from_secs(u64::from(u32::MAX)),
                Duration::from_millis(u64::from(u32::MAX) + 1),
                Duration::from_millis(i32::MAX as u64),
                Duration::from_millis(i32::MAX as u64 + 1),
                Duration::from_secs(60 * 60 * 24 * 25),
            ] {
                runtime.block_on(async {
                    let mut long = pin!(sleep(duration));
                    assert!(poll(long.as_mut()).is_pending(), "{duration:?}");
                    assert!(long.deadline() > Instant::now() + HOUR * 24);
                    // The loop parks with both deadlines; the near one ends it.
                    sleep(millis(2)).await;
                    assert!(poll(long.as_mut()).is_pending(), "{duration:?}");
                    let ready = timeout(duration, ready(1)).await;
                    assert_eq!(ready, Ok(1));
                });
            }
        }
    });
}

#[test]
fn d6_a_runtime_with_only_a_far_timer_sleeps_and_does_not_spin() {
    // A timeout that is cast to too few bits becomes short, or none: the loop spins.
    watched(|| {
        for runtime in runtimes() {
            let (sender, receiver) = oneshot::channel();
            let mut far = Box::pin(sleep(Duration::from_secs(60 * 60 * 24 * 50)));
            let burnt = thread::spawn(move || {
                thread::sleep(millis(300));
                sender.send(()).expect("main waits");
            });
            let before = processor_time();
            runtime.block_on(async {
                assert!(poll(far.as_mut()).is_pending());
                receiver.await.expect("it is sent");
            });
            let spent = processor_time() - before;
            burnt.join().unwrap();
            assert!(spent < millis(100), "burnt {spent:?} of 300 ms");
        }
    });
}

/// What this thread has used of the processor.
fn processor_time() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat");
    let text = text.expect("Linux has it");
    let nanos = text.split(' ').next().expect("three numbers");
    Duration::from_nanos(nanos.parse().expect("it is a number"))
}

#[test]
fn d5_a_nearer_timer_set_later_shortens_the_sleep() {
    watched(|| {
        for runtime in runtimes() {
            let mut far = Box::pin(sleep(HOUR));
            runtime.block_on(async {
                assert!(poll(far.as_mut()).is_pending());
                yield_now().await;
                sleep(millis(5)).await;
            });
        }
    });
}

#[test]
fn d5_a_spawn_from_elsewhere_sets_a_nearer_timer_while_the_runtime_sleeps() {
    watched(|| {
        let runtime = full();
        let (sender, receiver) = oneshot::channel();
        let handle = runtime.handle().clone();
        thread::spawn(move || {
            thread::sleep(millis(20));
            handle.spawn(async {
                sleep(millis(5)).await;
                sender.send("tea").expect("main waits");
            })
        });
        let mut far = Box::pin(sleep(HOUR));
        runtime.block_on(async {
            assert!(poll(far.as_mut()).is_pending());
            assert_eq!(receiver.await, Ok("tea"));
        });
    });
}

#[test]
fn reset_moves_the_deadline_both_ways_and_revives() {
    watched(|| {
        let runtime = full();
        runtime.block_on(async {
            let mut it = pin!(sleep(HOUR));
            assert!(poll(it.as_mut()).is_pending());
            let near = Instant::now() + millis(5);
            it.as_mut().reset(near);
            assert_eq!(it.deadline(), near);
            it.as_mut().await;
            assert!(Instant::now() >= near && it.is_elapsed());

            it.as_mut().reset(Instant::now() + HOUR);
            assert!(!it.is_elapsed());
            assert!(poll(it.as_mut()).is_pending(), "later again");
            let again = Instant::now() + millis(5);
            it.as_mut().reset(again);
            it.as_mut().await;
            assert!(Instant::now() >= again);
        });
    });
}

#[test]
fn an_ended_sleep_stays_ended() {
    let runtime = full();
    runtime.block_on(async {
        let mut it = pin!(sleep(Duration::ZERO));
        for _ in 0..3 {
            assert!(poll(it.as_mut()).is_ready());
        }
    });
}

#[test]
fn c23_a_timer_wakes_the_waker_of_the_last_poll_once() {
    watched(|| {
        let runtime = full();
        let (first, second) = (Count::new(), Count::new());
        let mut it = Box::pin(sleep(millis(5)));
        runtime.block_on(async {
            for (_, waker) in [&first, &second, &second] {
                assert!(poll_with(it.as_mut(), waker).is_pending());
            }
            assert_eq!((first.0.others(), second.0.others()), (0, 1));
            sleep(millis(10)).await;
        });
        assert_eq!((first.0.wakes(), second.0.wakes()), (0, 1));
        assert_eq!(second.0.others(), 0, "the fired timer keeps its waker");
    });
}

#[test]
fn c17_a_dropped_sleep_keeps_no_waker() {
    let runtime = full();
    let (count, waker) = Count::new();
    let mut it = Box::pin(sleep(HOUR));
    runtime.block_on(async {
        assert!(poll_with(it.as_mut(), &waker).is_pending());
    });
    assert_eq!(count.others(), 1);
    drop(it);
    assert_eq!(count.others(), 0);
}

#[test]
fn a_sleep_dropped_on_another_thread_is_cancelled_at_home() {
    watched(|| {
        let runtime = full();
        let (count, waker) = Count::new();
        let mut it = Box::pin(sleep(HOUR));
        runtime.block_on(async {
            assert!(poll_with(it.as_mut(), &waker).is_pending());
        });
        thread::spawn(move || drop(it)).join().unwrap();
        runtime.block_on(async {
            while count.others() > 0 {
                yield_now().await;
            }
        });
        assert_eq!(count.wakes(), 0);
    });
}

#[test]
fn a_sleep_moves_to_the_runtime_of_another_thread() {
    watched(|| {
        let runtime = full();
        let (count, waker) = Count::new();
        let mut it = Box::pin(sleep(millis(20)));
        let deadline = it.deadline();
        runtime.block_on(async {
            assert!(poll_with(it.as_mut(), &waker).is_pending());
        });
        let elsewhere = thread::spawn(move || {
            full().block_on(it);
            assert!(Instant::now() >= deadline, "early");
        });
        elsewhere.join().expect("it is not early");
        runtime.block_on(async {
            while count.others() > 0 {
                yield_now().await;
            }
        });
        assert_eq!(count.wakes(), 0, "it was cancelled here");
    });
}

#[test]
fn a_sleep_moves_to_the_other_runtime_of_its_thread() {
    watched(|| {
        let (one, two) = (full(), full());
        let mut it = Box::pin(sleep(millis(10)));
        let deadline = it.deadline();
        one.block_on(async { assert!(poll(it.as_mut()).is_pending()) });
        two.block_on(it);
        assert!(Instant::now() >= deadline, "early");
    });
}

#[test]
fn a_sleep_outlives_its_runtime_and_goes_on_in_the_next() {
    watched(|| {
        let (count, waker) = Count::new();
        let mut it = Box::pin(sleep(millis(10)));
        let deadline = it.deadline();
        let runtime = full();
        runtime.block_on(async {
            assert!(poll_with(it.as_mut(), &waker).is_pending());
        });
        drop(runtime);
        assert_eq!(count.others(), 0, "the ended runtime keeps no waker");
        assert_eq!(count.wakes(), 1, "who waits is told to look again");
        full().block_on(it);
        assert!(Instant::now() >= deadline, "early");
    });
}

#[test]
fn a_runtime_with_pending_timers_ends_at_once() {
    watched(|| {
        let runtime = full();
        for number in 0..1_000_u32 {
            drop(runtime.spawn(sleep(HOUR * (1 + number % 7))));
        }
        runtime.block_on(async { yield_now().await });
    });
}

#[test]
fn a_timeout_gives_the_output_or_the_error_and_drops_the_future() {
    watched(|| {
        let runtime = full();
        runtime.block_on(async {
            assert_eq!(timeout(HOUR, ready("tea")).await, Ok("tea"));
            let start = Instant::now();
            let late = timeout(millis(5), pending::<()>()).await;
            assert!(start.elapsed() >= millis(5), "early");
            let error = late.expect_err("nothing came");
            assert_eq!(error.to_string(), "deadline has elapsed");
            let error = std::io::Error::from(error);
            assert_eq!(error.kind(), std::io::ErrorKind::TimedOut);

            let at = Instant::now() + millis(5);
            assert!(timeout_at(at, pending::<()>()).await.is_err());
            assert!(Instant::now() >= at, "early");
            assert!(timeout(Duration::ZERO, pending::<()>()).await.is_err());
            let both = timeout(Duration::ZERO, ready(1)).await;
            assert_eq!(both, Ok(1), "the future goes first");

            let life = common::life::Life::here();
            let probe = common::life::DropProbe::new(&life);
            let held = async move {
                let _probe = probe;
                pending::<()>().await;
            };
            assert!(timeout(millis(1), held).await.is_err());
            life.assert_ended_at_home();
        });
    });
}

#[test]
fn b8_a_timeout_holds_around_a_future_that_is_always_ready_for_more() {
    watched(|| {
        let runtime = full();
        let greedy = async {
            loop {
                yield_now().await;
            }
        };
        let late = runtime.block_on(async { timeout(millis(5), greedy).await });
        assert!(late.is_err());
    });
}

#[test]
fn d3_a_waker_that_drops_and_resets_timers_as_it_is_woken_harms_nobody() {
    watched(|| {
        type Slot = std::sync::Arc<std::sync::Mutex<Vec<Pin<Box<Sleep>>>>>;
        let runtime = full();
        let deadline = Instant::now() + millis(5);
        let others: Slot = Slot::default();
        let inside = std::sync::Arc::clone(&others);
        let over = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
        let seen = std::sync::Arc::clone(&over);
        let meddler = hostile(move |happening| {
            if happening == Happening::Wake {
                let mut others = inside.lock().unwrap();
                others.pop();
                if let Some(it) = others.first_mut() {
                    it.as_mut().reset(Instant::now());
                    // A panic in here would be nobody's.
                    let ready = poll(it.as_mut()).is_ready();
                    seen.store(ready, std::sync::atomic::Ordering::Relaxed);
                }
            }
        });
        let (count, waker) = Count::new();
        let mut first = Box::pin(sleep_until(deadline));
        runtime.block_on(async {
            assert!(poll_with(first.as_mut(), &meddler).is_pending());
            for _ in 0..4 {
                let mut other = Box::pin(sleep_until(deadline));
                assert!(poll_with(other.as_mut(), &waker).is_pending());
                others.lock().unwrap().push(other);
            }
            sleep_until(deadline + millis(3)).await;
        });
        // One was dropped and one reset before their turn in the same sweep came.
        assert_eq!((count.wakes(), count.others()), (2, 0));
        assert!(poll(first.as_mut()).is_ready());
        assert!(over.load(std::sync::atomic::Ordering::Relaxed));
    });
}

#[test]
fn a12_a_waker_that_panics_does_not_stop_the_timers_behind_it() {
    watched(|| {
        let runtime = full();
        let deadline = Instant::now() + millis(5);
        let angry = hostile(|it| assert_ne!(it, Happening::Wake, "no"));
        let (count, waker) = Count::new();
        let mut first = Box::pin(sleep_until(deadline));
        let mut second = Box::pin(sleep_until(deadline));
        runtime.block_on(async {
            assert!(poll_with(first.as_mut(), &angry).is_pending());
            assert!(poll_with(second.as_mut(), &waker).is_pending());
            sleep_until(deadline + millis(3)).await;
        });
        assert_eq!(count.wakes(), 1);
    });
}

#[test]
fn a_thousand_sleeping_tasks_wake_each_in_its_time() {
    watched(|| {
        let runtime = full();
        let start = Instant::now();
        let tasks: Vec<_> = (0..1_000_u64)
            .map(|number| {
                runtime.spawn(async move {
                    let deadline = start + millis(number * 37 % 50);
                    sleep_until(deadline).await;
                    Instant::now() >= deadline
                })
            })
            .collect();
        runtime.block_on(async {
            for task in tasks {
                assert!(task.await.expect("it does not panic"), "early");
            }
        });
    });
}

#[test]
fn an_interrupted_poll_of_a_sleep_sets_one_timer() {
    // Polled a thousand times by the same task, it must not ask to be woken a thousand
    // times.
    watched(|| {
        let runtime = full();
        let mut polls = 0;
        let mut it = Box::pin(sleep(millis(10)));
        runtime.block_on(std::future::poll_fn(|cx| {
            polls += 1;
            for _ in 0..100 {
                if it.as_mut().poll(cx).is_ready() {
                    return Poll::Ready(());
                }
            }
            Poll::Pending
        }));
        assert_eq!(polls, 2, "the first poll, and the timer's wake");
    });
}
