//! The promise that a value stays where it is.
//!
//! A machine that borrows from itself holds a pointer into itself. If it moved after it
//! was polled, the pointer would show where it used to be. Nothing in Rust's types says
//! "this may not move": whoever holds `&mut T` can swap it with another `T`. So `Pin`
//! wraps the pointer, and does not give the `&mut T` back.
//!
//! # Invariants
//! 1. What a `Pin` points to stays where it is until it is dropped, unless its type is
//!    [`Unpin`]. `new` checks that, `new_unchecked` makes its caller promise it.
//! 2. A `&mut` to what is pinned leaves this file only for types that are `Unpin`, or to
//!    somebody who promised not to move it.
//!
//! # Layer
//! 0: uses nothing of Kettle.
#![expect(
    unsafe_code,
    reason = "who makes a `Pin` unchecked must promise something"
)]

use std::ops::{Deref, DerefMut};

/// A type whose values may move though they were pinned.
///
/// Almost every type is one. std's `Unpin` therefore is an auto trait: a type has it
/// unless a part of it has not. Only the standard library can declare auto traits, so
/// this one is said by hand.
pub trait Unpin {}

/// A pointer to something that stays where it is.
#[derive(Debug)]
pub struct Pin<P> {
    /// Private: whoever could reach it could move what it points to (invariant 2).
    pointer: P,
}

impl<P: Deref<Target: Unpin>> Pin<P> {
    /// Pins what does not mind moving.
    pub fn new(pointer: P) -> Pin<P> {
        Pin { pointer }
    }
}

impl<P: Deref> Pin<P> {
    /// Pins what must not move.
    ///
    /// # Safety
    /// What `pointer` points to must stay where it is until it is dropped, also when the
    /// `Pin` is long gone. The `Deref` and `DerefMut` of `P` must not move it either.
    pub unsafe fn new_unchecked(pointer: P) -> Pin<P> {
        Pin { pointer }
    }
}

impl<P: DerefMut> Pin<P> {
    /// The same promise for a shorter time: so a pinned future can be polled twice.
    pub fn as_mut(&mut self) -> Pin<&mut P::Target> {
        Pin {
            pointer: &mut *self.pointer,
        }
    }

    /// Drops what is there and puts `value` into its place.
    ///
    /// That moves nothing: the old value is dropped where it is, and the new one was not
    /// pinned before.
    pub fn set(&mut self, value: P::Target)
    where
        P::Target: Sized,
    {
        *self.pointer = value;
    }
}

impl<'a, T: ?Sized> Pin<&'a mut T> {
    /// The plain reference, to what does not mind moving.
    pub fn get_mut(self) -> &'a mut T
    where
        T: Unpin,
    {
        self.pointer
    }

    /// The plain reference, to what must not move.
    ///
    /// # Safety
    /// The caller must not move the value out of the reference.
    pub unsafe fn get_unchecked_mut(self) -> &'a mut T {
        self.pointer
    }
}

impl<P: Deref> Deref for Pin<P> {
    type Target = P::Target;

    fn deref(&self) -> &P::Target {
        &self.pointer
    }
}
