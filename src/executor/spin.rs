//! Looking about for a while before going to sleep.
//!
//! Putting a thread to sleep and waking it costs tens of microseconds, most of them in
//! the processor's own sleep. Where an answer from another thread comes sooner than that,
//! waiting awake is faster; but it burns the processor, so it must be asked for.
//!
//! # Layer
//! 5: uses tasks, the inbox and the park seam.

use std::hint::spin_loop;
use std::time::Duration;

use crate::clock::Instant;
use crate::task::Tasks;
use crate::waker::{Inbox, Park};

/// Looks at the mail so often before it looks at the clock and the outside: a look at
/// the mail is one load, the others cost as much as a hundred of them.
const LOOKS: u32 = 128;

/// Looks about for at most `time`. Returns as soon as there is mail, or a task has been
/// scheduled by what `park` saw.
pub(super) fn spin(time: Duration, inbox: &Inbox, tasks: &Tasks, park: &impl Park) {
    if time.is_zero() {
        return;
    }
    let end = Instant::from_now(time);
    while Instant::now() < end {
        for _ in 0..LOOKS {
            if inbox.has_mail() {
                return;
            }
            spin_loop();
        }
        park.look();
        if !tasks.is_idle() {
            return;
        }
    }
}
