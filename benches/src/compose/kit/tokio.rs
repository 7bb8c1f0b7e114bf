//! tokio's, with the `join_all` that its users take.

pub use futures::future::join_all as all;

pub use crate::side::tokio::{NAME, Runtime, STAYS, join, spawn, yield_now};

macro_rules! fair {
    ($($future:expr),+) => { ::tokio::select! { $(it = $future => it,)+ } };
}
macro_rules! biased {
    ($($future:expr),+) => { ::tokio::select! { biased; $(it = $future => it,)+ } };
}
macro_rules! both {
    ($a:expr, $b:expr) => {
        ::tokio::join!($a, $b)
    };
}
pub(crate) use {biased, both, fair};
