//! Time: sleeping until a deadline, and giving up after one.
//!
//! # How it works
//! A runtime's timers are a wheel ([`wheel`]) on which its loop sleeps ([`Timed`]): the
//! nearest deadline bounds the park, and what is due is woken when the loop looks. A
//! [`Sleep`] holds the key of its entry, not the entry.
//!
//! # Invariants
//! 1. A timer never fires before its deadline.
//! 2. An entry is on the wheel exactly while its `Sleep` lives and has not fired.
//!
//! # Layer
//! 5: may use the clock, wakers and the budget; must not know tasks or the reactor.

mod entries;
mod level;
mod sleep;
mod timed;
mod timeout;
mod timers;
mod wheel;

pub use crate::clock::Instant;
pub use sleep::{Sleep, sleep, sleep_until};
pub use std::time::Duration;
pub(crate) use timed::Timed;
pub use timeout::{Timeout, timeout, timeout_at};
pub(crate) use timers::{GAP, HOMES, TICK, Timers};

/// What can go wrong about time.
pub mod error {
    pub use super::timeout::Elapsed;
}
