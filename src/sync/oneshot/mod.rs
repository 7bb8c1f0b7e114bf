//! One value from one sender to one receiver.
//!
//! ```text
//!   open ---send---------------> sent ---received---> over
//!    |  \                                              ^
//!    |   +---sender dropped------> ended --------------+
//!    +---receiver closed-------> closed (send gives the value back)
//! ```
//!
//! # Memory
//! One allocation for both halves, of the value's size and about 60 bytes.
//!
//! # Example
//! ```
//! use kettle::sync::oneshot;
//!
//! # #[kettle::main]
//! # async fn main() {
//! let (reply, answer) = oneshot::channel();
//! kettle::spawn(async move { reply.send("tea").expect("the guest waits") });
//! assert_eq!(answer.await, Ok("tea"));
//! # }
//! ```
//!
//! # Layer
//! 4: uses the budget.

/// What can go wrong with a oneshot channel.
pub mod error;
mod receiver;
mod sender;
mod state;

use std::sync::{Arc, Mutex};

pub use receiver::Receiver;
pub use sender::Sender;
use state::State;

/// A channel for one value.
pub fn channel<T>() -> (Sender<T>, Receiver<T>) {
    // Made where it stays: `Arc::new` would copy it there, which is a tenth of a round trip.
    let state = Arc::<Mutex<State<T>>>::default();
    (Sender::new(Arc::clone(&state)), Receiver::new(state))
}
