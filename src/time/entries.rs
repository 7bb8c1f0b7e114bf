//! The wheel's entries, in a slab, and the lists they are strung on.
//!
//! A timer must leave the middle of its list at once when it is cancelled. The usual way
//! is a node inside the future, with pointers to its neighbours, and pages that argue why
//! the future does not move. Here a neighbour is a slot's number, and the node lies in the
//! slab.
//!
//! # Invariants
//! 1. An entry is on one list at most, and `first`, `last`, `previous` and `next` agree.
//!
//! # Layer
//! 5: uses the slab.

use slab::Slab;

use super::level::Tick;

/// Where there is no neighbour. No slot has this number: there are fewer.
const NONE: u32 = u32::MAX;

/// An entry's name. Its serial number is never used twice, so a key that is out of date
/// finds nobody, even where its slot has a new tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TimerKey {
    slot: u32,
    /// How many timers the wheel had before this one.
    pub(crate) serial: u64,
}

/// A timer that has not fired.
#[derive(Debug)]
struct Entry<T> {
    deadline: Tick,
    serial: u64,
    item: T,
    previous: u32,
    next: u32,
}

/// Entries in the order in which they were pushed.
#[derive(Debug, Clone, Copy)]
pub(super) struct List {
    first: u32,
    last: u32,
}

impl List {
    /// Nobody.
    pub(super) const EMPTY: List = List {
        first: NONE,
        last: NONE,
    };

    /// Whether nobody is on it.
    pub(super) fn is_empty(self) -> bool {
        self.first == NONE
    }

    /// The list, and an empty one in its place.
    pub(super) fn take(&mut self) -> List {
        std::mem::replace(self, List::EMPTY)
    }
}

/// All entries of a wheel.
#[derive(Debug)]
pub(super) struct Entries<T> {
    slots: Slab<Entry<T>>,
    next_serial: u64,
}

impl<T> Entries<T> {
    /// None.
    pub(super) const fn new() -> Self {
        Entries {
            slots: Slab::new(),
            next_serial: 0,
        }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    /// Gives `item` a slot; it is on no list yet.
    ///
    /// # Panics
    /// At four billion entries.
    pub(super) fn add(&mut self, deadline: Tick, item: T) -> TimerKey {
        let serial = self.next_serial;
        self.next_serial += 1;
        let slot = self.slots.insert(Entry {
            deadline,
            serial,
            item,
            previous: NONE,
            next: NONE,
        });
        let slot = u32::try_from(slot).ok().filter(|slot| *slot != NONE);
        let slot = slot.expect("there are fewer than four billion timers");
        TimerKey { slot, serial }
    }

    /// The deadline of `key`, if it is still the one in its slot.
    pub(super) fn deadline(&self, key: TimerKey) -> Option<Tick> {
        let entry = self.slots.get(key.slot as usize)?;
        (entry.serial == key.serial).then_some(entry.deadline)
    }

    /// What waits for `key`.
    pub(super) fn item_mut(&mut self, key: TimerKey) -> Option<&mut T> {
        let entry = self.slots.get_mut(key.slot as usize)?;
        (entry.serial == key.serial).then_some(&mut entry.item)
    }

    /// Frees the slot of `key`, which is on no list.
    pub(super) fn remove(&mut self, key: TimerKey) -> T {
        self.slots.remove(key.slot as usize).item
    }

    /// Any entry that is left, taken out of its slot; its list is left as it is.
    pub(super) fn take_any(&mut self) -> Option<T> {
        let (slot, _) = self.slots.iter().next()?;
        Some(self.slots.remove(slot).item)
    }

    /// Changes a deadline; the entry is on no list.
    pub(super) fn set_deadline(&mut self, key: TimerKey, deadline: Tick) {
        self.entry(key.slot).deadline = deadline;
    }

    /// The first of `list`.
    pub(super) fn first(&self, list: List) -> Option<(TimerKey, Tick)> {
        let entry = self.slots.get(list.first as usize)?;
        let (slot, serial) = (list.first, entry.serial);
        Some((TimerKey { slot, serial }, entry.deadline))
    }

    /// The deadline of the only one on `list`.
    pub(super) fn only(&self, list: List) -> Option<Tick> {
        let (_, deadline) = self.first(list)?;
        (list.first == list.last).then_some(deadline)
    }

    /// Puts `key`, which is on no list, behind the last of `list`.
    pub(super) fn push(&mut self, list: &mut List, key: TimerKey) {
        let last = list.last;
        let entry = self.entry(key.slot);
        (entry.previous, entry.next) = (last, NONE);
        match last {
            NONE => list.first = key.slot,
            _ => self.entry(last).next = key.slot,
        }
        list.last = key.slot;
    }

    /// Takes `key` off `list`.
    pub(super) fn unlink(&mut self, list: &mut List, key: TimerKey) {
        let entry = self.entry(key.slot);
        let (previous, next) = (entry.previous, entry.next);
        match previous {
            NONE => list.first = next,
            _ => self.entry(previous).next = next,
        }
        match next {
            NONE => list.last = previous,
            _ => self.entry(next).previous = previous,
        }
    }

    fn entry(&mut self, slot: u32) -> &mut Entry<T> {
        self.slots
            .get_mut(slot as usize)
            .expect("who is on a list has a slot: invariant 1")
    }
}
