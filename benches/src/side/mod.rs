//! Every runtime under the same few names.
//!
//! A scenario is written against these names and compiled once for each side, so
//! that what differs between two columns of the table is the runtime alone. A macro
//! and not a trait: `spawn` asks for `Send` on one side and not on the other, and no
//! trait can say both without costing someone something.
//!
//! Each module holds
//! - `NAME`, as the table prints it, and `STAYS`: whether its join handles are bound
//!   to their thread (a lighter promise than tokio's, so the table marks it);
//! - `Runtime` with `build` and `block_on`, the plainest form that the project
//!   documents, with its defaults;
//! - `spawn`, which returns the runtime's own join handle, and `join`, which awaits
//!   one and unwraps what it says;
//! - `BLOCKS_AGAIN` and `WOKEN_ELSEWHERE`: whether `block_on` may be called again on
//!   one runtime, and whether another thread may wake a task;
//! - `OFFLOADS`: whether it has a pool for what blocks, and `offload`, a round trip there;
//! - `yield_now`: its own, or where it has none the shortest future that wakes
//!   itself and returns `Pending` once;
//! - `listen`, `accept` and what reads and writes a connection, where the side has
//!   sockets; `idle_socket`, a future that waits forever on a registered one; and
//!   `SOCKETS`: whether it has any.

pub mod async_executor;
pub mod kettle;
pub mod local_pool;
pub mod smol;
pub mod tokio;

#[cfg(all(feature = "peers", target_os = "linux"))]
pub mod compio;
#[cfg(all(feature = "peers", target_os = "linux"))]
pub mod glommio;
#[cfg(all(feature = "peers", target_os = "linux"))]
pub mod monoio;

/// Where a socket that nobody connects to is bound: any free port of loopback.
pub const LOOPBACK: &str = "127.0.0.1:0";
