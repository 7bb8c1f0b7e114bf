//! Who waits for each timer, by number.
//!
//! A timer must be found at once when it is cancelled. The usual way is a node inside the
//! future, with pointers to its neighbours, and pages that argue why the future does not
//! move. Here whoever waits lies in a slab, and the future holds a key to it. What stands
//! in the notches of the wheel is a [`Slip`]: a deadline and the number of a slot.
//!
//! # Invariants
//! 1. Each slot that is not free has one slip on the wheel. It has an item until the
//!    timer is cancelled; from then on its slip is void.
//! 2. A slot becomes free when its slip leaves the wheel, so no slip ever speaks of
//!    somebody else's timer.
//!
//! # Layer
//! 5: uses `level`.

use std::hint::black_box;

use super::level::Tick;

/// An entry's name. Its serial number is never used twice, so a key that is out of date
/// finds nobody, even where its slot has a new tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TimerKey {
    pub(super) slot: u32,
    /// How many timers the wheel had before this one.
    pub(crate) serial: u64,
}

/// What stands for a timer in a notch. Notches are moved as a whole when time comes to
/// them, so it is small, and nothing else is looked at on the way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slip {
    pub(super) deadline: Tick,
    pub(super) slot: u32,
}

/// Who waits in a slot, and until when.
#[derive(Debug)]
struct Entry<T> {
    serial: u64,
    deadline: Tick,
    item: Option<T>,
}

// Two of them fit into a line of the processor's cache.
const _: () = assert!(size_of::<Entry<std::task::Waker>>() == 32);

/// All entries of a wheel.
#[derive(Debug)]
pub(super) struct Entries<T> {
    slots: Vec<Entry<T>>,
    free: Vec<u32>,
    /// How many have an item: a number like those of the slots.
    len: u32,
    next_serial: u64,
}

impl<T> Entries<T> {
    /// None.
    pub(super) const fn new() -> Self {
        Entries {
            slots: Vec::new(),
            free: Vec::new(),
            len: 0,
            next_serial: 0,
        }
    }

    /// How many wait.
    pub(super) fn len(&self) -> usize {
        self.len as usize
    }

    /// The serial number of the next timer.
    pub(super) fn next_serial(&self) -> u64 {
        self.next_serial
    }

    /// Gives a timer a slot; its slip is the caller's to file.
    ///
    /// # Panics
    /// At four billion entries.
    #[inline]
    pub(super) fn add(&mut self, deadline: Tick, item: T) -> (TimerKey, Slip) {
        let serial = self.next_serial;
        self.next_serial += 1;
        let entry = Entry {
            serial,
            deadline,
            item: Some(item),
        };
        self.len += 1;
        let slot = match self.free.pop() {
            Some(slot) => {
                self.slots[slot as usize] = entry;
                slot
            }
            None => self.grow(entry),
        };
        (TimerKey { slot, serial }, Slip { deadline, slot })
    }

    #[cold]
    fn grow(&mut self, entry: Entry<T>) -> u32 {
        let slot = u32::try_from(self.slots.len());
        let slot = slot.expect("there are fewer than four billion timers");
        self.slots.push(entry);
        slot
    }

    #[inline]
    fn of(&mut self, key: TimerKey) -> Option<&mut Entry<T>> {
        let entry = self.slots.get_mut(key.slot as usize)?;
        (entry.serial == key.serial).then_some(entry)
    }

    /// What waits for `key`, if that is still who is in its slot.
    #[inline]
    pub(super) fn item_mut(&mut self, key: TimerKey) -> Option<&mut T> {
        self.of(key)?.item.as_mut()
    }

    /// Takes the item of `key`, whose slip is void from here on, and tells where that
    /// is filed.
    #[inline]
    pub(super) fn take(&mut self, key: TimerKey) -> Option<(Tick, T)> {
        let entry = self.of(key)?;
        let item = entry.item.take()?;
        let deadline = entry.deadline;
        self.len -= 1;
        Some((deadline, item))
    }

    /// Reads both ends of an entry, for nothing but to have it near.
    #[inline]
    pub(super) fn look_at(&self, slot: u32) {
        let entry = &self.slots[slot as usize];
        black_box((entry.serial, entry.item.is_some()));
    }

    /// Whether a slip for `slot` is not void. At the end the slips outlive the slots.
    pub(super) fn is_valid(&self, slot: u32) -> bool {
        let entry = self.slots.get(slot as usize);
        entry.is_some_and(|entry| entry.item.is_some())
    }

    /// The void slip of `slot` has left the wheel.
    #[inline]
    pub(super) fn free(&mut self, slot: u32) {
        self.free.push(slot);
    }

    /// The slip of `slot` has left the wheel. The item is there unless it was void.
    #[inline]
    pub(super) fn leave(&mut self, slot: u32) -> Option<(TimerKey, T)> {
        let entry = &mut self.slots[slot as usize];
        let (serial, item) = (entry.serial, entry.item.take());
        self.free.push(slot);
        let item = item?;
        self.len -= 1;
        Some((TimerKey { slot, serial }, item))
    }

    /// Changes the deadline of `slot` and makes a new slip for it.
    pub(super) fn defer(&mut self, slot: u32, deadline: Tick) -> Slip {
        self.slots[slot as usize].deadline = deadline;
        Slip { deadline, slot }
    }

    /// Any entry that is left, for the end: the slips are left as they are.
    pub(super) fn take_any(&mut self) -> Option<T> {
        self.free.clear();
        while let Some(entry) = self.slots.pop() {
            if entry.item.is_some() {
                self.len -= 1;
                return entry.item;
            }
        }
        None
    }
}
