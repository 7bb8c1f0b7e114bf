//! What the scenes are about: one thread writes something, another must see it.

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;
use std::task::{Poll, Waker};
use std::thread;

/// Two pieces of news, each told by a thread of its own. Relaxed: it is the wake that must
/// make them visible.
pub(super) type News = Arc<[AtomicBool; 2]>;

/// Tells a piece of news on another thread, with a wake behind it.
pub(super) fn tell(news: &News, which: usize, waker: &Waker) {
    let (news, waker) = (Arc::clone(news), waker.clone());
    thread::spawn(move || {
        news[which].store(true, Relaxed);
        waker.wake();
    });
}

/// Waits for `count` threads that have something to tell.
pub(super) async fn news_from_threads(count: usize) {
    let news = News::default();
    let mut told = false;
    poll_fn(move |cx| {
        if !told {
            (0..count).for_each(|which| tell(&news, which, cx.waker()));
            told = true;
        }
        match news[..count].iter().all(|it| it.load(Relaxed)) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    })
    .await;
}
