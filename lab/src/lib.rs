//! The lab: what stands around the runtime, as a library that the tests use too.

pub mod book;
mod child;
pub mod exercise;
pub mod name;
pub mod program;
pub mod server;
