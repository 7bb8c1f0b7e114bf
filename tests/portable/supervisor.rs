// Starts workers again when they panic, and stops the one that never ends.

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use rt::task::{AbortHandle, JoinError, JoinHandle};

#[derive(Default)]
struct Tries(AtomicU32);

async fn grind(tries: Arc<Tries>, breaks: u32) {
    rt::task::yield_now().await;
    let tried = tries.0.fetch_add(1, Ordering::SeqCst);
    assert!(tried >= breaks, "the grinder is stuck");
}

/// Runs what `start` starts until it ends by itself; how often it took.
async fn supervise(start: impl Fn() -> JoinHandle<()>) -> Result<u32, JoinError> {
    let mut starts = 0;
    loop {
        starts += 1;
        match start().await {
            Ok(()) => return Ok(starts),
            Err(error) if error.is_panic() => {
                let said = error.into_panic();
                let said = said.downcast_ref::<&str>().expect("it says why");
                assert!(said.contains("stuck"));
            }
            Err(error) => return Err(error),
        }
    }
}

fn times(starts: u32) -> String {
    let plural = if starts == 1 { "" } else { "s" };
    format!("done after {starts} start{plural}")
}

#[rt::main(flavor = "current_thread")]
pub(super) async fn main() -> String {
    let (grinder, brewer) = (Arc::default(), Arc::default());
    let grinder = supervise(move || rt::spawn(grind(Arc::clone(&grinder), 2)));
    let brewer = supervise(move || rt::spawn(grind(Arc::clone(&brewer), 0)));
    let idler = rt::spawn(pending::<()>());
    let stop: AbortHandle = idler.abort_handle();
    let (grinder, brewer) = rt::join!(grinder, brewer);
    assert!(!stop.is_finished());
    stop.abort();
    let idler = idler.await.expect_err("nothing else ends it");
    assert!(idler.is_cancelled() && idler.id() == stop.id());
    format!(
        "grinder: {}, brewer: {}, idler: cancelled",
        times(grinder.expect("it is not aborted")),
        times(brewer.expect("it is not aborted")),
    )
}
