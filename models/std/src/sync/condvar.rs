//! A condition variable. Time does not pass in a model: a wait with a limit ends at once
//! if the limit is zero, and else has none.

use std::sync::{LockResult, PoisonError};
use std::time::Duration;

use super::MutexGuard;
use crate::execution::PerExecution;

#[derive(Debug)]
pub struct Condvar(PerExecution<loom::sync::Condvar>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaitTimeoutResult(bool);

impl WaitTimeoutResult {
    pub fn timed_out(&self) -> bool {
        self.0
    }
}

impl Condvar {
    pub const fn new() -> Condvar {
        Condvar(PerExecution::new())
    }

    pub fn wait<'a, T>(
        &self,
        guard: MutexGuard<'a, T>,
    ) -> LockResult<MutexGuard<'a, T>> {
        let condvar = self.0.get(loom::sync::Condvar::new);
        guard.while_open(|gate| {
            condvar.wait(gate).unwrap_or_else(PoisonError::into_inner)
        })
    }

    pub fn wait_timeout_while<'a, T>(
        &self,
        mut guard: MutexGuard<'a, T>,
        patience: Duration,
        mut condition: impl FnMut(&mut T) -> bool,
    ) -> LockResult<(MutexGuard<'a, T>, WaitTimeoutResult)> {
        while condition(&mut guard) {
            if patience.is_zero() {
                return Ok((guard, WaitTimeoutResult(true)));
            }
            guard = self.wait(guard).unwrap_or_else(PoisonError::into_inner);
        }
        Ok((guard, WaitTimeoutResult(false)))
    }

    pub fn notify_one(&self) {
        self.0.get(loom::sync::Condvar::new).notify_one();
    }

    pub fn notify_all(&self) {
        self.0.get(loom::sync::Condvar::new).notify_all();
    }
}

impl Default for Condvar {
    fn default() -> Condvar {
        Condvar::new()
    }
}
