//! Small futures, and the ways to wait for several of them at once.
//!
//! Waiting for two things is not a matter of the runtime: a future that polls two others
//! is enough, and it works on any executor. So this module knows neither tasks nor
//! executor. The functions are the combinators of the field ([`join()`], [`select()`], …);
//! the macros [`join!`](crate::join!), [`try_join!`](crate::try_join!) and
//! [`select!`](crate::select!) do the same for any number of branches and borrow what
//! stands around them.
//!
//! # Layer
//! 3: may use `scoped`, `rng`, `clock` and `budget`; must not know task or executor.

mod abortable;
mod catch_unwind;
mod ext;
mod fuse;
mod futures_unordered;
mod join;
mod join_all;
mod join_many;
mod map;
mod maybe_done;
mod pending;
mod poll_fn;
mod race;
mod ready;
mod select;
mod then;
mod try_join;
mod try_join_all;
mod yield_now;

mod children;
mod join_macro;
mod nests;
mod order;
mod outputs;
mod pin_macro;
mod select_macro;
#[doc(hidden)]
pub mod support;

pub use abortable::{AbortHandle, Abortable, Aborted, abortable};
pub use catch_unwind::{CatchUnwind, catch_unwind};
pub use ext::FutureExt;
pub use fuse::{Fuse, fuse};
pub use futures_unordered::{FuturesUnordered, Next};
pub use join::{Join, join};
pub use join_all::{JoinAll, join_all};
pub use join_many::{Join3, Join4, Join5, join3, join4, join5};
pub use map::Map;
pub use maybe_done::{MaybeDone, maybe_done};
pub use pending::{Pending, pending};
pub use poll_fn::{PollFn, poll_fn};
pub use race::{Race, or, race};
pub use ready::{Ready, ready};
pub use select::{Either, Select, select};
pub use then::Then;
pub use try_join::{TryJoin, try_join};
pub use try_join_all::{TryJoinAll, try_join_all};
pub use yield_now::{YieldNow, yield_now};
