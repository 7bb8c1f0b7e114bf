//! The rounds of `Notify`, which are read without its lock.

extern crate kettle_models_std as std;

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;
use std::task::{Context, Waker};
use std::thread;

use kettle_models::sync::Notify;
use kettle_models::{block_on, model_within};

/// Made first, looked second, awaited third: the notification in between must count.
async fn until_told((notify, news): &(Notify, AtomicBool)) {
    loop {
        let notified = notify.notified();
        if news.load(Relaxed) {
            return;
        }
        notified.await;
    }
}

/// A waker would bring what was written, too; so it looks once more unasked, and there is
/// nothing between the two threads but the number that is shown.
#[test]
fn c27_who_sees_that_it_was_called_sees_what_was_written_before() {
    model_within(3, || {
        let shared = Arc::new((Notify::new(), AtomicBool::new(false)));
        let mut notified = pin!(shared.0.notified());
        let mut unasked = Context::from_waker(Waker::noop());
        assert!(notified.as_mut().poll(&mut unasked).is_pending());
        let theirs = Arc::clone(&shared);
        let beside = thread::spawn(move || {
            theirs.1.store(true, Relaxed);
            theirs.0.notify_one();
        });
        if notified.as_mut().poll(&mut unasked).is_ready() {
            assert!(shared.1.load(Relaxed));
        }
        beside.join().expect("it told");
    });
}

#[test]
fn c27_notify_waiters_reaches_who_was_made_before_it() {
    model_within(3, || {
        let shared = Arc::new((Notify::new(), AtomicBool::new(false)));
        let theirs = Arc::clone(&shared);
        let beside = thread::spawn(move || {
            theirs.1.store(true, Relaxed);
            theirs.0.notify_waiters();
        });
        block_on(until_told(&shared));
        beside.join().expect("it told");
    });
}
