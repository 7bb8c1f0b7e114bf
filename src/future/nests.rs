//! Pinned futures, several to a box.
//!
//! A future that was polled must stay where it is, and a list of many that may grow is no
//! place to stay. The plain way is a box for each. But then a join of a thousand small
//! futures spends a good part of its time in the allocator, so eight of them share a box.
//! Large ones have each their own: seven empty places would be a waste there.
//!
//! # Layer
//! 3: uses nothing of Kettle.

use std::pin::Pin;

use pin_project_lite::pin_project;

/// Places in a box.
const PLACES: usize = 8;

/// Futures of more bytes have a box each.
const SMALL: usize = 256;

/// Futures by number.
pub(super) struct Nests<F> {
    shared: Vec<Pin<Box<Nest<F>>>>,
    alone: Vec<Option<Pin<Box<F>>>>,
}

impl<F> Nests<F> {
    /// None, and room for the boxes of so many small ones.
    pub(super) fn with_capacity(futures: usize) -> Nests<F> {
        Nests {
            shared: Vec::with_capacity(futures.div_ceil(PLACES)),
            alone: Vec::new(),
        }
    }

    /// Keeps `future` as number `slot`, which is free, and no further than one behind the
    /// last that ever was.
    pub(super) fn put(&mut self, slot: usize, future: F) {
        if size_of::<F>() <= SMALL {
            if slot == self.shared.len() * PLACES {
                self.build();
            }
            return self.place(slot).set(Some(future));
        }
        if slot == self.alone.len() {
            self.alone.push(None);
        }
        self.alone[slot] = Some(Box::pin(future));
    }

    #[inline(never)]
    fn build(&mut self) {
        self.shared.push(Box::pin(Nest::EMPTY));
    }

    /// The future `slot`.
    pub(super) fn get(&mut self, slot: usize) -> Option<Pin<&mut F>> {
        if size_of::<F>() <= SMALL {
            return self.place(slot).as_pin_mut();
        }
        self.alone[slot].as_mut().map(Pin::as_mut)
    }

    /// Drops the future `slot`. If it panics, it is gone all the same.
    pub(super) fn remove(&mut self, slot: usize) {
        if size_of::<F>() <= SMALL {
            return self.place(slot).set(None);
        }
        drop(self.alone[slot].take());
    }

    fn place(&mut self, slot: usize) -> Pin<&mut Option<F>> {
        let nest = self.shared[slot / PLACES].as_mut().project();
        match slot % PLACES {
            0 => nest.a,
            1 => nest.b,
            2 => nest.c,
            3 => nest.d,
            4 => nest.e,
            5 => nest.f,
            6 => nest.g,
            _ => nest.h,
        }
    }
}

pin_project! {
    /// A box's places: an array would be pinned as a whole, a field is pinned alone.
    struct Nest<F> {
        #[pin] a: Option<F>,
        #[pin] b: Option<F>,
        #[pin] c: Option<F>,
        #[pin] d: Option<F>,
        #[pin] e: Option<F>,
        #[pin] f: Option<F>,
        #[pin] g: Option<F>,
        #[pin] h: Option<F>,
    }
}

impl<F> Nest<F> {
    const EMPTY: Nest<F> = Nest {
        a: None,
        b: None,
        c: None,
        d: None,
        e: None,
        f: None,
        g: None,
        h: None,
    };
}
