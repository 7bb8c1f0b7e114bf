//! How a sleeping thing is reached: keys, the thread that is home to them, and the way
//! there from every other thread.
//!
//! Other runtimes hand out pointers to tasks, and count references so that the pointers
//! stay good. Kettle hands out a [`Key`]: a number that means something only to the
//! runtime it was made by. Nothing is followed through it, so nothing can dangle.
//!
//! # How it works
//! ```text
//!                   wake(key)
//!                       |
//!          is the runtime at home here?       Homes: this thread's runtimes
//!            |yes                |no
//!            v                   v
//!       its run queue      registry: executor id -> Inbox
//!                                |
//!                     post, then ring: unpark if asleep
//!                                |
//!                     the turn opens its mail at home
//! ```
//!
//! # Layer
//! 3: may use the clock; must not know tasks, timers, sockets or the executor.

mod ask;
mod block_on;
mod census;
mod current;
mod homes;
mod inbox;
mod key;
mod outside;
mod park;
mod quietly;
mod registry;

pub(crate) use ask::ask;
pub use block_on::block_on;
pub(crate) use census::Census;
pub(crate) use current::{Current, current, enter, is_running, run};
pub(crate) use homes::{AtHome, Homes};
pub(crate) use inbox::{Inbox, Mail, Order};
pub(crate) use key::{Key, RuntimeId};
pub(crate) use outside::OutsideWork;
pub(crate) use park::{Park, ThreadParker, Unpark};
pub(crate) use quietly::quietly;
pub use registry::TooManyRuntimes;
pub(crate) use registry::{deregister, inbox_of, register, wake_elsewhere};
