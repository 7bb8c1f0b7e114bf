//! What Kettle's models call `crossbeam_channel`: its unbounded queue, made of a lock that
//! loom sees. The real one's own races are its authors' to model.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::sync::{Mutex, MutexGuard, PoisonError};

#[derive(Debug)]
pub struct Sender<T>(Arc<Mutex<VecDeque<T>>>);
#[derive(Debug)]
pub struct Receiver<T>(Arc<Mutex<VecDeque<T>>>);

pub fn unbounded<T>() -> (Sender<T>, Receiver<T>) {
    let queue = Arc::new(Mutex::default());
    (Sender(Arc::clone(&queue)), Receiver(queue))
}

impl<T> Sender<T> {
    pub fn send(&self, message: T) -> Result<(), T> {
        lock(&self.0).push_back(message);
        Ok(())
    }
}

#[derive(Debug)]
pub struct TryRecvError;

impl<T> Receiver<T> {
    pub fn try_recv(&self) -> Result<T, TryRecvError> {
        lock(&self.0).pop_front().ok_or(TryRecvError)
    }

    pub fn try_iter(&self) -> impl Iterator<Item = T> {
        std::iter::from_fn(|| self.try_recv().ok())
    }

    pub fn is_empty(&self) -> bool {
        lock(&self.0).is_empty()
    }

    pub fn len(&self) -> usize {
        lock(&self.0).len()
    }
}

fn lock<T>(queue: &Mutex<T>) -> MutexGuard<'_, T> {
    queue.lock().unwrap_or_else(PoisonError::into_inner)
}
