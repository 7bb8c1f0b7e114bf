//! Running foreign code whose panic is nobody's.
//!
//! Whoever wakes many, or drops what others left, must get to the end of the list: one
//! panic must not cost the rest their wake.
//!
//! # Layer
//! 3: uses nothing of Kettle.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs foreign code that nobody waits for, a waker or a drop, and swallows its panic:
/// there is nobody left to tell, and the runtime goes on.
pub(crate) fn quietly(foreign: impl FnOnce()) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(foreign)) {
        // A payload may panic as it is dropped, too; the second one is let go.
        let again = catch_unwind(AssertUnwindSafe(|| drop(payload)));
        if let Err(payload) = again {
            std::mem::forget(payload);
        }
    }
}
