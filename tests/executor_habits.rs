//! What the builder says of the loop: in which order it runs tasks, and whether it looks
//! about before it sleeps.

mod common;

use std::cell::RefCell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;
use std::thread;
use std::time::{Duration, Instant};

use kettle::runtime::{Builder, RngSeed};
use kettle::task::yield_now;
use kettle::trace::{self, Event};

use common::watchdog::watched;

/// The order in which ten tasks have each of their three polls.
fn order(builder: &mut Builder) -> Vec<usize> {
    let runtime = builder.build().expect("a runtime");
    let log = Rc::new(RefCell::new(Vec::new()));
    for number in 0..10 {
        let log = Rc::clone(&log);
        runtime.spawn_local(async move {
            for _ in 0..3 {
                log.borrow_mut().push(number);
                yield_now().await;
            }
        });
    }
    runtime.block_on(async {
        while log.borrow().len() < 30 {
            yield_now().await;
        }
    });
    log.take()
}

fn shuffled(seed: &[u8], turn_length: u32) -> Vec<usize> {
    let mut builder = Builder::new_current_thread();
    builder
        .rng_seed(RngSeed::from_bytes(seed))
        .shuffle_run_queue(true)
        .event_interval(turn_length);
    let (order, recording) = trace::record(|| order(&mut builder));
    assert_eq!(recording.check(), [], "all other rules hold");
    order
}

#[test]
fn tasks_run_in_the_order_of_their_wakes_with_a_seed_too() {
    let in_turn: Vec<_> = (0..3).flat_map(|_| 0..10).collect();
    let mut builder = Builder::new_current_thread();
    assert_eq!(order(&mut builder), in_turn);
    let builder = builder.rng_seed(RngSeed::from_bytes(b"tea"));
    assert_eq!(order(builder), in_turn);
    let builder = builder.shuffle_run_queue(true).shuffle_run_queue(false);
    assert_eq!(order(builder), in_turn);
}

#[test]
fn a_shuffled_run_queue_repeats_itself_with_its_seed_and_differs_with_another() {
    for turn_length in [1, 7, 128] {
        let one = shuffled(b"one", turn_length);
        assert_eq!(one, shuffled(b"one", turn_length));
        assert_ne!(one, shuffled(b"two", turn_length));
        let mut polls = one.clone();
        polls.sort_unstable();
        let thrice: Vec<_> = (0..10).flat_map(|number| [number; 3]).collect();
        assert_eq!(polls, thrice, "each has its polls");
    }
    // A poll at a time, somebody's second comes before somebody's first.
    let orders = (0..10).map(|seed| shuffled(&[seed], 1));
    let mut mixed = orders.filter(|order| {
        let mut first: Vec<_> = order[..10].to_vec();
        first.sort_unstable();
        first.dedup();
        first.len() < 10
    });
    assert!(mixed.next().is_some());
}

/// How often the runtime sleeps while it waits for another thread.
fn parks(spin: Duration) -> usize {
    let (_, recording) = trace::record(move || {
        let mut builder = Builder::new_current_thread();
        let runtime = builder.spin_before_park(spin).build().expect("a runtime");
        let mut started = None;
        runtime.block_on(poll_fn(|cx| {
            if started.is_some() {
                return Poll::Ready(());
            }
            let waker = cx.waker().clone();
            started = Some(thread::spawn(move || {
                thread::sleep(Duration::from_millis(50));
                waker.wake();
            }));
            Poll::Pending
        }));
        started.map(thread::JoinHandle::join);
    });
    let parks = recording.events();
    parks.filter(|it| matches!(it, Event::Park { .. })).count()
}

#[test]
fn a_runtime_that_spins_finds_its_mail_awake() {
    watched(|| {
        assert_eq!(parks(Duration::from_secs(3600)), 0);
        assert!(parks(Duration::ZERO) > 0, "the other one sleeps");
    });
}

#[test]
fn a_spin_ends_and_the_runtime_sleeps() {
    watched(|| assert!(parks(Duration::from_micros(50)) > 0));
}

#[test]
fn a_runtime_that_spins_fires_its_timers_and_never_early() {
    watched(|| {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .spin_before_park(Duration::MAX)
            .build()
            .expect("a runtime");
        let start = Instant::now();
        runtime.block_on(kettle::time::sleep(Duration::from_millis(5)));
        assert!(start.elapsed() >= Duration::from_millis(5));
    });
}

#[test]
fn a_loop_of_short_block_ons_looks_outside_once_a_turn() {
    watched(|| {
        let mut builder = Builder::new_current_thread();
        let runtime = builder
            .enable_all()
            .event_interval(8)
            .build()
            .expect("a runtime");
        let timer = runtime.spawn(kettle::time::sleep(Duration::from_millis(1)));
        runtime.block_on(yield_now());
        let handle = runtime.handle().clone();
        let posted = thread::spawn(move || handle.spawn(async {}));
        let mail = posted.join().expect("it only spawns");
        thread::sleep(Duration::from_millis(2));
        // Two polls in each, so this is two turns: one looks, the next one runs.
        for _ in 0..8 {
            runtime.block_on(yield_now());
        }
        assert!(timer.is_finished() && mail.is_finished());
    });
}
