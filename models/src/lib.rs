//! Kettle once more, from the same files, over the standard library that loom sees.
//!
//! A test runs one order of events, and a race is lost in another. loom runs all of them,
//! and lets each load return whatever the memory model allows it to return. For that it
//! must stand in for the locks, atomics and threads. Usually a crate imports those
//! through a `cfg`; here the whole name `std` means something else, so the sources are
//! compiled as they are and nothing in them knows of loom.
//!
//! The models are in `tests/`; `cargo test -p kettle-models` runs them.

/// The queue of the blocking pool, too, must be one that loom can see into.
extern crate kettle_models_std as crossbeam_channel;
#[macro_use]
extern crate kettle_models_std as std;

#[path = "../../src/blocking/mod.rs"]
mod blocking;
#[path = "../../src/budget.rs"]
mod budget;
#[path = "../../src/clock.rs"]
mod clock;
#[path = "../../src/driver.rs"]
mod driver;
#[path = "../../src/executor/mod.rs"]
mod executor;
#[path = "../../src/future/mod.rs"]
pub mod future;
#[path = "../../src/io/mod.rs"]
pub mod io;
#[path = "../../src/machinery/mod.rs"]
pub mod machinery;
#[path = "../../src/net/mod.rs"]
pub mod net;
#[path = "../../src/reactor/mod.rs"]
mod reactor;
#[path = "../../src/rng.rs"]
mod rng;
#[path = "../../src/runtime/mod.rs"]
pub mod runtime;
#[path = "../../src/scoped.rs"]
mod scoped;
#[path = "../../src/sync/mod.rs"]
pub mod sync;
#[path = "../../src/task/mod.rs"]
pub mod task;
#[path = "../../src/time/mod.rs"]
pub mod time;
#[path = "../../src/trace/mod.rs"]
pub mod trace;
#[path = "../../src/waker/mod.rs"]
mod waker;

pub use kettle_macros::{main, test};
pub use kettle_models_std::{model, model_within};
pub use task::spawn;
pub use waker::block_on;
