//! A cup of tea as a machine, written by hand.

#![allow(dead_code, unreachable_pub, reason = "each program uses a part of it")]

use kettle::machinery::Poll;

use super::kitchen::{Leaves, Machine, Timer};

/// Where a cup of tea is, with what it still needs.
pub enum Tea {
    Ordered { leaves: Leaves },
    Heats { water: Timer, leaves: Leaves },
    Draws { timer: Timer, leaves: Leaves },
    Served,
}

impl Tea {
    pub fn of(leaves: Leaves) -> Tea {
        Tea::Ordered { leaves }
    }

    /// Where it is, in a word.
    pub fn state(&self) -> &'static str {
        match self {
            Tea::Ordered { .. } => "ordered",
            Tea::Heats { .. } => "heats",
            Tea::Draws { .. } => "draws",
            Tea::Served => "served",
        }
    }
}

impl Machine for Tea {
    type Output = String;

    fn poll(&mut self) -> Poll<String> {
        loop {
            match self {
                Tea::Ordered { leaves } => {
                    let leaves = *leaves;
                    let water = Timer::set_to(3);
                    *self = Tea::Heats { water, leaves };
                }
                Tea::Heats { water, leaves } => {
                    if water.poll().is_pending() {
                        return Poll::Pending;
                    }
                    let leaves = *leaves;
                    let timer = Timer::set_to(leaves.minutes);
                    *self = Tea::Draws { timer, leaves };
                }
                Tea::Draws { timer, leaves } => {
                    if timer.poll().is_pending() {
                        return Poll::Pending;
                    }
                    let cup = format!("hot {}", leaves.name);
                    *self = Tea::Served;
                    return Poll::Ready(cup);
                }
                Tea::Served => panic!("this tea is served, and was polled again"),
            }
        }
    }
}
