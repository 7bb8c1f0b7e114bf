//! The semaphore's fast path: the till beside the wait list.

extern crate kettle_models_std as std;

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use std::task::{Context, Waker};
use std::thread;

use kettle_models::sync::Semaphore;
use kettle_models::{block_on, model_within};

/// Adds one in two steps, which only exclusion makes one.
fn add_one(to: &AtomicUsize) {
    to.store(to.load(Relaxed) + 1, Relaxed);
}

#[test]
fn c27_one_permit_lets_one_in_at_a_time_and_shows_what_the_one_before_wrote() {
    model_within(3, || {
        let shared = Arc::new((Semaphore::new(1), AtomicUsize::new(0)));
        let theirs = Arc::clone(&shared);
        let enter = |(semaphore, count): &(Semaphore, AtomicUsize)| {
            let permit = block_on(semaphore.acquire()).expect("nobody closes it");
            add_one(count);
            drop(permit);
        };
        let beside = thread::spawn(move || enter(&theirs));
        enter(&shared);
        beside.join().expect("it got in");
        assert_eq!(shared.1.load(Relaxed), 2);
        assert_eq!(shared.0.available_permits(), 1);
    });
}

#[test]
fn c27_a_permit_that_is_added_beside_an_acquire_arrives_and_brings_what_was_written()
 {
    model_within(3, || {
        let shared = Arc::new((Semaphore::new(0), AtomicUsize::new(0)));
        let theirs = Arc::clone(&shared);
        let beside = thread::spawn(move || {
            add_one(&theirs.1);
            theirs.0.add_permits(1);
        });
        let (semaphore, count) = &*shared;
        drop(block_on(semaphore.acquire()).expect("nobody closes it"));
        assert_eq!(count.load(Relaxed), 1);
        beside.join().expect("it added one");
        assert_eq!(semaphore.available_permits(), 1);
    });
}

#[test]
fn c27_permits_are_conserved_while_the_till_is_shut_and_opened() {
    model_within(3, || {
        let semaphore = Arc::new(Semaphore::new(2));
        let theirs = Arc::clone(&semaphore);
        let beside = thread::spawn(move || {
            // More than one: it must wait where the other has taken one already.
            drop(block_on(theirs.acquire_many(2)).expect("nobody closes it"));
        });
        drop(semaphore.try_acquire());
        assert!(semaphore.available_permits() <= 2);
        drop(semaphore.try_acquire());
        beside.join().expect("it got both");
        assert_eq!(semaphore.available_permits(), 2);
    });
}

/// A waiter that looks unasked while it is granted a permit; `behind` it waits another
/// or none. There is nothing between the two threads but the till.
fn looks_unasked(behind: bool) {
    let shared = Arc::new((Semaphore::new(0), AtomicUsize::new(0)));
    let done = Arc::new(AtomicUsize::new(0));
    let mut unasked = Context::from_waker(Waker::noop());
    let mut first = pin!(shared.0.acquire());
    assert!(first.as_mut().poll(&mut unasked).is_pending());
    let mut second = pin!(shared.0.acquire());
    if behind {
        assert!(second.as_mut().poll(&mut unasked).is_pending());
    }
    let (theirs, finished) = (Arc::clone(&shared), Arc::clone(&done));
    let beside = thread::spawn(move || {
        add_one(&theirs.1);
        theirs.0.add_permits(1);
        finished.store(1, Relaxed);
    });
    // It orders nothing, but makes loom try an execution in which the other thread is
    // through: of who loads a word, loom remembers the last one only.
    done.load(Relaxed);
    // To give the permit back would lock.
    let polled = first.as_mut().poll(&mut unasked);
    if polled.is_ready() {
        assert_eq!(shared.1.load(Relaxed), 1);
    }
    beside.join().expect("it added one");
}

#[test]
fn c27_who_sees_the_till_open_again_sees_what_was_written_before() {
    model_within(3, || looks_unasked(false));
}

#[test]
fn c27_who_sees_its_number_on_the_till_sees_what_was_written_before() {
    model_within(3, || looks_unasked(true));
}
