//! Every value from many senders to every receiver.
//!
//! The channel keeps the last values, as many as its capacity, in a ring. Each receiver
//! has a place in it and gets a clone of each value from there on. Senders never wait: a
//! receiver that is too slow finds that the ring has gone over its place, and is told how
//! many values it missed.
//!
//! # Fairness
//! Every receiver that waits is woken by every value, in the order in which they began
//! to wait.
//!
//! # Memory
//! One allocation for the channel, one for each value while somebody is to see it, and
//! the ring, which grows up to the capacity and no further (tokio rounds the capacity up
//! to a power of two); about 24 bytes for each receiver that waits.
//!
//! # Closing
//! When the last sender is dropped, each receiver gets what it has not seen, and then
//! [`RecvError::Closed`](error::RecvError::Closed). A value is dropped when the last
//! receiver that was there to see it has seen it or has gone.
//!
//! # Cloning
//! Values are cloned outside of the channel's lock, but one at a time, for they need not
//! be `Sync`. The `clone` of a value may use the channel, as long as it does not receive
//! that very value.
//!
//! # Example
//! ```
//! use kettle::sync::broadcast;
//!
//! # #[kettle::main]
//! # async fn main() {
//! let (bell, mut cook) = broadcast::channel(16);
//! let mut waiter = bell.subscribe();
//! bell.send("order up").expect("somebody listens");
//! assert_eq!(cook.recv().await, Ok("order up"));
//! assert_eq!(waiter.recv().await, Ok("order up"));
//! # }
//! ```
//!
//! # Layer
//! 4: uses the wait list, `Notify` and the budget.

/// What can go wrong with a broadcast channel.
pub mod error;
mod receiver;
mod recv;
mod sender;
mod state;

use std::sync::{Arc, Mutex, PoisonError};

pub use receiver::Receiver;
pub use sender::Sender;
use state::State;

use super::Notify;

/// A channel that keeps the last `capacity` values, with its first receiver.
///
/// # Panics
/// If `capacity` is 0.
#[track_caller]
pub fn channel<T: Clone>(capacity: usize) -> (Sender<T>, Receiver<T>) {
    let sender = Sender::new(capacity);
    let receiver = sender.subscribe();
    (sender, receiver)
}

/// A value on its way. The lock is for values that are not `Sync`: they are cloned one at
/// a time.
type Message<T> = Arc<Mutex<T>>;

/// What senders and receivers share.
struct Shared<T> {
    state: Mutex<State<T>>,
    /// Tells the senders that wait for the last receiver to go.
    closed: Notify,
}

/// The value itself if nobody else has it, or else a clone.
fn open<T: Clone>(message: Message<T>) -> T {
    match Arc::try_unwrap(message) {
        Ok(value) => value.into_inner().unwrap_or_else(PoisonError::into_inner),
        // A panic of an earlier `clone` is no reason not to try again.
        Err(shared) => shared
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone(),
    }
}
