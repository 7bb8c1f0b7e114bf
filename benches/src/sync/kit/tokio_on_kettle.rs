//! tokio's primitives on Kettle's runtime: what of a difference is the runtime's.

// What is named here stands before what comes from there.
pub use super::tokio::*;

pub use crate::side::kettle::{Runtime, STAYS, join, spawn, yield_now};

/// As the table prints it.
pub const NAME: &str = "tokio on Kettle";
