//! What is known of one socket: ready or not, for each direction, and who waits.
//!
//! # Layer
//! 5: plain data.

use std::mem;
use std::task::Waker;

use mio::event::Event;

/// One of the two things one can wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    /// There is something to read, to accept, or the end.
    Read,
    /// There is room to write, or a connection stands.
    Write,
}

/// One socket's state in the reactor.
#[derive(Debug, Default)]
pub(super) struct Readiness {
    /// Tells this tenant of the slot from the one before (invariant 3).
    pub(super) generation: u32,
    read: Side,
    write: Side,
}

#[derive(Debug, Default)]
struct Side {
    ready: bool,
    /// The other end is gone: an operation will say so at once, for ever (invariant 2).
    closed: bool,
    waiter: Option<Waker>,
}

impl Readiness {
    /// The state of a new socket. It counts as ready, for trying is the only way to know.
    pub(super) fn new(generation: u32) -> Readiness {
        let mut new = Readiness {
            generation,
            ..Readiness::default()
        };
        (new.read.ready, new.write.ready) = (true, true);
        new
    }

    /// Takes an event in and returns the tasks to wake.
    #[must_use]
    pub(super) fn learn(&mut self, event: &Event) -> [Option<Waker>; 2] {
        let error = event.is_error();
        let read = event.is_readable() || event.is_read_closed() || error;
        let write = event.is_writable() || event.is_write_closed() || error;
        self.read.closed |= event.is_read_closed() || error;
        self.write.closed |= event.is_write_closed() || error;
        [self.read.rise(read), self.write.rise(write)]
    }

    /// Whether an operation is worth trying.
    pub(super) fn is_ready(&self, direction: Direction) -> bool {
        self.side(direction).ready
    }

    /// An operation found nothing.
    pub(super) fn clear(&mut self, direction: Direction) {
        let side = self.side_mut(direction);
        side.ready = side.closed;
    }

    /// Makes `waker` the one to wake, and returns the one that was.
    #[must_use = "a waker must be dropped unborrowed"]
    pub(super) fn set_waiter(
        &mut self,
        direction: Direction,
        waker: Waker,
    ) -> Option<Waker> {
        self.side_mut(direction).waiter.replace(waker)
    }

    /// Takes both waiters out.
    #[must_use = "a waker must be dropped or woken unborrowed"]
    pub(super) fn take_waiters(&mut self) -> [Option<Waker>; 2] {
        [
            mem::take(&mut self.read.waiter),
            mem::take(&mut self.write.waiter),
        ]
    }

    fn side(&self, direction: Direction) -> &Side {
        match direction {
            Direction::Read => &self.read,
            Direction::Write => &self.write,
        }
    }

    fn side_mut(&mut self, direction: Direction) -> &mut Side {
        match direction {
            Direction::Read => &mut self.read,
            Direction::Write => &mut self.write,
        }
    }
}

impl Side {
    fn rise(&mut self, ready: bool) -> Option<Waker> {
        self.ready |= ready;
        if ready { self.waiter.take() } else { None }
    }
}
