//! The kitchen of this chapter: a clock on the wall, timers, and leaves.
//!
//! The clock goes by minutes, and only when somebody lets a minute pass. So each run is
//! the same, and nobody has to wait for it.

#![allow(dead_code, unreachable_pub, reason = "each program uses a part of it")]

use std::cell::Cell;

use kettle::machinery::Poll;

thread_local! {
    static CLOCK: Cell<u32> = const { Cell::new(0) };
}

pub fn now() -> u32 {
    CLOCK.get()
}

pub fn a_minute_passes() {
    CLOCK.set(CLOCK.get() + 1);
}

/// Blocks: the caller gets no further until so many minutes have passed.
pub fn wait(minutes: u32) {
    for _ in 0..minutes {
        a_minute_passes();
    }
}

/// Something that can be asked again and again, until its answer is there.
pub trait Machine {
    type Output;

    /// Goes on as far as it can without waiting.
    fn poll(&mut self) -> Poll<Self::Output>;
}

/// Polls once a minute, until the answer is there.
pub fn run<M: Machine>(mut machine: M) -> M::Output {
    loop {
        if let Poll::Ready(output) = machine.poll() {
            return output;
        }
        a_minute_passes();
    }
}

/// The simplest of machines: an egg timer.
pub struct Timer {
    rings_at: u32,
}

impl Timer {
    pub fn set_to(minutes: u32) -> Timer {
        Timer {
            rings_at: now() + minutes,
        }
    }
}

impl Machine for Timer {
    type Output = ();

    fn poll(&mut self) -> Poll<()> {
        match now() >= self.rings_at {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    }
}

#[derive(Clone, Copy)]
pub struct Leaves {
    pub name: &'static str,
    pub minutes: u32,
}

pub const ASSAM: Leaves = Leaves {
    name: "Assam",
    minutes: 4,
};

pub const SENCHA: Leaves = Leaves {
    name: "Sencha",
    minutes: 2,
};
