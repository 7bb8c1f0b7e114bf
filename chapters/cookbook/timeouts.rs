//! Timeouts that are put together: one around a step, one around a whole, one deadline
//! for several steps, and a timeout that chooses the second best.

use kettle::time::{Duration, Instant, sleep, timeout, timeout_at};

const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// Takes its time, and says so if it is dropped before it is done.
async fn step(name: &'static str, takes: Duration) -> &'static str {
    struct Unfinished(&'static str);
    impl Drop for Unfinished {
        fn drop(&mut self) {
            println!("  {} is given up", self.0);
        }
    }
    let unfinished = Unfinished(name);
    sleep(takes).await;
    std::mem::forget(unfinished);
    name
}

// ANCHOR: within
/// A timeout for those who do not care why there is nothing.
async fn within<T>(limit: Duration, work: impl Future<Output = T>) -> Option<T> {
    timeout(limit, work).await.ok()
}
// ANCHOR_END: within

// ANCHOR: nested
/// Each try has 100 ms, and all of them together have 250. The shorter one ends first.
async fn tries() -> Option<&'static str> {
    within(ms(250), async {
        for (name, takes) in [("first", 120), ("second", 110), ("third", 90)] {
            if let Some(done) = within(ms(100), step(name, ms(takes))).await {
                return Some(done);
            }
        }
        None
    })
    .await
    .flatten()
}
// ANCHOR_END: nested

// ANCHOR: deadline
/// One deadline for all steps: what one of them saves is left for the next.
async fn by_a_deadline(deadline: Instant) -> usize {
    let mut done = 0;
    for (name, takes) in [("fetch", 30), ("parse", 60), ("store", 20)] {
        match timeout_at(deadline, step(name, ms(takes))).await {
            Ok(_) => done += 1,
            Err(_) => break,
        }
    }
    done
}
// ANCHOR_END: deadline

// ANCHOR: fallback
/// The network may take 80 ms. The cache is asked after 20, and serves if it must.
async fn network_or_cache(network: Duration) -> &'static str {
    let fresh = within(ms(80), step("network", network));
    let stale = async {
        sleep(ms(20)).await;
        step("cache", ms(5)).await
    };
    let mut fresh = std::pin::pin!(fresh);
    kettle::select! {
        biased;
        Some(page) = &mut fresh => page,
        page = stale => fresh.await.unwrap_or(page),
    }
}
// ANCHOR_END: fallback

async fn timed<T: std::fmt::Debug>(what: &str, work: impl Future<Output = T>) {
    println!("{what}:");
    let start = Instant::now();
    let done = work.await;
    println!("  {done:?} at {} ms", start.elapsed().as_millis());
}

#[kettle::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    timed("a step in time", within(ms(50), step("short", ms(40)))).await;
    timed("a step too long", within(ms(50), step("long", ms(60)))).await;
    timed("a limit for each try and one for all", tries()).await;
    timed(
        "110 ms of work in 120",
        by_a_deadline(Instant::now() + ms(120)),
    )
    .await;
    timed(
        "110 ms of work in 100",
        by_a_deadline(Instant::now() + ms(100)),
    )
    .await;
    timed("a quick network", network_or_cache(ms(10))).await;
    timed("a slow one", network_or_cache(ms(60))).await;
    timed("a dead one", network_or_cache(ms(900))).await;
}
