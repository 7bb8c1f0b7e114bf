//! Kettle: the async runtime that you can read.

mod budget;
pub mod future;
mod rng;
