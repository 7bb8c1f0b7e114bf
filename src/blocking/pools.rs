//! The pools of all runtimes, by executor id: how `spawn_blocking` finds one from any
//! thread.
//!
//! A pool is the one part of a runtime that other threads may use directly, so unlike
//! tasks and timers it is found without going home.
//!
//! # Layer
//! 5: uses pools.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use super::Pool;
use crate::waker::RuntimeId;

/// By executor id; `None` where no runtime has that id.
static POOLS: RwLock<Vec<Option<Arc<Pool>>>> = RwLock::new(Vec::new());

/// The pool of `runtime`, if it is alive.
pub(crate) fn pool_of(runtime: RuntimeId) -> Option<Arc<Pool>> {
    let pools = POOLS.read().unwrap_or_else(PoisonError::into_inner);
    let pool = pools.get(usize::from(runtime.executor()))?.as_ref();
    pool.filter(|pool| pool.runtime == runtime).cloned()
}

/// While it lives, a pool is found from every thread.
pub(crate) struct Open {
    pool: Arc<Pool>,
}

impl Open {
    /// Lets `pool` be found.
    pub(crate) fn new(pool: Arc<Pool>) -> Open {
        let place = usize::from(pool.runtime.executor());
        let mut pools = POOLS.write().unwrap_or_else(PoisonError::into_inner);
        if pools.len() <= place {
            pools.resize(place + 1, None);
        }
        pools[place] = Some(Arc::clone(&pool));
        drop(pools);
        Open { pool }
    }

    /// The pool itself.
    pub(crate) fn pool(&self) -> &Pool {
        &self.pool
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let place = usize::from(self.pool.runtime.executor());
        let mut pools = POOLS.write().unwrap_or_else(PoisonError::into_inner);
        pools[place] = None;
    }
}

impl fmt::Debug for Open {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pool.fmt(f)
    }
}
