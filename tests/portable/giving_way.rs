// A task that wakes itself goes to the end of the queue after its poll: behind those that
// it woke later in the same poll.

use std::future::poll_fn;
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};

pub(super) fn main() -> String {
    let runtime = rt::runtime::Builder::new_current_thread().build().unwrap();
    let said = Arc::new(Mutex::new(Vec::new()));
    runtime.block_on(async {
        let place: Arc<Mutex<Option<Waker>>> = Arc::default();
        let waiter = rt::spawn({
            let (said, place) = (said.clone(), place.clone());
            let mut polls = 0;
            poll_fn(move |cx| {
                polls += 1;
                if polls == 2 {
                    said.lock().unwrap().push("the woken one");
                    return Poll::Ready(());
                }
                *place.lock().unwrap() = Some(cx.waker().clone());
                Poll::Pending
            })
        });
        let giver = rt::spawn({
            let said = said.clone();
            let mut polls = 0;
            poll_fn(move |cx| {
                polls += 1;
                if polls == 2 {
                    said.lock().unwrap().push("the one that gave way");
                    return Poll::Ready(());
                }
                cx.waker().wake_by_ref();
                place.lock().unwrap().take().unwrap().wake();
                cx.waker().wake_by_ref();
                Poll::Pending
            })
        });
        waiter.await.unwrap();
        giver.await.unwrap();
    });
    let said = said.lock().unwrap();
    said.join(", then ")
}
