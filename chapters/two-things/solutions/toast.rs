//! The solution of `toast`: a state for each wait, with what is needed after it.

use std::rc::Rc;

use kettle::machinery::Poll;

#[path = "../exercises/toast_check.rs"]
mod check;
#[path = "../kitchen.rs"]
mod kitchen;

use check::{Kitchen, Slice, Wait};
use kitchen::Machine;

fn main() {
    check::check();
}

/// What both waits are followed by.
struct Plan {
    slices: u32,
    kitchen: Rc<Kitchen>,
}

enum State {
    Begins {
        stove: Wait,
    },
    /// At the head of the loop: this slice is next.
    Round {
        slice: u32,
        burnt: u32,
    },
    Toasts {
        wait: Wait,
        slice: u32,
        burnt: u32,
    },
    Done,
}

struct Toast {
    plan: Plan,
    state: State,
}

impl Toast {
    fn of(slices: u32, kitchen: &Rc<Kitchen>) -> Toast {
        Toast {
            state: State::Begins {
                stove: kitchen.stove(),
            },
            plan: Plan {
                slices,
                kitchen: Rc::clone(kitchen),
            },
        }
    }
}

impl Machine for Toast {
    type Output = u32;

    fn poll(&mut self) -> Poll<u32> {
        let Plan { slices, kitchen } = &self.plan;
        loop {
            match &mut self.state {
                State::Begins { stove } => {
                    if stove.poll().is_pending() {
                        return Poll::Pending;
                    }
                    kitchen.say("lights the stove");
                    self.state = State::Round { slice: 1, burnt: 0 };
                }
                &mut State::Round { slice, burnt } if slice > *slices => {
                    kitchen.say("puts the stove out");
                    self.state = State::Done;
                    return Poll::Ready(burnt);
                }
                &mut State::Round { slice, burnt } => {
                    let wait = kitchen.slice(slice);
                    self.state = State::Toasts { wait, slice, burnt };
                }
                State::Toasts { wait, slice, burnt } => {
                    let Poll::Ready(done) = wait.poll() else {
                        return Poll::Pending;
                    };
                    let burns = done == Slice::Burnt;
                    kitchen.say(if burns { "scrapes" } else { "butters" });
                    self.state = State::Round {
                        slice: *slice + 1,
                        burnt: *burnt + u32::from(burns),
                    };
                }
                State::Done => panic!("this toast is done, and was polled again"),
            }
        }
    }
}
