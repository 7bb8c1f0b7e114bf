//! The wheel's entries, and the lists they are strung on.
//!
//! A timer must leave the middle of its list at once when it is cancelled. The usual way
//! is a node inside the future, with pointers to its neighbours, and pages that argue why
//! the future does not move. Here a neighbour is a slot's number, and the node lies in a
//! slab.
//!
//! The slab is our own and in two parts. A list is walked from link to link, and each
//! link is a wait for memory when there are many timers; so the links are as small as
//! they can be, four to a line of the processor's cache, and who waits lies elsewhere.
//!
//! # Invariants
//! 1. An entry is on one list at most, and `first`, `last`, `previous` and `next` agree.
//! 2. A slot has an item exactly while it is not on the list of free slots.
//!
//! # Layer
//! 5: uses `level`.

use super::level::Tick;

/// Where there is no neighbour. No slot has this number: there are fewer.
const NONE: u32 = u32::MAX;

/// An entry's name. Its serial number is never used twice, so a key that is out of date
/// finds nobody, even where its slot has a new tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TimerKey {
    pub(super) slot: u32,
    /// How many timers the wheel had before this one.
    pub(crate) serial: u64,
}

/// An entry's place among the others.
#[derive(Debug, Clone, Copy)]
struct Link {
    deadline: Tick,
    previous: u32,
    /// The next one on the list, or the next free slot.
    next: u32,
}

/// Who waits in a slot, and since when.
#[derive(Debug)]
struct Tenant<T> {
    serial: u64,
    item: Option<T>,
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
    links: Vec<Link>,
    tenants: Vec<Tenant<T>>,
    /// The first free slot.
    free: u32,
    len: usize,
    next_serial: u64,
}

impl<T> Entries<T> {
    /// None.
    pub(super) const fn new() -> Self {
        Entries {
            links: Vec::new(),
            tenants: Vec::new(),
            free: NONE,
            len: 0,
            next_serial: 0,
        }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Gives `item` a slot; it is on no list yet.
    ///
    /// # Panics
    /// At four billion entries.
    #[inline]
    pub(super) fn add(&mut self, item: T) -> TimerKey {
        let serial = self.next_serial;
        self.next_serial += 1;
        let item = Some(item);
        let slot = match self.tenants.get_mut(self.free as usize) {
            Some(vacant) => {
                *vacant = Tenant { serial, item };
                let slot = self.free;
                self.free = self.links[slot as usize].next;
                slot
            }
            None => self.grow(Tenant { serial, item }),
        };
        self.len += 1;
        TimerKey { slot, serial }
    }

    #[cold]
    fn grow(&mut self, tenant: Tenant<T>) -> u32 {
        let slot = u32::try_from(self.tenants.len()).ok();
        let slot = slot.filter(|slot| *slot != NONE);
        let slot = slot.expect("there are fewer than four billion timers");
        self.tenants.push(tenant);
        self.links.push(Link {
            deadline: Tick(0),
            previous: NONE,
            next: NONE,
        });
        slot
    }

    /// What waits for `key`, if that is still who is in its slot.
    #[inline]
    pub(super) fn item_mut(&mut self, key: TimerKey) -> Option<&mut T> {
        let tenant = self.tenants.get_mut(key.slot as usize)?;
        match tenant.serial == key.serial {
            true => tenant.item.as_mut(),
            false => None,
        }
    }

    /// When `slot` is due.
    #[inline]
    pub(super) fn deadline(&self, slot: u32) -> Tick {
        self.links[slot as usize].deadline
    }

    /// Frees `slot`, which is on no list. There is nothing in it if it is free already.
    #[inline]
    pub(super) fn remove(&mut self, slot: u32) -> Option<(TimerKey, T)> {
        let tenant = &mut self.tenants[slot as usize];
        let serial = tenant.serial;
        let item = tenant.item.take()?;
        self.links[slot as usize].next = self.free;
        self.free = slot;
        self.len -= 1;
        Some((TimerKey { slot, serial }, item))
    }

    /// Any entry that is left, for the end: the lists are left as they are.
    pub(super) fn take_any(&mut self) -> Option<T> {
        self.links.clear();
        self.free = NONE;
        while let Some(tenant) = self.tenants.pop() {
            if tenant.item.is_some() {
                self.len -= 1;
                return tenant.item;
            }
        }
        None
    }

    /// The first of `list`, and its deadline.
    #[inline]
    pub(super) fn first(&self, list: List) -> Option<(u32, Tick)> {
        let link = self.links.get(list.first as usize)?;
        Some((list.first, link.deadline))
    }

    /// The first of `list`, which is a list of its own now, without it.
    #[inline]
    pub(super) fn split_first(&self, list: &mut List) -> Option<(u32, Tick)> {
        let (slot, deadline) = self.first(*list)?;
        list.first = self.links[slot as usize].next;
        Some((slot, deadline))
    }

    /// The deadline of the only one on `list`.
    pub(super) fn only(&self, list: List) -> Option<Tick> {
        let (_, deadline) = self.first(list)?;
        (list.first == list.last).then_some(deadline)
    }

    /// Puts `slot`, which is on no list, behind the last of `list`.
    #[inline]
    pub(super) fn push(&mut self, list: &mut List, slot: u32, deadline: Tick) {
        let previous = list.last;
        self.links[slot as usize] = Link {
            deadline,
            previous,
            next: NONE,
        };
        match previous {
            NONE => list.first = slot,
            _ => self.links[previous as usize].next = slot,
        }
        list.last = slot;
    }

    /// Takes `slot` off `list`.
    #[inline]
    pub(super) fn unlink(&mut self, list: &mut List, slot: u32) {
        let Link { previous, next, .. } = self.links[slot as usize];
        match previous {
            NONE => list.first = next,
            _ => self.links[previous as usize].next = next,
        }
        match next {
            NONE => list.last = previous,
            _ => self.links[next as usize].previous = previous,
        }
    }
}
