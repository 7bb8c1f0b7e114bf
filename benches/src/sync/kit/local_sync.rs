//! local-sync's primitives on Kettle's runtime. They are not `Send`: that is what they
//! are fast by.

use std::fmt::Debug;
use std::future::Future;
pub use std::rc::Rc as Shared;

use kettle::task::JoinHandle;
pub use local_sync::semaphore::Semaphore;
use local_sync::semaphore::SemaphorePermit;
use local_sync::{mpsc, oneshot};

pub use crate::side::kettle::{Runtime, join, yield_now};

/// As the table prints it.
pub const NAME: &str = "local-sync";
/// What is not `Send` stays on its thread.
pub const STAYS: bool = true;

/// A task that stays on its thread.
pub fn spawn<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + 'static,
    F::Output: 'static,
{
    kettle::task::spawn_local(future)
}

/// A channel for one value.
#[must_use]
pub fn one() -> (oneshot::Sender<u64>, oneshot::Receiver<u64>) {
    oneshot::channel()
}

/// Sends it.
pub fn one_send(sender: oneshot::Sender<u64>, value: u64) {
    sender.send(value).expect("the receiver is there");
}

/// Receives it.
pub async fn one_recv(receiver: oneshot::Receiver<u64>) -> u64 {
    receiver.await.expect("the sender sends")
}

/// A channel with so many slots.
#[must_use]
pub fn channel(slots: usize) -> (mpsc::bounded::Tx<u64>, mpsc::bounded::Rx<u64>) {
    mpsc::bounded::channel(slots)
}

/// Sends a message, or waits.
pub fn send(
    sender: &mut mpsc::bounded::Tx<u64>,
    message: u64,
) -> impl Future<Output = Result<(), impl Debug>> {
    sender.send(message)
}

/// The next message.
pub fn recv(
    receiver: &mut mpsc::bounded::Rx<u64>,
) -> impl Future<Output = Option<u64>> {
    receiver.recv()
}

/// A channel without a limit.
#[must_use]
pub fn unbounded() -> (mpsc::unbounded::Tx<u64>, mpsc::unbounded::Rx<u64>) {
    mpsc::unbounded::channel()
}

/// Sends a message.
pub fn push(sender: &mpsc::unbounded::Tx<u64>, message: u64) {
    sender.send(message).expect("the receiver is there");
}

/// The next message.
pub fn pull(
    receiver: &mut mpsc::unbounded::Rx<u64>,
) -> impl Future<Output = Option<u64>> {
    receiver.recv()
}

/// Takes a permit.
pub async fn acquire(semaphore: &Semaphore) -> SemaphorePermit<'_> {
    semaphore.acquire().await.expect("nobody closes it")
}
