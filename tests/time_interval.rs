//! Intervals: each tick in its time, and what becomes of those that were missed.

mod common;

use std::pin::pin;
use std::task::Poll;

use kettle::time::MissedTickBehavior::{Burst, Delay, Skip};
use kettle::time::{
    Duration, Instant, Interval, MissedTickBehavior, advance, interval, interval_at,
};

use common::count::{Count, poll, poll_with};

const MILLI: Duration = Duration::from_millis(1);

/// Milliseconds from `start` to the next tick's plan, and to when it came.
async fn next(beat: &mut Interval, start: Instant) -> (u128, u128) {
    let planned = beat.tick().await - start;
    (planned.as_millis(), start.elapsed().as_millis())
}

#[kettle::test(start_paused = true)]
async fn it_ticks_at_once_and_then_each_period() {
    let start = Instant::now();
    let mut beat = interval(20 * MILLI);
    assert_eq!(beat.period(), 20 * MILLI);
    for tick in 0..5 {
        assert_eq!(next(&mut beat, start).await, (20 * tick, 20 * tick));
    }
}

#[kettle::test(start_paused = true)]
async fn it_can_begin_later_or_in_the_past() {
    let start = Instant::now();
    let mut beat = interval_at(start + 50 * MILLI, 20 * MILLI);
    assert_eq!(next(&mut beat, start).await, (50, 50));
    assert_eq!(next(&mut beat, start).await, (70, 70));

    let mut beat = interval_at(start + 30 * MILLI, 20 * MILLI);
    assert_eq!(next(&mut beat, start).await, (30, 70));
    assert_eq!(next(&mut beat, start).await, (50, 70), "a burst");
}

/// Plan and time of six ticks each 20 ms, with 73 ms of something else after the first.
async fn busy_after_the_first(behavior: MissedTickBehavior) -> Vec<(u128, u128)> {
    let start = Instant::now();
    let mut beat = interval(20 * MILLI);
    beat.set_missed_tick_behavior(behavior);
    assert_eq!(beat.missed_tick_behavior(), behavior);
    let mut ticks = vec![next(&mut beat, start).await];
    advance(73 * MILLI).await;
    for _ in 0..5 {
        ticks.push(next(&mut beat, start).await);
    }
    ticks
}

#[kettle::test(start_paused = true)]
async fn a_burst_makes_up_for_what_was_missed() {
    let ticks = busy_after_the_first(Burst).await;
    let expected = [(0, 0), (20, 73), (40, 73), (60, 73), (80, 80), (100, 100)];
    assert_eq!(ticks, expected);
    assert_eq!(MissedTickBehavior::default(), Burst);
}

#[kettle::test(start_paused = true)]
async fn a_delay_moves_the_beat() {
    let ticks = busy_after_the_first(Delay).await;
    let expected = [
        (0, 0),
        (20, 73),
        (93, 93),
        (113, 113),
        (133, 133),
        (153, 153),
    ];
    assert_eq!(ticks, expected);
}

#[kettle::test(start_paused = true)]
async fn a_skip_keeps_the_beat_and_leaves_ticks_out() {
    let ticks = busy_after_the_first(Skip).await;
    let expected = [
        (0, 0),
        (20, 73),
        (80, 80),
        (100, 100),
        (120, 120),
        (140, 140),
    ];
    assert_eq!(ticks, expected);
}

#[kettle::test(start_paused = true)]
async fn up_to_five_milliseconds_late_is_not_missed() {
    for (late, then) in [(5, 40), (6, 46)] {
        let start = Instant::now();
        let mut beat = interval(20 * MILLI);
        beat.set_missed_tick_behavior(Delay);
        beat.tick().await;
        advance((20 + late) * MILLI).await;
        beat.tick().await;
        assert_eq!(next(&mut beat, start).await, (then, then), "{late} ms late");
    }
}

#[kettle::test(start_paused = true)]
async fn a_reset_moves_the_next_tick_and_those_behind_it() {
    let start = Instant::now();
    let mut beat = interval(20 * MILLI);
    assert_eq!(next(&mut beat, start).await, (0, 0));
    advance(7 * MILLI).await;
    beat.reset();
    assert_eq!(next(&mut beat, start).await, (27, 27));
    beat.reset_immediately();
    assert_eq!(next(&mut beat, start).await, (27, 27));
    assert_eq!(next(&mut beat, start).await, (47, 47));
    beat.reset_after(3 * MILLI);
    assert_eq!(next(&mut beat, start).await, (50, 50));
    assert_eq!(next(&mut beat, start).await, (70, 70));
    beat.reset_at(start + 100 * MILLI);
    assert_eq!(next(&mut beat, start).await, (100, 100));
    beat.reset_at(start + 90 * MILLI);
    assert_eq!(next(&mut beat, start).await, (90, 100), "it has passed");
}

#[kettle::test(start_paused = true)]
async fn a_tick_that_is_dropped_is_not_lost() {
    let start = Instant::now();
    let mut beat = interval(20 * MILLI);
    beat.tick().await;
    {
        let mut tick = pin!(beat.tick());
        assert!(poll(tick.as_mut()).is_pending());
    }
    advance(20 * MILLI).await;
    drop(beat.tick());
    assert_eq!(next(&mut beat, start).await, (20, 20));
}

#[kettle::test(start_paused = true)]
async fn a_tick_wakes_the_one_who_polled_last_once() {
    let (first, second) = (Count::new(), Count::new());
    let mut beat = interval(20 * MILLI);
    beat.tick().await;
    {
        let mut tick = pin!(beat.tick());
        assert!(poll_with(tick.as_mut(), &first.1).is_pending());
        assert!(poll_with(tick.as_mut(), &second.1).is_pending());
    }
    advance(100 * MILLI).await;
    assert_eq!((first.0.wakes(), second.0.wakes()), (0, 1));
}

#[kettle::test(start_paused = true)]
async fn b9_an_interval_that_is_far_behind_lets_others_run() {
    let start = Instant::now();
    let mut beat = interval_at(start, MILLI);
    advance(100_000 * MILLI).await;
    let ran = std::rc::Rc::new(std::cell::Cell::new(false));
    let other = std::rc::Rc::clone(&ran);
    drop(kettle::task::spawn_local(async move { other.set(true) }));
    let mut ticks = 0;
    while !ran.get() {
        beat.tick().await;
        ticks += 1;
        assert!(
            ticks < 100_000,
            "a burst of 100,000 ticks starves the others"
        );
    }
}

#[test]
#[should_panic(expected = "period of zero")]
fn an_interval_of_nothing_panics() {
    drop(interval(Duration::ZERO));
}

#[kettle::test(start_paused = true)]
async fn an_interval_may_be_moved_and_polled_by_hand() {
    let beat = interval(20 * MILLI);
    let mut moved = Box::new(beat);
    let (_, waker) = Count::new();
    let mut cx = std::task::Context::from_waker(&waker);
    assert!(moved.poll_tick(&mut cx).is_ready());
    let mut again = *moved;
    assert_eq!(again.poll_tick(&mut cx), Poll::Pending);
}
