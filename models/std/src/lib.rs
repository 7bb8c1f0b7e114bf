//! What Kettle's models call `std`: the standard library, with loom's locks, atomics and
//! threads in the place of its own.
//!
//! loom's types cannot be made in a `const`, and Kettle makes locks and atomics in
//! `const fn`s and statics, so each is a shell here that asks loom when it is first used.
//! What loom does not follow is used as it is: `Arc`, whose counts are the standard
//! library's business; `OnceLock`; and the clock, so a scene must not depend on how late
//! it is.
#![allow(missing_docs, reason = "the standard library documents them")]

mod channel;
mod execution;
pub mod sync;
pub mod thread;

pub use std::*;

pub use channel::{Receiver, Sender, TryRecvError, unbounded};
pub use execution::{model, model_within};

/// The standard library's macro, for constant initial values.
#[macro_export]
macro_rules! thread_local {
    ($(
        $(#[$attribute:meta])*
        $vis:vis static $name:ident: $type:ty = const $init:block
    );+ $(;)?) => {
        $(
            $(#[$attribute])*
            $vis static $name: $crate::thread::LocalKey<$type> = {
                static PLACE: $crate::thread::Place<$type> = $crate::thread::Place {
                    init: || $init,
                    _p: ::core::marker::PhantomData,
                };
                $crate::thread::LocalKey::new(&PLACE)
            };
        )+
    };
}
