//! The slab: slots by number, and two lists that run through them: the run queue, and
//! what is free.
//!
//! It is not the `slab` crate, which hands an entry out whole: here the fields leave one
//! at a time, in place, and a task's 40 bytes are never moved. That is a tenth of the
//! cost of a task.
//!
//! A slot names the next one of its list, so a list is two numbers, and scheduling a task
//! allocates nothing. It also means that a slot is in one list at a time.
//!
//! # Invariants
//! 1. A slot is in the run queue exactly while it says that it is scheduled.
//! 2. A slot is in the free list exactly while it has no tenant.
//!
//! Both hold until the runtime's end begins, when nothing is taken out of either any more.
//!
//! # Layer
//! 4: uses slots.

use std::any::Any;
use std::hint::black_box;

use slab::Slab;

use super::Id;
use super::joining::Left;
use super::slot::{BoxedBody, Foreign, Joiner, Slot};
use crate::waker::Key;

/// No slot: the end of a list.
const NONE: u32 = u32::MAX;

/// How many bytes of empty bodies free slots keep, so that the next task needs no
/// allocation: about what an allocator would keep for its thread, too. After a burst of
/// tasks they may lie in slots that are far down the free list.
const SPARE_BYTES: usize = 64 * 1024;

/// All slots of a runtime.
pub(super) struct Slots {
    slots: Vec<Slot>,
    /// The first of the free list.
    free: u32,
    /// The first and the last of the run queue; both are `NONE` when it is empty.
    first: u32,
    last: u32,
    /// How many bytes of empty bodies the free slots may still keep.
    room: usize,
    /// The joiners that are foreign. They are rare, and stand apart so that the slots are
    /// plain data.
    foreign: Slab<Foreign>,
}

impl Default for Slots {
    fn default() -> Slots {
        Slots {
            slots: Vec::new(),
            free: NONE,
            first: NONE,
            last: NONE,
            room: SPARE_BYTES,
            foreign: Slab::new(),
        }
    }
}

impl Slots {
    /// Gives the task `id` a slot, schedules it, and returns the slot's number and the
    /// place of its body. An empty body may lie there, or none; the task's is to be put
    /// there, or none for a main future.
    #[inline(always)]
    pub(super) fn insert(
        &mut self,
        id: Id,
        joiner: Joiner,
    ) -> (usize, &mut Option<BoxedBody>) {
        let number = self.free as usize;
        if number >= self.slots.len() {
            return self.grow(id, joiner);
        }
        self.free = self.slots[number].next;
        self.push(number);
        let slot = &mut self.slots[number];
        let place = slot.move_in(id, joiner);
        self.room += place.as_deref().map_or(0, size_of_val);
        (number, place)
    }

    /// Gives the task `id` a slot that has not been there before.
    #[cold]
    fn grow(&mut self, id: Id, joiner: Joiner) -> (usize, &mut Option<BoxedBody>) {
        let number = self.slots.len();
        assert!(
            number < Key::SLOTS,
            "a runtime holds at most 268 million tasks; bound the number of spawned \
             tasks, with a semaphore for example"
        );
        self.slots.push(Slot::vacant());
        self.push(number);
        (number, self.slots[number].move_in(id, joiner))
    }

    /// Schedules the task of `key`, if there is one that fits the key; says which it is,
    /// and whether it is scheduled by this.
    #[inline]
    pub(super) fn wake(&mut self, key: Key) -> Option<(Id, bool)> {
        let slot = self.slots.get_mut(key.slot())?;
        let id = slot.id().filter(|id| key.fits(id.get()))?;
        let queued = slot.wake();
        if queued {
            self.push(key.slot());
        }
        Some((id, queued))
    }

    /// Reads a word of each of these slots, and then one of each body in them, for nothing
    /// but to have them near: no reading waits for the one before it.
    pub(super) fn look_ahead(&self, numbers: impl Iterator<Item = usize> + Clone) {
        let slot = |number: usize| self.slots.get(number);
        for number in numbers.clone() {
            black_box(slot(number).is_some_and(|slot| slot.id().is_some()));
        }
        for number in numbers {
            black_box(slot(number).is_some_and(Slot::look_at_body));
        }
    }

