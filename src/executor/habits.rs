//! How a loop behaves, where there is a choice.
//!
//! # Layer
//! 5: uses nothing of Kettle.

use std::time::Duration;

/// Polls before the loop looks at the outside world. A look costs a system call where
/// sockets are registered, about the time of ten polls, so 128 makes it less than a
/// tenth; and 128 polls of a few microseconds make nobody wait for a millisecond.
const TURN_LENGTH: u32 = 128;

/// The choices; `Builder` makes them.
#[derive(Debug, Clone)]
pub(crate) struct Habits {
    /// Polls in one turn, at most.
    pub(crate) turn_length: u32,
    /// How long the loop looks about, with nothing to do, before it sleeps.
    pub(crate) spin: Duration,
    /// Whether each turn begins with the run queue in another order.
    pub(crate) shuffles: bool,
}

impl Default for Habits {
    fn default() -> Habits {
        Habits {
            turn_length: TURN_LENGTH,
            spin: Duration::ZERO,
            shuffles: false,
        }
    }
}
