//! Kettle measured beside tokio, the best peers and the raw limit.
//!
//! A benchmark that only its author can repeat is an advertisement. So each
//! scenario's text stands once and is compiled for every runtime with nothing but
//! names changed; the sides run in turns, in one process, in alternating order; and
//! what counts exactly (polls, wakes, allocations) is printed ahead of what only
//! times well on a quiet machine.
//!
//! # How it works
//! 1. [`side`] gives every runtime the same few names: build, block, spawn, yield.
//! 2. [`scenario`] stamps the rows' text onto each side: an [`arm::Arm`] each.
//!    [`sync`] and [`compose`] do the same for the primitives and for what waits for
//!    several futures; [`blocks`] is the bench around both.
//! 3. [`rounds`] runs the arms A B C, then C B A, and keeps a time per round;
//!    inside a round [`sampler`] lets criterion choose how often.
//! 4. [`table`] turns times into ratios to tokio, round by round, takes the median
//!    and the quartiles, and judges them against the goals of [`row`].

#[macro_use]
mod text;

pub mod allocator;
pub mod arm;
pub mod blocks;
pub mod cold;
pub mod compose;
pub mod count;
pub mod counts;
pub mod cpu;
pub mod descriptors;
pub mod echo;
pub mod machine;
pub mod options;
pub mod ratio;
pub mod rounds;
pub mod row;
pub mod sampler;
pub mod save;
pub mod scenario;
pub mod side;
pub mod sync;
pub mod table;
pub mod timing;
