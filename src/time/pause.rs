//! Stopping the clock, and turning it by hand: time as a test wants it.
//!
//! A test that sleeps for an hour takes an hour, or is a test of something else. With the
//! clock stopped, time passes when the program says so ([`advance`]), and by itself when
//! the program waits for nothing but time: then the clock jumps to the next timer. So the
//! hour takes a microsecond, and each run is like the one before.
//!
//! # Layer
//! 5: uses timers, the clock and the trace.

use std::rc::Rc;
use std::time::Duration;

use super::Timers;
use crate::clock::{self, Instant};
use crate::future::yield_now;
use crate::trace::{self, Event};
use crate::waker::{current, is_running};

/// Stops the clock of the runtime that runs here.
///
/// From here on [`Instant::now`] shows the same moment, until [`advance`] turns the clock
/// or the runtime has nothing to do but wait for a timer: then it turns the clock to that
/// itself. It does not while a closure of
/// [`spawn_blocking`](crate::task::spawn_blocking) is under way, but it does while it
/// waits for a socket. `std::time::Instant` knows nothing of all this, and neither do
/// other threads: there the clock is the real one.
///
/// What is slept from then on is exact to the nanosecond. What was set before keeps the
/// tick that its deadline was rounded up to.
/// [`Builder::start_paused`](crate::runtime::Builder::start_paused) stops the clock from
/// the beginning.
///
/// # Panics
/// If it is stopped already, and where no runtime with timers is running.
///
/// ```
/// # #[kettle::main]
/// # async fn main() {
/// use kettle::time::{Duration, Instant, pause, sleep};
///
/// pause();
/// let start = Instant::now();
/// sleep(Duration::from_secs(3600)).await;
/// assert_eq!(start.elapsed(), Duration::from_secs(3600));
/// # }
/// ```
#[track_caller]
pub fn pause() {
    let timers = running("pause");
    assert!(
        !clock::is_stopped(),
        "time::pause was called, but the clock stands still already"
    );
    clock::stop_at(Instant::now());
    timers.count_exactly(true);
}

/// Lets a stopped clock go on from the moment that it shows.
///
/// # Panics
/// If it is not stopped, and where no runtime with timers is running.
#[track_caller]
pub fn resume() {
    let timers = running("resume");
    assert_stopped("resume");
    timers.count_exactly(false);
    clock::go_on();
}

/// Turns a stopped clock by `duration`, and wakes everyone whose deadline has passed
/// then. They run before this returns, each once.
///
/// It is one turn: who sleeps for a second in a loop is woken once by an advance of a
/// minute, and finds the minute passed.
///
/// # Panics
/// If the clock is not stopped, and where no runtime with timers is running.
///
/// # Cancel safety
/// Once it has been polled, the clock is turned.
///
/// ```
/// # #[kettle::main]
/// # async fn main() {
/// use kettle::time::{self, Duration, Instant};
///
/// time::pause();
/// let start = Instant::now();
/// time::advance(Duration::from_millis(250)).await;
/// assert_eq!(start.elapsed(), Duration::from_millis(250));
/// # }
/// ```
pub async fn advance(duration: Duration) {
    let timers = running("advance");
    assert_stopped("advance");
    turn(&timers, Instant::now().far_add(duration));
    yield_now().await;
}

/// Turns the clock to `to` and wakes who is due.
pub(super) fn turn(timers: &Timers, to: Instant) {
    let by = to - Instant::now();
    clock::stop_at(to);
    trace::emit(|_| Event::Advance { by });
    timers.fire(Instant::now());
}

/// The timers of the runtime that is running here, whose clock is shown.
#[track_caller]
fn running(what: &str) -> Rc<Timers> {
    let timers = current().filter(|_| is_running()).and_then(Timers::of);
    timers.unwrap_or_else(|| {
        panic!(
            "time::{what} was called where no Kettle runtime with timers is running; \
             call it inside block_on, and build the runtime with enable_time or \
             enable_all"
        )
    })
}

#[track_caller]
fn assert_stopped(what: &str) {
    assert!(
        clock::is_stopped(),
        "time::{what} was called while the clock runs; stop it with time::pause first, \
         or build the runtime with start_paused"
    );
}
