//! The thread parker under `block_on`: no wake is lost, and no news with it.

extern crate kettle_models_std as std;

mod news;

use std::future::poll_fn;
use std::sync::atomic::Ordering::Relaxed;
use std::task::Poll;
use std::thread;

use kettle_models::{block_on, model};
use news::{News, news_from_threads, tell};

#[test]
fn b1_a_wake_that_comes_while_the_thread_goes_to_sleep_is_not_lost() {
    model(|| block_on(news_from_threads(1)));
}

/// The chapter `block-on` promises it: with a `store` in place of the `swap`, the second
/// waker ends the release sequence of the first, whose news the poll then misses.
#[test]
fn a14_what_each_of_two_wakers_wrote_is_seen_by_the_poll_that_follows() {
    model(|| block_on(news_from_threads(2)));
}

/// Without a token of its own the executor would sleep on after its future has taken the
/// thread's.
#[test]
fn b1_a_future_that_parks_on_its_own_account_takes_no_wake_away() {
    model(|| {
        let news = News::default();
        let mut told = false;
        block_on(poll_fn(move |cx| {
            if !told {
                tell(&news, 0, cx.waker());
                told = true;
                thread::park();
                return Poll::Pending;
            }
            match news[0].load(Relaxed) {
                true => Poll::Ready(()),
                false => Poll::Pending,
            }
        }));
    });
}
