//! tokio's macros on Kettle's runtime: what of a difference is the runtime's.

pub use crate::side::kettle::{Runtime, STAYS, join, spawn, yield_now};

pub(crate) use super::tokio::{biased, both, fair};

/// As the table prints it.
pub const NAME: &str = "tokio on Kettle";
