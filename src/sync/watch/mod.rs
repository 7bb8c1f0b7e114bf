//! The latest value, for everybody to look at.
//!
//! There is one value. Senders replace it, receivers look at it when they like, and can
//! wait until it is another than the one they have seen. A receiver that is slow misses
//! what was in between, and nothing else.
//!
//! # Fairness
//! Every receiver that waits is woken by every change, in the order in which they began
//! to wait.
//!
//! # Memory
//! One allocation for the channel and its value; about 24 bytes for each receiver that
//! waits.
//!
//! # Closing
//! When the last sender is dropped, `changed` gives a last change that was not seen, and
//! then an error. The last value stays to be looked at.
//!
//! # Looking takes a lock
//! A [`Ref`] holds a read lock of the value: who holds one for long keeps senders, and
//! their threads, from changing it. Take what you need and let it go; never hold one
//! across an await, or while you send on the same channel.
//!
//! # Example
//! ```
//! use kettle::sync::watch;
//!
//! # #[kettle::main]
//! # async fn main() {
//! let (dial, mut gauge) = watch::channel(20);
//! kettle::spawn(async move {
//!     for degrees in [60, 100] {
//!         dial.send_replace(degrees);
//!         kettle::task::yield_now().await;
//!     }
//! });
//! let boiling = gauge.wait_for(|degrees| *degrees == 100).await.expect("it heats");
//! assert_eq!(*boiling, 100);
//! # }
//! ```
//!
//! # Layer
//! 4: uses the wait list, `Notify` and the budget.

mod changed;
/// What can go wrong with a watch channel.
pub mod error;
mod receiver;
mod sender;
mod state;
mod value;

use std::sync::{Arc, Mutex};

pub use receiver::Receiver;
pub use sender::Sender;
use state::State;
pub use value::Ref;
use value::Value;

use super::Notify;

/// A channel that begins with `value`, which its first receiver counts as seen.
pub fn channel<T>(value: T) -> (Sender<T>, Receiver<T>) {
    let sender = Sender::new(value);
    let receiver = sender.subscribe();
    (sender, receiver)
}

/// What senders and receivers share.
///
/// The two locks are taken in this order, if both are: a version is counted up while its
/// value is locked, so that who reads both while the value is locked gets a pair.
struct Shared<T> {
    value: Value<T>,
    state: Mutex<State>,
    /// Tells the senders that wait for the last receiver to go.
    closed: Notify,
}

impl<T> Shared<T> {
    fn new(value: T) -> Arc<Shared<T>> {
        Arc::new(Shared {
            value: Value::new(value),
            state: Mutex::new(State::new()),
            closed: Notify::new(),
        })
    }
}
