//! Oracles and harnesses that several test files share.
#![allow(dead_code, reason = "each test file uses the part that it needs")]

pub(crate) mod alone;
pub(crate) mod baseline;
pub(crate) mod cancel;
pub(crate) mod count;
pub(crate) mod hostile;
pub(crate) mod life;
pub(crate) mod probe;
pub(crate) mod scripted;
pub(crate) mod watchdog;
