//! The executor: it polls what is scheduled, and sleeps when nothing is.
//!
//! # How it works
//! The loop of `block_on` is a sequence of *turns*:
//!
//! ```text
//!   +--> run tasks from the queue, until it is empty or the turn is long enough
//!   |    open the mail, if there is any
//!   |    something scheduled?  yes: look at the outside, without sleeping
//!   |                          no:  fall asleep, park, wake up
//!   +----+
//! ```
//!
//! # Layer
//! 5: may use tasks and wakers; must not know timers or sockets, which it meets as
//! [`Park`](crate::waker::Park).

mod habits;
mod spin;
mod turn;

pub(crate) use habits::Habits;
pub(crate) use turn::Executor;
