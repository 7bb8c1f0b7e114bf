//! `#[kettle::main]` and `#[kettle::test]`: what they accept. What the compiler says to the
//! rest stands in the package `kettle-ui`.

use std::time::Duration;

use kettle::time::{Instant, sleep};

#[kettle::main]
async fn with_nothing() -> u32 {
    kettle::spawn(async { 7 }).await.expect("by itself")
}

#[kettle::main(flavor = "current_thread", start_paused = false)]
async fn with_all(/* nothing */) -> Result<u32, std::num::ParseIntError> {
    let seven: u32 = "7".parse()?;
    kettle::task::yield_now().await;
    Ok(seven)
}

mod cupboard {
    pub(crate) use kettle as pot;
}

#[kettle::main(crate = "crate::cupboard::pot")]
async fn by_another_name() -> u32 {
    kettle::spawn(async { 7 }).await.expect("by itself")
}

#[test]
fn a_main_runs_its_body_and_returns_what_it_returns() {
    assert_eq!(with_nothing(), 7);
    assert_eq!(with_all(), Ok(7));
    assert_eq!(by_another_name(), 7);
}

#[kettle::test]
async fn a_test_has_a_runtime_with_timers() -> std::io::Result<()> {
    let start = Instant::now();
    sleep(Duration::from_millis(1)).await;
    assert!(start.elapsed() >= Duration::from_millis(1));
    Ok(())
}

#[kettle::test(flavor = "current_thread", start_paused = true)]
async fn a_test_may_begin_with_a_stopped_clock() {
    let start = Instant::now();
    sleep(Duration::from_secs(86_400)).await;
    assert_eq!(start.elapsed(), Duration::from_secs(86_400));
}

#[kettle::test]
#[should_panic(expected = "no tea")]
async fn a_test_keeps_its_other_attributes() {
    kettle::task::yield_now().await;
    panic!("no tea");
}
