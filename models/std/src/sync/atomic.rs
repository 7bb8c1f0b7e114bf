//! Atomics. Each is one of loom's words, which begin as 0, so it holds the difference to
//! the initial value.

pub use std::sync::atomic::*;

pub use loom::sync::atomic::fence;

use crate::execution::{PerExecution, Word, new_word};

macro_rules! atomic {
    ($name:ident, $value:ty, $into_bits:expr, $from_bits:expr) => {
        #[derive(Debug)]
        pub struct $name {
            initial: $value,
            word: PerExecution<Word>,
        }

        impl $name {
            pub const fn new(initial: $value) -> $name {
                let word = PerExecution::new();
                $name { initial, word }
            }

            fn word(&self) -> std::sync::Arc<Word> {
                self.word.get(new_word)
            }

            fn write(&self, value: $value) -> u64 {
                $into_bits(value).wrapping_sub($into_bits(self.initial))
            }

            fn read(&self, bits: u64) -> $value {
                $from_bits(bits.wrapping_add($into_bits(self.initial)))
            }

            pub fn load(&self, order: Ordering) -> $value {
                self.read(self.word().load(order))
            }

            pub fn store(&self, value: $value, order: Ordering) {
                self.word().store(self.write(value), order);
            }

            pub fn swap(&self, value: $value, order: Ordering) -> $value {
                self.read(self.word().swap(self.write(value), order))
            }

            pub fn fetch_add(&self, value: $value, order: Ordering) -> $value {
                self.read(self.word().fetch_add($into_bits(value), order))
            }

            pub fn fetch_sub(&self, value: $value, order: Ordering) -> $value {
                self.read(self.word().fetch_sub($into_bits(value), order))
            }

            pub fn fetch_update(
                &self,
                set: Ordering,
                fetch: Ordering,
                mut update: impl FnMut($value) -> Option<$value>,
            ) -> Result<$value, $value> {
                let update =
                    |bits| update(self.read(bits)).map(|value| self.write(value));
                let updated = self.word().fetch_update(set, fetch, update);
                updated
                    .map(|bits| self.read(bits))
                    .map_err(|bits| self.read(bits))
            }
        }

        impl Default for $name {
            fn default() -> $name {
                $name::new(<$value>::default())
            }
        }
    };
}

atomic!(AtomicBool, bool, u64::from, |bits| bits != 0);
atomic!(AtomicUsize, usize, |value| value as u64, |bits| bits
    as usize);
atomic!(AtomicU64, u64, |value: u64| value, |bits| bits);
