//! ★★ A function that waits, made into a machine.
//!
//! This is the function. `wait_for` blocks until the stove is free, or until a slice is
//! done. `kitchen.say` writes into a log, and so does `kitchen.slice`, which puts a slice
//! on. What is waited for is a `Wait`, a machine that answers with a `check::Slice`; the
//! stove's answer means nothing.
//!
//! ```text
//! fn toast(slices: u32, kitchen: &Kitchen) -> u32 {
//!     wait_for(kitchen.stove());
//!     kitchen.say("lights the stove");
//!     let mut burnt = 0;
//!     for slice in 1..=slices {
//!         let done = wait_for(kitchen.slice(slice));
//!         if done == Slice::Burnt {
//!             burnt += 1;
//!             kitchen.say("scrapes");
//!         } else {
//!             kitchen.say("butters");
//!         }
//!     }
//!     kitchen.say("puts the stove out");
//!     burnt
//! }
//! ```
//!
//! What is asked of `Toast`:
//! 1. It says the same, in the same order, and gives the same number.
//! 2. It puts each slice on exactly when the function would, and once.
//! 3. Each poll goes on as far as it can without waiting, and no machine is asked after
//!    it was ready.
//!
//! Rounds of the loop that need no waiting are taken in one poll. The stub has the first
//! wait only. `cargo kettle check two-things/toast` says what is missing.

use std::rc::Rc;

use kettle::machinery::Poll;

#[path = "toast_check.rs"]
mod check;
#[path = "../kitchen.rs"]
mod kitchen;

use check::{Kitchen, Wait};
use kitchen::Machine;

fn main() {
    check::check();
}

// ------------------------------------------------------------------ yours begins here

enum Toast {
    /// Waits for the stove.
    Begins {
        stove: Wait,
        slices: u32,
        kitchen: Rc<Kitchen>,
    },
    Lit,
}

impl Toast {
    fn of(slices: u32, kitchen: &Rc<Kitchen>) -> Toast {
        Toast::Begins {
            stove: kitchen.stove(),
            slices,
            kitchen: Rc::clone(kitchen),
        }
    }
}

impl Machine for Toast {
    /// How many slices were burnt.
    type Output = u32;

    fn poll(&mut self) -> Poll<u32> {
        match self {
            Toast::Begins {
                stove,
                slices,
                kitchen,
            } => {
                if stove.poll().is_pending() {
                    return Poll::Pending;
                }
                kitchen.say("lights the stove");
                if *slices == 0 {
                    kitchen.say("puts the stove out");
                    return Poll::Ready(0);
                }
                *self = Toast::Lit;
                Poll::Pending
            }
            Toast::Lit => Poll::Pending, // and now?
        }
    }
}

// -------------------------------------------------------------------- yours ends here
