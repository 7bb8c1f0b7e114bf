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

mod join;
mod maybe_done;
mod pending;
mod poll_fn;
mod ready;
mod select;
mod try_join;
mod yield_now;

mod join_macro;
mod order;
mod pin_macro;
mod select_macro;
#[doc(hidden)]
pub mod support;

pub use join::{Join, join};
pub use maybe_done::{MaybeDone, maybe_done};
pub use pending::{Pending, pending};
pub use poll_fn::{PollFn, poll_fn};
pub use ready::{Ready, ready};
pub use select::{Either, Select, select};
pub use try_join::{TryJoin, try_join};
pub use yield_now::{YieldNow, yield_now};
