//! Those of the crate `futures`, on Kettle's runtime. Its `select!` wants fused futures.

pub use futures::future::join_all as all;

pub use crate::side::kettle::{Runtime, STAYS, join, spawn, yield_now};

/// As the table prints it.
pub const NAME: &str = "futures";

macro_rules! fair {
    ($($future:expr),+) => {
        ::futures::select! { $(it = ::futures::FutureExt::fuse($future) => it,)+ }
    };
}
macro_rules! biased {
    ($($future:expr),+) => {
        ::futures::select_biased! {
            $(it = ::futures::FutureExt::fuse($future) => it,)+
        }
    };
}
macro_rules! both {
    ($a:expr, $b:expr) => {
        ::futures::join!($a, $b)
    };
}
pub(crate) use {biased, both, fair};
