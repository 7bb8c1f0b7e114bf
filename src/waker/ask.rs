//! Doing something to a runtime's things, from wherever one is.
//!
//! # Layer
//! 3: uses homes, the registry and the inbox.

use std::thread::LocalKey;

use super::{Homes, RuntimeId, inbox_of};

/// Runs `request` on what `runtime` keeps in `place`: at once at home, in its next turn
/// from elsewhere, and not at all once it has ended; then it is dropped here.
pub(crate) fn ask<T: 'static>(
    place: &'static LocalKey<Homes<T>>,
    runtime: RuntimeId,
    request: impl FnOnce(&T) + Send + 'static,
) {
    let at_home = move || place.try_with(|homes| homes.of(runtime)).ok().flatten();
    if let Some(it) = at_home() {
        return request(&it);
    }
    if let Some(inbox) = inbox_of(runtime) {
        let order = move || {
            if let Some(it) = at_home() {
                request(&it);
            }
        };
        drop(inbox.post(Box::new(order)));
    }
}
