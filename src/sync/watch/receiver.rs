//! The half that looks at the value.
//!
//! # Layer
//! 4: uses the state machine and `Notify`.

use std::fmt;
use std::sync::Arc;

use super::changed::Changed;
use super::error::RecvError;
use super::{Ref, Shared};
use crate::sync::lock;

/// Looks at the value, and knows which version of it it has seen.
pub struct Receiver<T> {
    shared: Arc<Shared<T>>,
    /// The version that it has seen last.
    seen: u64,
}

impl<T> Receiver<T> {
    /// Another receiver of a channel, which counts the value as seen.
    pub(super) fn new(shared: Arc<Shared<T>>) -> Receiver<T> {
        let mut seen = 0;
        let mut state = lock(&shared.state);
        state.receivers += 1;
        state.see(&mut seen);
        drop(state);
        Receiver { shared, seen }
    }

    /// Looks at the value. It does not count as seen, so `changed` will still tell of it.
    pub fn borrow(&self) -> Ref<'_, T> {
        let value = self.shared.value.read();
        let changed = lock(&self.shared.state).has_changed(self.seen);
        Ref::new(value, changed)
    }

    /// Looks at the value, which counts as seen from now on.
    pub fn borrow_and_update(&mut self) -> Ref<'_, T> {
        let value = self.shared.value.read();
        let changed = lock(&self.shared.state).see(&mut self.seen);
        Ref::new(value, changed)
    }

    /// Whether the value is another than the one it has seen.
    ///
    /// # Errors
    /// [`RecvError`], if all senders are gone.
    pub fn has_changed(&self) -> Result<bool, RecvError> {
        let state = lock(&self.shared.state);
        if state.senders == 0 {
            return Err(RecvError(()));
        }
        Ok(state.has_changed(self.seen))
    }

    /// Waits until the value is another than the one it has seen, and counts it as seen.
    ///
    /// # Errors
    /// [`RecvError`], if all senders are gone and it has seen the last value.
    ///
    /// # Cancel safety
    /// No change is lost: it counts as seen by the poll that is ready.
    pub async fn changed(&mut self) -> Result<(), RecvError> {
        Changed::new(&self.shared, &mut self.seen).await
    }

    /// Waits until `wanted` says yes to the value, which then counts as seen, as do those
    /// that it says no to. It is asked about the present value first.
    ///
    /// # Errors
    /// [`RecvError`], if all senders are gone and it has said no to the last value.
    ///
    /// # Panics
    /// With the panic of `wanted`.
    ///
    /// # Cancel safety
    /// Nothing is lost: a later `wait_for` asks about the present value again.
    pub async fn wait_for(
        &mut self,
        mut wanted: impl FnMut(&T) -> bool,
    ) -> Result<Ref<'_, T>, RecvError> {
        let mut last = Ok(());
        loop {
            {
                let value = self.shared.value.read();
                let changed = lock(&self.shared.state).see(&mut self.seen);
                if (last.is_ok() || changed) && wanted(&value) {
                    return Ok(Ref::new(value, changed));
                }
            }
            last?;
            last = Changed::new(&self.shared, &mut self.seen).await;
        }
    }

    /// Counts the value as not seen.
    pub fn mark_changed(&mut self) {
        // No value has the version after the last.
        self.seen = u64::MAX;
    }

    /// Counts the value as seen.
    pub fn mark_unchanged(&mut self) {
        lock(&self.shared.state).see(&mut self.seen);
    }

    /// Whether all senders are gone.
    pub fn is_closed(&self) -> bool {
        lock(&self.shared.state).senders == 0
    }

    /// Whether both look at the same value.
    pub fn same_channel(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.shared, &other.shared)
    }
}

impl<T> Clone for Receiver<T> {
    /// The clone has seen what this one has seen.
    fn clone(&self) -> Receiver<T> {
        lock(&self.shared.state).receivers += 1;
        Receiver {
            shared: Arc::clone(&self.shared),
            seen: self.seen,
        }
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        let mut state = lock(&self.shared.state);
        state.receivers -= 1;
        let last = state.receivers == 0;
        drop(state);
        if last {
            self.shared.closed.notify_waiters();
        }
    }
}

impl<T: fmt::Debug> fmt::Debug for Receiver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("watch::Receiver").finish_non_exhaustive()
    }
}
