//! tokio's primitives on tokio.

use std::fmt::Debug;
pub use std::sync::Arc as Shared;

pub use tokio::sync::{Mutex, Notify, Semaphore};
use tokio::sync::{MutexGuard, SemaphorePermit};
use tokio::sync::{mpsc, oneshot};

pub use crate::side::tokio::{Runtime, STAYS, join, spawn, yield_now};

/// As the table prints it.
pub const NAME: &str = crate::side::tokio::NAME;

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
pub fn channel(slots: usize) -> (mpsc::Sender<u64>, mpsc::Receiver<u64>) {
    mpsc::channel(slots)
}

/// Sends a message, or waits.
pub fn send(
    sender: &mut mpsc::Sender<u64>,
    message: u64,
) -> impl Future<Output = Result<(), impl Debug>> {
    sender.send(message)
}

/// The next message.
pub fn recv(
    receiver: &mut mpsc::Receiver<u64>,
) -> impl Future<Output = Option<u64>> {
    receiver.recv()
}

/// A channel without a limit.
#[must_use]
pub fn unbounded() -> (mpsc::UnboundedSender<u64>, mpsc::UnboundedReceiver<u64>) {
    mpsc::unbounded_channel()
}

/// Sends a message.
pub fn push(sender: &mpsc::UnboundedSender<u64>, message: u64) {
    sender.send(message).expect("the receiver is there");
}

/// The next message.
pub fn pull(
    receiver: &mut mpsc::UnboundedReceiver<u64>,
) -> impl Future<Output = Option<u64>> {
    receiver.recv()
}

/// Takes a permit.
pub async fn acquire(semaphore: &Semaphore) -> SemaphorePermit<'_> {
    semaphore.acquire().await.expect("nobody closes it")
}

/// Takes the lock.
pub async fn lock(mutex: &Mutex<u64>) -> MutexGuard<'_, u64> {
    mutex.lock().await
}
