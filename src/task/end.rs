//! The end of a runtime, as far as its tasks are concerned.
//!
//! # Layer
//! 4: uses tasks and slots.

use std::pin::Pin;

use super::slot::BoxedBody;
use super::{Id, Tasks, quietly};
use crate::waker::Key;

impl Tasks {
    /// The end: takes nothing more in, and drops every body, one by one, unborrowed.
    pub(crate) fn close(&self) {
        self.closed.set(true);
        // From here on nothing is taken out of the run queue or the free list.
        self.state.borrow_mut().slots.reorder(&[]);
        for slot in 0..self.slots() {
            if let Some((key, id, mut body)) = self.take_body(slot) {
                Pin::as_mut(&mut body).cancel(id);
                self.end(key, body);
            }
        }
        // What is left are outputs that nobody fetched.
        for slot in 0..self.slots() {
            quietly(|| drop(self.clear(slot)));
        }
    }

    fn slots(&self) -> usize {
        self.state.borrow().slots.len()
    }

    /// Frees `slot`, if it is not free.
    fn clear(&self, slot: usize) -> Option<BoxedBody> {
        let slots = &mut self.state.borrow_mut().slots;
        slots.at(slot).id()?;
        slots.remove(slot)
    }

    /// The body of the task in `slot`, if there is one that has not ended.
    fn take_body(&self, slot: usize) -> Option<(Key, Id, BoxedBody)> {
        let slots = &mut self.state.borrow_mut().slots;
        let at = slots.at(slot);
        let id = at.id().filter(|_| !at.is_done())?;
        let body = at.take_body()?;
        Some((Key::new(self.runtime, id.get(), slot), id, body))
    }
}
