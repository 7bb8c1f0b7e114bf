//! The check of `deadline`. What must not come early is timed, and that holds on any
//! machine; everything else is counted.

use std::future::{Future, poll_fn, ready};
use std::panic;
use std::process::exit;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::Relaxed;
use std::task::Poll;
use std::thread;
use std::time::{Duration, Instant};

#[path = "../stove.rs"]
mod stove;
#[path = "../trials.rs"]
mod trials;
#[path = "../watchdog.rs"]
mod watchdog;

use stove::Counts;

const SHORT: Duration = Duration::from_millis(50);
const LONG: Duration = Duration::from_secs(3_600);

/// Puts `block_on_timeout` through everything its header asks for.
pub(crate) fn check() {
    panic::set_hook(Box::new(|panic| println!("{panic}\n")));
    let wrong: Vec<String> = [
        ready_at_once(),
        gives_up(),
        woken(trials::early, LONG, EARLY),
        woken(trials::eaten, LONG, EATEN),
        woken(trials::stray, LONG, STRAY),
        woken(
            trials::early,
            Duration::MAX,
            "It hangs with `Duration::MAX`.",
        ),
        at_the_last_moment(),
        does_not_go_on_for_ever(),
    ]
    .into_iter()
    .flatten()
    .collect();
    for explanation in &wrong {
        println!("{explanation}\n");
    }
    if !wrong.is_empty() {
        exit(1);
    }
    println!("Never early, never late by a wake.");
}

const EARLY: &str = "With an hour to go, it sleeps through a wake that came while \
    `poll` still ran.";
const EATEN: &str = "With an hour to go, it hangs if the future calls `thread::park` \
    for a purpose of its own: that took away the thread's token. Yours must be one \
    that only you can take.";
const STRAY: &str = "It hangs where stray unparks are about.";

/// Point 1, at its shortest.
fn ready_at_once() -> Option<String> {
    match run(ready("tea"), Duration::ZERO) {
        Ended::With(Some(_)) => None,
        Ended::With(None) => Some(
            "A future that is ready at its first poll came to nothing, because the \
             timeout was zero. Poll before you look at the clock."
                .to_owned(),
        ),
        other => other.explained("A future that is ready at its first poll hangs."),
    }
}

/// Point 2: a future that never wakes, on a thread where stray unparks are about.
fn gives_up() -> Option<String> {
    let polls = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&polls);
    let never = poll_fn(move |_| {
        counted.fetch_add(1, Relaxed);
        thread::current().unpark();
        Poll::<()>::Pending
    });
    let began = Instant::now();
    let ended = run(never, SHORT);
    let (took, polls) = (began.elapsed(), polls.load(Relaxed));
    match ended {
        Ended::With(Some(())) => Some("A future that is never ready was.".to_owned()),
        Ended::With(None) if took < SHORT => Some(format!(
            "It gave up after {took:?} of {SHORT:?}. `thread::park_timeout` may return \
             early, and did: somebody else unparked the thread."
        )),
        Ended::With(None) if polls > 1 => Some(format!(
            "It polled {polls} times while it waited for its time to be over, and \
             nobody had called its waker. When `thread::park_timeout` returns, it may \
             have been a wake, the deadline, or neither."
        )),
        Ended::With(None) => None,
        other => other.explained(
            "It never gives up on a future that never wakes. If stray unparks end a \
             sleep, how much time is left for the next?",
        ),
    }
}

/// Point 1, with a wake that is easily missed, and point 4.
fn woken<F>(
    future: fn(Arc<Counts>) -> F,
    timeout: Duration,
    if_it_hangs: &str,
) -> Option<String>
where
    F: Future<Output = &'static str> + Send + 'static,
{
    let counts = Arc::new(Counts::default());
    match run(future(Arc::clone(&counts)), timeout) {
        Ended::With(Some(_)) if counts.polls() == 2 => None,
        Ended::With(Some(_)) => Some(format!(
            "It polled {} times, for 1 wake: the first poll is free, and each other \
             one needs a wake. How do you know, once you are unparked, whether your \
             waker was called?",
            counts.polls()
        )),
        Ended::With(None) => Some(format!("It gave up long before {timeout:?}.")),
        other => other.explained(if_it_hangs),
    }
}

/// Point 3: the time is over when the first poll returns, and so is the waiting.
fn at_the_last_moment() -> Option<String> {
    let mut boils = false;
    let slow = poll_fn(move |cx| {
        if boils {
            return Poll::Ready("tea");
        }
        boils = true;
        thread::sleep(SHORT * 2);
        cx.waker().wake_by_ref();
        Poll::Pending
    });
    match run(slow, SHORT) {
        Ended::With(Some(_)) => None,
        Ended::With(None) => Some(
            "The future was woken before you gave up, and you gave up without another \
             look. Look for the token before you look at the clock."
                .to_owned(),
        ),
        other => other.explained("It hangs when a poll outlasts the timeout."),
    }
}

/// Point 3: a future that wakes itself in each poll keeps nobody here for ever.
fn does_not_go_on_for_ever() -> Option<String> {
    let restless = poll_fn(|cx| {
        cx.waker().wake_by_ref();
        Poll::<()>::Pending
    });
    match run(restless, SHORT) {
        Ended::With(_) => None,
        other => other.explained(
            "It never gives up on a future that wakes itself in each poll: there is \
             always a wake left. After the time is over, one more poll must do.",
        ),
    }
}

/// How a run ended.
enum Ended<T> {
    With(Option<T>),
    WithPanic,
    Never,
}

impl<T> Ended<T> {
    /// The explanation where the run did not end as it should.
    fn explained(self, if_it_hangs: &str) -> Option<String> {
        match self {
            Ended::With(_) => None,
            Ended::WithPanic => Some(
                "It panics; the message stands above. `Instant::now() + timeout` does, \
                 if the sum is more than an `Instant` can hold."
                    .to_owned(),
            ),
            Ended::Never => Some(if_it_hangs.to_owned()),
        }
    }
}

fn run<F>(future: F, timeout: Duration) -> Ended<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let work = move || {
        let run = thread::spawn(move || super::block_on_timeout(future, timeout));
        run.join()
    };
    match watchdog::watched(work) {
        Some(Ok(output)) => Ended::With(output),
        Some(Err(_)) => Ended::WithPanic,
        None => Ended::Never,
    }
}
