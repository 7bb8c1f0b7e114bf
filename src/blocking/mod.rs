//! Code that blocks: closures on threads of their own, and their outputs as tasks.
//!
//! A closure that waits for a disk or computes for a second would hold the runtime's one
//! thread, and every task with it. So it goes to a pool of threads, and a
//! [`JoinHandle`](crate::task::JoinHandle) brings its output back.
//!
//! # How it works
//! ```text
//!   spawn_blocking ──errand──▶ queue ──try_recv──▶ worker ──▶ seat of the handle
//!        |                                           |  ^
//!        | somebody idle?  unpark                    v  | unpark
//!        | else below the limit?  new thread        idle: parked, keep-alive long
//!        '-else it waits in the queue                |
//!                                                    v  time is up: the thread ends
//! ```
//! A worker takes errands from the channel without a lock for as long as there are some.
//! It parks on its own thread, because the channel's receive spins before it sleeps, and
//! that is time taken from the runtime's thread.
//!
//! # Invariants
//! 1. Errands enter the queue, and workers go idle or leave, under the pool's lock. A
//!    worker does so only where the queue is empty, so no errand waits beside one that
//!    sleeps.
//! 2. The queue is empty while there is no thread.
//! 3. From the pool's end on, no errand enters the queue.
//! 4. An errand runs, and is dropped, unlocked.
//!
//! # Layer
//! 5: may use tasks, wakers and the clock; must not know the executor.

mod pool;
mod pools;
mod spawn;
mod worker;

pub(crate) use pool::{Counts, Pool, Settings};
pub(crate) use pools::{Open, pool_of};
pub use spawn::spawn_blocking;
pub(crate) use spawn::spawn_blocking_on;
