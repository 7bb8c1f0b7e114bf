//! Tea that has nothing to wait for, by a machine that goes on and by one that stops.

mod kitchen;
mod tea;

use kettle::machinery::Poll;
use kitchen::{Leaves, Machine, Timer, a_minute_passes, now};
use tea::Tea;

const DUST: Leaves = Leaves {
    name: "dust",
    minutes: 0,
};

/// The same machine, but each poll takes one step.
enum Stepwise {
    Heats { water: Timer, leaves: Leaves },
    Draws { timer: Timer, leaves: Leaves },
    Served,
}

impl Machine for Stepwise {
    type Output = String;

    fn poll(&mut self) -> Poll<String> {
        match self {
            // ANCHOR: heats
            Stepwise::Heats { water, leaves } => {
                if water.poll().is_ready() {
                    let leaves = *leaves;
                    let timer = Timer::set_to(leaves.minutes);
                    *self = Stepwise::Draws { timer, leaves };
                }
                Poll::Pending
            }
            // ANCHOR_END: heats
            Stepwise::Draws { timer, leaves } => {
                if timer.poll().is_pending() {
                    return Poll::Pending;
                }
                let cup = format!("hot {}", leaves.name);
                *self = Stepwise::Served;
                Poll::Ready(cup)
            }
            Stepwise::Served => panic!("this tea is served, and was polled again"),
        }
    }
}

fn main() {
    let (water, leaves) = (Timer::set_to(0), DUST);
    report("one step", Stepwise::Heats { water, leaves });
    let (water, leaves) = (Timer::set_to(0), DUST);
    report("as far as it can", Tea::Heats { water, leaves });
}

fn report(name: &str, mut tea: impl Machine<Output = String>) {
    let (began, mut polls) = (now(), 1);
    let cup = loop {
        match tea.poll() {
            Poll::Ready(cup) => break cup,
            Poll::Pending => polls += 1,
        }
        a_minute_passes();
    };
    println!("{name}: {cup}, polls {polls}, minutes {}", now() - began);
}
