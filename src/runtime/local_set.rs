//! Running a `LocalSet` on a runtime that is named.
//!
//! # Layer
//! 8: uses the runtime and local sets.

use super::Runtime;
use crate::task::LocalSet;

impl LocalSet {
    /// Runs `future` on `runtime` until it is done, and this set's members beside it; as
    /// `runtime.block_on(set.run_until(future))`.
    ///
    /// # Panics
    /// With what `future` panics with, and inside of another `block_on` on this thread.
    #[track_caller]
    pub fn block_on<F: Future>(&self, runtime: &Runtime, future: F) -> F::Output {
        runtime.block_on(self.run_until(future))
    }
}
