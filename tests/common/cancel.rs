//! `cancel_everywhere`: drops a future at each of its await points and looks what is left.

use std::future::Future;
use std::pin::Pin;

use super::count::{Count, poll_with};

/// One run of what is tested.
pub(crate) struct Scene {
    /// The future that is dropped at each await point in turn.
    pub(crate) future: Pin<Box<dyn Future<Output = ()>>>,
    /// What happens outside before poll number `n` (counted from 0); it must wake the
    /// future.
    pub(crate) step: Box<dyn FnMut(usize)>,
    /// What must hold once the future is dropped, after `n` polls.
    pub(crate) check: Box<dyn FnOnce(usize)>,
}

/// No future of ours takes more polls than that; one that does is stuck in a loop.
const TOO_MANY: usize = 10_000;

/// Runs a scene to its end and counts the polls, K. Then runs it again for each k ≤ K,
/// drops its future after k polls, and checks. Gives K.
///
/// # Panics
/// If a check fails, if a poll comes without a wake before it, or if a waker is kept
/// after the future was dropped.
pub(crate) fn cancel_everywhere(make: impl Fn() -> Scene) -> usize {
    let polls = run(make(), TOO_MANY);
    assert!(
        polls < TOO_MANY,
        "the future is not ready after {polls} polls"
    );
    for k in 0..=polls {
        assert_eq!(run(make(), k), k, "a second run took another way");
    }
    polls
}

/// Polls at most `most` times, drops the future and checks. Gives the number of polls.
fn run(mut scene: Scene, most: usize) -> usize {
    let (count, waker) = Count::new();
    let mut polls = 0;
    let mut wakes_seen = 0;
    while polls < most {
        (scene.step)(polls);
        let wakes = count.wakes();
        assert!(
            polls == 0 || wakes > wakes_seen,
            "nothing woke the future before its poll number {polls}"
        );
        wakes_seen = wakes;
        polls += 1;
        if poll_with(scene.future.as_mut(), &waker).is_ready() {
            break;
        }
    }
    drop(scene.future);
    assert_eq!(count.others(), 0, "a waker is kept after {polls} polls");
    (scene.check)(polls);
    polls
}
