//! The lab: what stands around the runtime, as a library that the tests use too.

pub mod book;
mod nearest;
pub mod program;
