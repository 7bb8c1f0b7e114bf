//! The two numbers of the house: the [`Key`] of a task and the [`RuntimeId`] of a runtime.
//!
//! A key fits into a machine word, so it can be the data of a std `Waker` as it stands:
//!
//! ```text
//!   63        52 51                  28 27                          0
//!  +------------+----------------------+-----------------------------+
//!  | executor   | generation           | slot                        |
//!  +------------+----------------------+-----------------------------+
//! ```
//!
//! # Invariants
//! 1. Of the runtimes alive at a time, no two have the same executor id.
//! 2. No two runtimes of a process ever have the same [`RuntimeId`].
//! 3. The generation is the low end of the task's `Id`, so a key of a task that is gone
//!    fits a later one in the same slot once in 16 million, and then the worst that
//!    happens is a poll too many.
//!
//! # Layer
//! 3: uses nothing of Kettle.

use std::fmt;

/// Bits of a key that name the executor: 4,096 runtimes alive at once.
const EXECUTOR_BITS: u32 = 12;
/// Bits of a key that tell a slot's tenants apart.
const GENERATION_BITS: u32 = 24;
/// Bits of a key that name the slot: 268 million tasks in one runtime.
const SLOT_BITS: u32 = 28;

// The key is a waker's data pointer, so it must be exactly as wide as one.
const _: () = assert!(
    EXECUTOR_BITS + GENERATION_BITS + SLOT_BITS == usize::BITS,
    "Kettle's wakers are one 64-bit word: it runs on 64-bit targets only"
);

/// A task, as a number: what a waker carries.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Key(u64);

impl Key {
    /// The most slots that a runtime can have.
    pub(crate) const SLOTS: usize = (1 << SLOT_BITS) - 1;

    /// The key of no task: its slot is one too many.
    pub(crate) const NOBODY: Key = Key(u64::MAX);

    /// The key of the task `id` in `slot` of `runtime`.
    pub(crate) fn new(runtime: RuntimeId, id: u64, slot: usize) -> Key {
        debug_assert!(slot < Key::SLOTS, "slots are handed out below the limit");
        let executor =
            u64::from(runtime.executor()) << (GENERATION_BITS + SLOT_BITS);
        let generation = (id & mask(GENERATION_BITS)) << SLOT_BITS;
        Key(executor | generation | slot as u64)
    }

    /// The key that these bits are.
    pub(crate) fn from_bits(bits: u64) -> Key {
        Key(bits)
    }

    /// The bits of this key.
    pub(crate) fn bits(self) -> u64 {
        self.0
    }

    /// The executor that can make something of this key.
    pub(crate) fn executor(self) -> u16 {
        (self.0 >> (GENERATION_BITS + SLOT_BITS)) as u16
    }

    /// The slot where the task was when the key was made.
    pub(crate) fn slot(self) -> usize {
        (self.0 & mask(SLOT_BITS)) as usize
    }

    /// Whether this key was made for the task `id`, as far as 24 bits can tell.
    pub(crate) fn fits(self, id: u64) -> bool {
        (self.0 >> SLOT_BITS) & mask(GENERATION_BITS) == id & mask(GENERATION_BITS)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let generation = (self.0 >> SLOT_BITS) & mask(GENERATION_BITS);
        write!(f, "Key({}:{}:{generation})", self.executor(), self.slot())
    }
}

/// A runtime, as a number that is never used again.
///
/// Its low 12 bits are the executor id, which is; so whoever holds the number can find
/// the runtime as a key would and then see whether it is still the same one.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct RuntimeId(u64);

impl RuntimeId {
    /// How many runtimes can be alive at once.
    pub(crate) const EXECUTORS: usize = 1 << EXECUTOR_BITS;

    /// No runtime has this number: their serial numbers begin at 1.
    pub(crate) const NOWHERE: RuntimeId = RuntimeId(0);

    /// The number of the `serial`th runtime of the process, with executor id `executor`.
    pub(crate) fn new(serial: u64, executor: u16) -> RuntimeId {
        debug_assert!(usize::from(executor) < RuntimeId::EXECUTORS);
        RuntimeId((serial << EXECUTOR_BITS) | u64::from(executor))
    }

    /// The executor id, unique among the runtimes alive.
    pub(crate) fn executor(self) -> u16 {
        (self.0 & mask(EXECUTOR_BITS)) as u16
    }
}

impl fmt::Debug for RuntimeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for RuntimeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0 >> EXECUTOR_BITS)
    }
}

const fn mask(bits: u32) -> u64 {
    (1 << bits) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_gives_back_what_it_was_made_of_at_every_edge() {
        for executor in [0, 1, 4095] {
            for id in [0, 1, 0xff_ffff, 0x100_0000, u64::MAX] {
                for slot in [0, 1, Key::SLOTS - 1] {
                    let key = Key::new(RuntimeId::new(77, executor), id, slot);
                    let key = Key::from_bits(key.bits());
                    assert_eq!((key.executor(), key.slot()), (executor, slot));
                    assert!(key.fits(id));
                    assert!(!key.fits(id.wrapping_add(1)));
                    assert!(!key.fits(id.wrapping_add(0x80_0000)));
                }
            }
        }
    }

    #[test]
    fn a_runtime_id_tells_two_lives_of_one_executor_apart() {
        let (old, new) = (RuntimeId::new(1, 9), RuntimeId::new(2, 9));
        assert_eq!(old.executor(), new.executor());
        assert_ne!(old, new);
    }
}
