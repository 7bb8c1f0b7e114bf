//! Permits for several messages.
//!
//! # Layer
//! 4: uses the sender.

use std::fmt;
use std::iter::FusedIterator;

use super::{Permit, Sender};

/// Slots of a channel, handed out one by one. Those that are left are given back when it
/// is dropped.
#[must_use = "permits that are dropped at once send nothing"]
pub struct PermitIterator<'a, T> {
    sender: &'a Sender<T>,
    left: usize,
}

impl<'a, T> PermitIterator<'a, T> {
    /// The caller has taken `left` slots.
    pub(super) fn new(sender: &'a Sender<T>, left: usize) -> PermitIterator<'a, T> {
        PermitIterator { sender, left }
    }
}

impl<'a, T> Iterator for PermitIterator<'a, T> {
    type Item = Permit<'a, T>;

    fn next(&mut self) -> Option<Permit<'a, T>> {
        self.left = self.left.checked_sub(1)?;
        Some(Permit::new(self.sender))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl<T> ExactSizeIterator for PermitIterator<'_, T> {}

impl<T> FusedIterator for PermitIterator<'_, T> {}

impl<T> Drop for PermitIterator<'_, T> {
    fn drop(&mut self) {
        if self.left > 0 {
            self.sender.shared.release(self.left);
        }
    }
}

impl<T> fmt::Debug for PermitIterator<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("mpsc::PermitIterator")
            .field("left", &self.left)
            .finish_non_exhaustive()
    }
}
