//! Time: sleeping until a deadline, and giving up after one.
//!
//! # How it works
//! A runtime's timers are an ordered queue ([`Timers`]) on which its loop sleeps: the
//! nearest deadline bounds the park, and what is due is woken when the loop looks. A
//! [`Sleep`] holds the number of its entry, not the entry.
//!
//! # Invariants
//! 1. A timer never fires before its deadline.
//! 2. An entry is in the queue exactly while its `Sleep` lives and has not fired.
//!
//! # Layer
//! 5: may use the clock, wakers and the budget; must not know tasks or the reactor.

mod sleep;
mod timeout;
mod timers;

pub use crate::clock::Instant;
pub use sleep::{Sleep, sleep, sleep_until};
pub use std::time::Duration;
pub use timeout::{Timeout, timeout, timeout_at};
pub(crate) use timers::{HOMES, Timed, Timers};

/// What can go wrong about time.
pub mod error {
    pub use super::timeout::Elapsed;
}
