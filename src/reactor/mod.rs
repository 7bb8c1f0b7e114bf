//! The reactor: it asks the operating system which sockets are ready, and wakes the tasks
//! that wait for them.
//!
//! # How it works
//! mio's `Poll` (epoll, kqueue) reports *edges*: that a socket has become readable is
//! said once, not for as long as it is. The reactor therefore keeps a flag for each
//! direction of each socket: an event sets it, and an operation that would block clears
//! it. A task tries the operation first and waits only where the flag is down.
//!
//! ```text
//!     event                    operation: WouldBlock
//!       |    +--------------+    |
//!       +--> | ready        | ---+     +--------------------------+
//!            |              |  <------ | not ready, a task waits  |
//!            +--------------+  event   +--------------------------+
//! ```
//!
//! # Invariants
//! 1. A flag is cleared only by an operation that found nothing, on the thread that also
//!    sets it: an event cannot slip in between and be erased.
//! 2. A direction that the other side has closed stays ready for ever.
//! 3. A token is the number of a slot and of its tenant, so an event for a socket that is
//!    gone never reaches the next one.
//!
//! # Layer
//! 5: may use wakers and the budget; must not know tasks or timers.

mod alarm;
mod readiness;
mod registration;
mod sweep;

pub(crate) use readiness::Direction;
pub(crate) use registration::Registration;
pub(crate) use sweep::{HOMES, Reactor};
