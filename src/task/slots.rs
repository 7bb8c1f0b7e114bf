//! The slab: slots by number, and a list of those that are free.
//!
//! It is not the `slab` crate, which hands an entry out whole: here the fields leave one
//! at a time, in place, and a task's 40 bytes are never moved. That is a tenth of the
//! cost of a task.
//!
//! # Invariants
//! 1. A slot is in the free list exactly while it has no tenant.
//!
//! # Layer
//! 4: uses slots.

use slab::Slab;

use super::Id;
use super::slot::{BoxedBody, Foreign, Joiner, Slot};
use super::tasks::Left;
use crate::waker::Key;

/// The end of the free list.
const NONE: u32 = u32::MAX;

/// All slots of a runtime.
pub(super) struct Slots {
    slots: Vec<Slot>,
    /// The head of the free list; each free slot names the next.
    free: u32,
    /// The joiners that are foreign. They are rare, and stand apart so that the slots are
    /// plain data.
    foreign: Slab<Foreign>,
}

impl Default for Slots {
    fn default() -> Slots {
        Slots {
            slots: Vec::new(),
            free: NONE,
            foreign: Slab::new(),
        }
    }
}

impl Slots {
    /// Gives the task `id` a slot and returns the slot's number.
    ///
    /// # Panics
    /// At 268 million tasks alive.
    #[inline]
    pub(super) fn insert(
        &mut self,
        id: Id,
        body: Option<BoxedBody>,
        joiner: Joiner,
    ) -> usize {
        let slot = self.free as usize;
        match self.slots.get_mut(slot) {
            Some(free) => {
                self.free = free.move_in(id, body, joiner);
                slot
            }
            None => self.grow(id, body, joiner),
        }
    }

    #[cold]
    fn grow(&mut self, id: Id, body: Option<BoxedBody>, joiner: Joiner) -> usize {
        let slot = self.slots.len();
        assert!(
            slot < Key::SLOTS,
            "a runtime holds at most 268 million tasks; bound the number of spawned \
             tasks, with a semaphore for example"
        );
        let mut new = Slot::vacant();
        new.move_in(id, body, joiner);
        self.slots.push(new);
        slot
    }

    /// The slot of `key`, if the task there fits the key.
    #[inline]
    pub(super) fn fitting(&mut self, key: Key) -> Option<&mut Slot> {
        let slot = self.slots.get_mut(key.slot())?;
        slot.id()
            .is_some_and(|id| key.fits(id.get()))
            .then_some(slot)
    }

    /// The slot of the task `id`, if it is still the one at `key`.
    #[inline]
    pub(super) fn tenant(&mut self, key: Key, id: Id) -> Option<&mut Slot> {
        let slot = self.slots.get_mut(key.slot())?;
        (slot.id() == Some(id)).then_some(slot)
    }

    /// The slot with number `slot`, which has a tenant.
    #[inline]
    pub(super) fn at(&mut self, slot: usize) -> &mut Slot {
        &mut self.slots[slot]
    }

    /// Frees a slot and returns the body, if it was still there.
    #[inline]
    #[must_use = "an output is foreign and must be dropped unborrowed"]
    pub(super) fn remove(&mut self, slot: usize) -> Option<BoxedBody> {
        let body = self.slots[slot].move_out(self.free);
        self.free = slot as u32;
        body
    }

    /// Gives a foreign joiner a number.
    pub(super) fn admit(&mut self, foreign: Foreign) -> Joiner {
        Joiner::Foreign(self.foreign.insert(foreign))
    }

    /// The foreign joiner that `joiner` stands for, if it does; it is the caller's now.
    #[inline]
    #[must_use = "a joiner is foreign and must be dropped unborrowed"]
    pub(super) fn dismiss(&mut self, joiner: Joiner) -> Option<Foreign> {
        match joiner {
            Joiner::Foreign(number) => Some(self.foreign.remove(number)),
            Joiner::Handle | Joiner::Nobody | Joiner::Task(_) => None,
        }
    }

    /// What is left to settle of the ended task in `slot`, for a `joiner` who is no task:
    /// the output stays where a handle will come for it.
    pub(super) fn leave(&mut self, slot: usize, joiner: Joiner) -> Left {
        let foreign = self.dismiss(joiner);
        let body = match foreign {
            Some(Foreign::Waker(_)) => None,
            Some(Foreign::Seat(_)) | None => self.remove(slot),
        };
        Left { body, foreign }
    }

    /// How many slots there are, free ones among them.
    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    /// How many tasks there are.
    pub(super) fn alive(&self) -> usize {
        self.slots.iter().filter(|slot| slot.id().is_some()).count()
    }
}
