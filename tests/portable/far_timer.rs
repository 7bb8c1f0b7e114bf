// Tokio 8334: a timer some two years away hid nearer ones, and sleeps of milliseconds took
// years. The clock is stopped, so the twelve days to the first of them pass at once.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

use rt::runtime::Builder;
use rt::time::{self, Duration, Instant, sleep};

fn pow2(bits: u32) -> Duration {
    Duration::from_millis(1 << bits)
}

/// The longest of the short sleeps from before `edge` to behind it.
async fn longest_across(edge: Instant) -> Duration {
    let millis = Duration::from_millis;
    time::advance(edge - millis(70) - Instant::now()).await;
    let mut longest = Duration::ZERO;
    while Instant::now() < edge + millis(70) {
        let before = Instant::now();
        sleep(millis(7)).await;
        longest = longest.max(before.elapsed());
    }
    longest
}

pub(super) fn main() -> String {
    let mut builder = Builder::new_current_thread();
    let runtime = builder.enable_all().start_paused(true).build();
    runtime.expect("there are descriptors").block_on(async {
        let start = Instant::now();
        let mut far = pin!(sleep(pow2(36) + Duration::from_secs(1)));
        poll_fn(|cx| {
            assert!(far.as_mut().poll(cx).is_pending());
            Poll::Ready(())
        })
        .await;
        let mut said = Vec::new();
        for bits in [24, 30, 36] {
            let longest = longest_across(start + pow2(bits)).await;
            // tokio counts in milliseconds, and may be one late.
            let kept = longest < Duration::from_millis(9);
            said.push(format!("2^{bits} ms: {}", if kept { "kept" } else { "late" }));
        }
        far.await;
        let over = start.elapsed() < pow2(36) + Duration::from_secs(2);
        said.push(format!("far: {}", if over { "kept" } else { "late" }));
        said.join(", ")
    })
}
