//! All runtimes of the process, by executor id: how a waker far from home finds the way.
//!
//! # How it works
//! A table of inboxes behind a read-write lock. Wakes from elsewhere read it; only the
//! birth and the end of a runtime write it. Executor ids are given out again, the one
//! that has been free the longest first, so that the keys of an ended runtime meet a new
//! one as late as possible.
//!
//! # Layer
//! 3: uses keys and the inbox.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use super::{Inbox, Key, RuntimeId, Unpark};

static REGISTRY: RwLock<Registry> = RwLock::new(Registry {
    inboxes: Vec::new(),
    free: VecDeque::new(),
    serial: 0,
});

struct Registry {
    /// By executor id; `None` where that id is free.
    inboxes: Vec<Option<Arc<Inbox>>>,
    /// The free ids, in the order in which they became free.
    free: VecDeque<u16>,
    /// How many runtimes there have been.
    serial: u64,
}

/// There are 4,096 runtimes alive in this process, as many as wakers can tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooManyRuntimes;

impl fmt::Display for TooManyRuntimes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "4096 Kettle runtimes are alive, no more can be told apart; drop some",
        )
    }
}

impl std::error::Error for TooManyRuntimes {}

/// Gives a new runtime its number and its inbox.
pub(crate) fn register(
    unpark: Arc<dyn Unpark>,
) -> Result<Arc<Inbox>, TooManyRuntimes> {
    let mut registry = REGISTRY.write().unwrap_or_else(PoisonError::into_inner);
    let executor = match registry.free.pop_front() {
        Some(executor) => executor,
        None if registry.inboxes.len() < RuntimeId::EXECUTORS => {
            registry.inboxes.push(None);
            (registry.inboxes.len() - 1) as u16
        }
        None => return Err(TooManyRuntimes),
    };
    registry.serial += 1;
    let runtime = RuntimeId::new(registry.serial, executor);
    let inbox = Arc::new(Inbox::new(runtime, unpark));
    registry.inboxes[usize::from(executor)] = Some(Arc::clone(&inbox));
    Ok(inbox)
}

/// Takes an ended runtime out; from now on its executor id may be given out again.
pub(crate) fn deregister(runtime: RuntimeId) {
    let mut registry = REGISTRY.write().unwrap_or_else(PoisonError::into_inner);
    let executor = runtime.executor();
    let inbox = registry.inboxes[usize::from(executor)].take();
    registry.free.push_back(executor);
    drop(registry);
    drop(inbox);
}

/// The inbox of `runtime`, if it is alive.
pub(crate) fn inbox_of(runtime: RuntimeId) -> Option<Arc<Inbox>> {
    inbox(runtime.executor()).filter(|inbox| inbox.runtime() == runtime)
}

/// Leaves word for the task of `key` with its runtime, wherever that is.
#[cold]
#[inline(never)]
pub(crate) fn wake_elsewhere(key: Key) {
    if let Some(inbox) = inbox(key.executor()) {
        inbox.wake(key);
    }
}

fn inbox(executor: u16) -> Option<Arc<Inbox>> {
    let registry = REGISTRY.read().unwrap_or_else(PoisonError::into_inner);
    registry.inboxes.get(usize::from(executor))?.clone()
}
