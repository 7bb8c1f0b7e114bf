//! Kettle's.

pub use kettle::future::join_all as all;

pub use crate::side::kettle::{NAME, Runtime, STAYS, join, spawn, yield_now};

macro_rules! fair {
    ($($future:expr),+) => { ::kettle::select! { $(it = $future => it,)+ } };
}
macro_rules! biased {
    ($($future:expr),+) => { ::kettle::select! { biased; $(it = $future => it,)+ } };
}
macro_rules! both {
    ($a:expr, $b:expr) => {
        ::kettle::join!($a, $b)
    };
}
pub(crate) use {biased, both, fair};
