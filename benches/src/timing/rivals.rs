//! The wheel alone beside a binary heap and a B-tree.
//!
//! The wheel does not win everywhere. A heap is an array: while few timers wait and all
//! of them fire, nothing is simpler or faster. It cannot take one back, though; it leaves
//! the dead in place until they come to the top. The wheel's files are the runtime's own.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashSet};
use std::hint::black_box;

use crate::cpu::ThreadClock;

#[allow(dead_code, reason = "the runtime uses what the bench does not")]
#[path = "../../../src/time/entries.rs"]
mod entries;
#[allow(dead_code, reason = "the runtime uses what the bench does not")]
#[path = "../../../src/time/level.rs"]
mod level;
#[allow(dead_code, reason = "the runtime uses what the bench does not")]
#[path = "../../../src/time/notch.rs"]
mod notch;
#[allow(dead_code, reason = "the runtime uses what the bench does not")]
#[path = "../../../src/time/wheel.rs"]
mod wheel;

use level::Tick;
use wheel::{Step, Wheel};

/// One way to keep timers. Both numbers are nanoseconds per timer.
#[derive(Clone, Copy, Debug)]
pub struct Rival {
    /// Its name.
    pub name: &'static str,
    /// So many are set, and all of them fire, step by step.
    pub fire: fn(u64) -> f64,
    /// So many wait while as many others are set and taken back.
    pub cancel: fn(u64) -> f64,
}

/// The wheel first.
pub const RIVALS: [Rival; 3] = [
    Rival {
        name: "wheel",
        fire: wheel_fire,
        cancel: wheel_cancel,
    },
    Rival {
        name: "BinaryHeap",
        fire: heap_fire,
        cancel: heap_cancel,
    },
    Rival {
        name: "BTreeMap",
        fire: tree_fire,
        cancel: tree_cancel,
    },
];

/// Deadlines within a minute of 16 µs ticks, in no order.
fn deadline(number: u64) -> u64 {
    1 + number.wrapping_mul(0x9E37_79B9_7F4A_7C15) % SPAN
}

const SPAN: u64 = 60 * 64_000;

/// Time moves by a millisecond.
const STEP: usize = 64;

fn per(clock: ThreadClock, timers: u64) -> f64 {
    clock.elapsed().as_nanos() as f64 / timers as f64
}

fn wheel_fire(timers: u64) -> f64 {
    let mut wheel = Wheel::default();
    let clock = ThreadClock::start();
    for number in 0..timers {
        let _ = black_box(wheel.insert(Tick(deadline(number)), number));
    }
    for now in (0..=SPAN).step_by(STEP) {
        loop {
            match wheel.step(Tick(now)) {
                Step::Fire(_, number) => black_box(number),
                Step::Cascade(..) => continue,
                Step::Rest => break,
            };
        }
    }
    per(clock, timers)
}

fn wheel_cancel(timers: u64) -> f64 {
    let mut wheel = Wheel::default();
    for number in 0..timers {
        let _ = black_box(wheel.insert(Tick(deadline(number)), number));
    }
    let clock = ThreadClock::start();
    for number in 0..timers {
        let key = wheel.insert(Tick(SPAN + number), number);
        let key = key.expect("it lies ahead");
        black_box(wheel.cancel(black_box(key)));
    }
    per(clock, timers)
}

fn heap_fire(timers: u64) -> f64 {
    let mut heap = BinaryHeap::new();
    let clock = ThreadClock::start();
    for number in 0..timers {
        heap.push(Reverse((deadline(number), number)));
    }
    for now in (0..=SPAN).step_by(STEP) {
        while heap.peek().is_some_and(|it| it.0.0 <= now) {
            black_box(heap.pop());
        }
    }
    per(clock, timers)
}

/// What is taken back is noted, and dropped when it comes to the top: here at the end.
fn heap_cancel(timers: u64) -> f64 {
    let mut heap = BinaryHeap::new();
    for number in 0..timers {
        heap.push(Reverse((deadline(number), number)));
    }
    let clock = ThreadClock::start();
    let mut dead = HashSet::new();
    for number in timers..2 * timers {
        heap.push(Reverse((SPAN + number, number)));
        dead.insert(black_box(number));
    }
    let spent = per(clock, timers);
    while heap.peek().is_some_and(|it| it.0.0 <= SPAN) {
        heap.pop();
    }
    let clock = ThreadClock::start();
    while let Some(Reverse((_, number))) = heap.pop() {
        black_box(dead.remove(&number));
    }
    spent + per(clock, timers)
}

fn tree_fire(timers: u64) -> f64 {
    let mut tree = BTreeMap::new();
    let clock = ThreadClock::start();
    for number in 0..timers {
        tree.insert((deadline(number), number), number);
    }
    for now in (0..=SPAN).step_by(STEP) {
        while let Some(first) = tree.first_entry()
            && first.key().0 <= now
        {
            black_box(first.remove());
        }
    }
    per(clock, timers)
}

fn tree_cancel(timers: u64) -> f64 {
    let mut tree = BTreeMap::new();
    for number in 0..timers {
        tree.insert((deadline(number), number), number);
    }
    let clock = ThreadClock::start();
    for number in timers..2 * timers {
        tree.insert((SPAN + number, number), number);
        black_box(tree.remove(&black_box((SPAN + number, number))));
    }
    per(clock, timers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rival_keeps_every_timer() {
        for rival in RIVALS {
            assert!((rival.fire)(100) >= 0.0 && (rival.cancel)(100) >= 0.0);
        }
    }
}
