//! Those of futures-lite, on Kettle's runtime: functions of two.

pub use crate::side::kettle::{Runtime, STAYS, join, spawn, yield_now};

/// As the table prints it.
pub const NAME: &str = "futures-lite";

macro_rules! fair {
    ($a:expr, $b:expr) => {
        ::futures_lite::future::race($a, $b).await
    };
}
macro_rules! biased {
    ($a:expr, $b:expr) => {
        ::futures_lite::future::or($a, $b).await
    };
}
macro_rules! both {
    ($a:expr, $b:expr) => {
        ::futures_lite::future::zip($a, $b).await
    };
}
pub(crate) use {biased, both, fair};
