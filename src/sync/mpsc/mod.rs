//! Many values from many senders to one receiver, in order.
//!
//! [`channel`] is bounded: when as many messages are under way as it has slots, senders
//! wait. That is back-pressure: whoever produces is slowed down to the speed of whoever
//! consumes. [`unbounded_channel`] never makes a sender wait, and grows without limit if
//! the receiver is slower.
//!
//! # Fairness
//! Senders that wait are served in order of arrival. A slot granted to a sender is its
//! own before it is polled.
//!
//! # Memory
//! One allocation for the halves and one for the queue, which keeps its size; about 32
//! bytes for each sender that waits.
//!
//! # Closing
//! When the last sender is dropped, `recv` gives what is left, and then `None`. When the
//! receiver is closed, nothing more is sent, `recv` gives what is left, also of permits
//! that are out, and then `None`. When the receiver is dropped, the messages that are
//! left are dropped with it, outside of any lock.
//!
//! # Example
//! ```
//! use kettle::sync::mpsc;
//!
//! # #[kettle::main]
//! # async fn main() {
//! let (orders, mut kitchen) = mpsc::channel(2);
//! for guest in 0..3 {
//!     let orders = orders.clone();
//!     kettle::spawn(async move {
//!         for dish in ["tea", "cake"] {
//!             orders.send((guest, dish)).await.expect("the kitchen is open");
//!         }
//!     });
//! }
//! drop(orders);
//! let mut served = 0;
//! while let Some((_guest, _dish)) = kitchen.recv().await {
//!     served += 1;
//! }
//! assert_eq!(served, 6);
//! # }
//! ```
//!
//! # How it works
//! The state machine is a queue beside the semaphore's own `Permits`, which counts the
//! slots: a slot is taken by a message in the queue or by a permit to send one.
//!
//! # Layer
//! 4: uses the semaphore, `Notify` and the budget.

mod claim;
/// What can go wrong with an mpsc channel.
pub mod error;
mod owned_permit;
mod permit;
mod permit_iterator;
mod receiver;
mod recv;
mod send;
mod sender;
mod shared;
mod state;
mod unbounded_receiver;
mod unbounded_sender;

pub use owned_permit::OwnedPermit;
pub use permit::Permit;
pub use permit_iterator::PermitIterator;
pub use receiver::Receiver;
pub use sender::Sender;
use shared::Shared;
pub use unbounded_receiver::UnboundedReceiver;
pub use unbounded_sender::UnboundedSender;

use super::Semaphore;

/// A channel with `buffer` slots.
///
/// # Panics
/// If `buffer` is 0, or more than [`Semaphore::MAX_PERMITS`].
#[track_caller]
pub fn channel<T>(buffer: usize) -> (Sender<T>, Receiver<T>) {
    assert!(
        buffer > 0,
        "mpsc::channel needs at least one slot; for a rendezvous use oneshot"
    );
    assert!(
        buffer <= Semaphore::MAX_PERMITS,
        "mpsc::channel has at most Semaphore::MAX_PERMITS slots; unbounded_channel has \
         no limit"
    );
    let shared = Shared::new(buffer);
    (Sender::new(shared.clone()), Receiver::new(shared))
}

/// A channel without a limit.
pub fn unbounded_channel<T>() -> (UnboundedSender<T>, UnboundedReceiver<T>) {
    let shared = Shared::new(Semaphore::MAX_PERMITS);
    let receiver = UnboundedReceiver::new(shared.clone());
    (UnboundedSender::new(shared), receiver)
}