    /// The task in this slot waits, and its body is back, if it has one; it is scheduled
    /// again if it was `woken` while it ran.
    #[inline(always)]
    pub(super) fn pend(
        &mut self,
        number: usize,
        body: Option<BoxedBody>,
        woken: bool,
    ) {
        if self.slots[number].pend(body, woken) {
            self.push(number);
        }
    }

    /// Marks the task as aborted and schedules it.
    pub(super) fn abort(&mut self, number: usize) {
        if self.slots[number].abort() {
            self.push(number);
        }
    }

    /// Puts the slot with this number at the end of the run queue. It is in no list, and
    /// says that it is scheduled.
    #[inline]
    fn push(&mut self, number: usize) {
        let number = number as u32;
        match self.slots.get_mut(self.last as usize) {
            Some(last) => last.next = number,
            None => self.first = number,
        }
        self.last = number;
    }

    /// Takes the first slot out of the run queue.
    #[inline]
    pub(super) fn pop(&mut self) -> Option<(usize, &mut Slot)> {
        let number = self.first;
        let slot = self.slots.get_mut(number as usize)?;
        if number == self.last {
            (self.first, self.last) = (NONE, NONE);
        } else {
            self.first = slot.next;
        }
        Some((number as usize, slot))
    }

    /// Whether the run queue is empty.
    #[inline]
    pub(super) fn is_idle(&self) -> bool {
        self.first == NONE
    }

    /// The numbers in the run queue, in their order.
    pub(super) fn scheduled(&self) -> impl Iterator<Item = u32> {
        let known = |number: u32| (number != NONE).then_some(number);
        let next = move |&number: &u32| {
            known(self.slots[number as usize].next).filter(|_| number != self.last)
        };
        std::iter::successors(known(self.first), next)
    }

    /// Puts the run queue into this order, which has the same numbers.
    pub(super) fn reorder(&mut self, numbers: &[u32]) {
        (self.first, self.last) = (NONE, NONE);
        for &number in numbers {
            self.push(number as usize);
        }
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

    /// Moves the output of the task that has ended to `into` and frees its slot, where
    /// the empty body stays for the next task. False, and nothing is done, where there is
    /// no output.
    #[inline(always)]
    pub(super) fn fetch(&mut self, number: usize, into: &mut dyn Any) -> bool {
        let slot = &mut self.slots[number];
        let fetched = slot.fetch(into, &mut self.room);
        if fetched {
            self.free(number);
        }
        fetched
    }

    /// Puts a slot whose task has moved out into the free list.
    #[inline]
    fn free(&mut self, number: usize) {
        self.slots[number].next = self.free;
        self.free = number as u32;
    }

    /// Frees a slot and returns the body, if it was still there.
    #[inline]
    #[must_use = "an output is foreign and must be dropped unborrowed"]
    pub(super) fn remove(&mut self, number: usize) -> Option<BoxedBody> {
        if self.slots[number].is_scheduled() {
            self.unschedule(number);
        }
        let body = self.slots[number].move_out();
        self.free(number);
        body
    }

    /// Takes a slot out of the midst of the run queue, which is walked for it: the main
    /// future's, where a panic of the driver's ends `block_on`.
    #[cold]
    fn unschedule(&mut self, number: usize) {
        let others = |&other: &u32| other as usize != number;
        let others: Vec<u32> = self.scheduled().filter(others).collect();
        self.reorder(&others);
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

#[cfg(test)]
mod tests {
    use super::super::id::Ids;
    use super::*;

    #[test]
    fn a_slot_given_back_out_of_the_run_queue_leaves_no_gap_there() {
        for gone in 0..3 {
            let (mut slots, ids) = (Slots::default(), Ids::default());
            let insert =
                |slots: &mut Slots| slots.insert(ids.draw(), Joiner::Nobody).0;
            let mut numbers: Vec<_> = (0..3).map(|_| insert(&mut slots)).collect();
            let gone = numbers.remove(gone);
            assert!(slots.remove(gone).is_none(), "it has no body");
            let reused = insert(&mut slots);
            assert_eq!(reused, gone);
            numbers.push(reused);
            let queue =
                std::iter::from_fn(|| slots.pop().map(|(number, _)| number));
            assert_eq!(queue.collect::<Vec<_>>(), numbers);
            assert!(slots.is_idle());
        }
    }
}
