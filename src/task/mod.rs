//! Tasks: spawned futures, their lives, and the ways to hear from them.
//!
//! A task lives in a *slot* of its runtime's slab ([`Tasks`]), which the runtime's thread
//! owns. Nothing outside points at it: wakers and handles hold its key, and one that
//! comes too late finds another tenant or none, and knows.
//!
//! # How it works
//! ```text
//!           spawn                    poll: Pending
//!             |             +----------------------------+
//!             v             v                            |
//!        [Scheduled] --next--> [Running] --wake--> [RunningWoken]
//!             ^                 |      |                 |
//!             |     Pending     |      | Ready, panic    | Ready, panic
//!            wake  +------------+      |                 |
//!             |    v                   v                 |
//!            [Idle]                  [Done] <------------+
//! ```
//! `Pending` out of `RunningWoken` leads back to `Scheduled`, and so it does out of
//! `Running` if the task has woken itself, which is noted in `polled`. An abort is a mark and
//! a wake: the next time the task's turn comes, its future is dropped, and not polled.
//!
//! A [`JoinHandle`] at home is a key, and the output waits in the slot for it. Elsewhere
//! it takes a *seat*, where the output is put for another thread to fetch.
//!
//! # Invariants
//! 1. A future is polled and dropped at home, and nowhere else, once it has a slot.
//! 2. Foreign code (a future, an output, a waker) runs while no slot is borrowed.
//! 3. A slot is in the run queue exactly while it is `Scheduled`.
//! 4. A slot is freed when its task is done and nobody can ask for the output any more.
//!
//! # Layer
//! 4: may use wakers, budget, future; must not know the executor, which polls what this
//! module hands it.

mod abort_handle;
mod address;
mod arrivals;
mod body;
pub mod coop;
mod end;
mod errand;
mod id;
mod join_error;
mod join_handle;
mod joining;
mod key_waker;
mod late;
mod local_set;
pub(crate) mod polled;
mod seat;
mod slot;
mod slots;
mod spawn;
mod task_local;
mod tasks;

/// Futures of tasks, by their own names.
pub mod futures {
    pub use super::task_local::TaskLocalFuture;
}

// facade
pub use crate::blocking::spawn_blocking;
// facade
pub use crate::runtime::JoinSet;

pub use crate::future::yield_now;
pub(crate) use crate::waker::quietly;
pub use abort_handle::AbortHandle;
use body::Body;
pub use coop::{Unconstrained, consume_budget, unconstrained};
pub(crate) use errand::Errand;
pub use id::{Id, id, try_id};
pub use join_error::JoinError;
pub use join_handle::JoinHandle;
pub(crate) use key_waker::{key_of, key_waker};
pub use local_set::{LocalEnterGuard, LocalSet, RunUntil};
pub(crate) use spawn::{current_for, spawn_local_on, spawn_on};
pub use spawn::{spawn, spawn_local};
pub use task_local::{AccessError, LocalKey};
pub(crate) use tasks::{HOMES, Next, Tasks, Turn};
