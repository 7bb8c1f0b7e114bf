//! What composes futures, under the same few names.
//!
//! Each module holds its runtime's `Runtime`, `spawn`, `join` and `yield_now`, and of
//! these what the library has:
//! - `fair!`, `biased!`: the first of several futures of one output;
//! - `both!`: both of two;
//! - `all`: all of an iterator's.

pub mod futures;
pub mod futures_lite;
pub mod kettle;
pub mod tokio;
pub mod tokio_on_kettle;
