//! Time: sleeping until a deadline, and giving up after one.
//!
//! # How it works
//! A runtime's timers are a wheel ([`wheel`]) on which its loop sleeps ([`Timed`]): the
//! nearest deadline bounds the park, and what is due is woken when the loop looks. A
//! [`Sleep`] holds the key of its entry, not the entry.
//!
//! The clock may be stopped and turned by hand ([`pause()`], [`advance`]), which is how a
//! program's time is tested.
//!
//! # Invariants
//! 1. A timer never fires before its deadline.
//! 2. An entry is on the wheel exactly while its `Sleep` lives and has not fired.
//!
//! # Layer
//! 5: may use the clock, wakers, tasks and the budget; must not know the reactor.

mod entries;
mod interval;
mod level;
mod notch;
mod pause;
mod sleep;
mod ticks;
mod timed;
mod timeout;
mod timers;
mod wheel;

pub use crate::clock::Instant;
pub use interval::{Interval, MissedTickBehavior, interval, interval_at};
pub use pause::{advance, pause, resume};
pub use sleep::{Sleep, sleep, sleep_until};
pub use std::time::Duration;
pub(crate) use timed::Timed;
pub use timeout::{Timeout, timeout, timeout_at};
pub(crate) use timers::{HOMES, Settings, Timers};

/// What can go wrong about time.
pub mod error {
    pub use super::timeout::Elapsed;
}
