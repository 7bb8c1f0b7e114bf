//! The check of `first`: machines that do what a script says, and count how often they
//! are asked.

use std::panic;
use std::process::exit;

use kettle::machinery::Poll;

#[path = "../trials.rs"]
mod trials;

use super::First;
use super::kitchen::{self, Machine};
use trials::{AGAIN, Scripted, caught};

/// Who was first: its answer, and the machine that was not.
#[allow(dead_code, reason = "the stub makes only one of them")]
pub(crate) enum Won<A: Machine, B: Machine> {
    A(A::Output, B),
    B(B::Output, A),
}

/// Puts `First` through everything its header asks for.
pub(crate) fn check() {
    panic::set_hook(Box::new(|_| {}));
    let trials = [
        (0, 5, "A", 1, 0),
        (2, 5, "A", 3, 2),
        (5, 0, "B", 1, 1),
        (5, 2, "B", 3, 3),
        (2, 2, "A", 3, 2),
    ];
    for (a, b, winner, asked_a, asked_b) in trials {
        if let Some(wrong) = trial(a, b, winner, [asked_a, asked_b]) {
            println!(
                "`a` says `Pending` {a} times before it is ready, `b` {b} times.\n\
                 {wrong}"
            );
            exit(1);
        }
    }
    println!("The first wins, and the other one lives.");
}

fn trial(a: u32, b: u32, winner: &str, expected: [u32; 2]) -> Option<String> {
    let (a, b) = (Scripted::after(a, "A"), Scripted::after(b, "B"));
    let asked = [a.asked.clone(), b.asked.clone()];
    let mut first = First(Some((a, b)));
    let ended = caught(|| {
        (1..=10).find_map(|poll| match first.poll() {
            Poll::Ready(won) => Some((poll, won)),
            Poll::Pending => None,
        })
    });
    let (polls, won) = match ended {
        Ok(Some(ended)) => ended,
        Ok(None) => return Some("After ten polls it is not ready.".to_owned()),
        Err(words) if words.contains(AGAIN) => {
            return Some(format!("{words}, and that is for nobody to do."));
        }
        Err(words) => return Some(format!("It panics: {words}")),
    };
    let (name, mut left) = match won {
        Won::A(name, b) => (name, b),
        Won::B(name, a) => (name, a),
    };
    let polls_expected = expected[0].max(expected[1]);
    let counts = asked.each_ref().map(|asked| asked.get());
    if name != winner {
        return Some(format!("{winner} is first, and the answer was {name}'s."));
    }
    if polls != polls_expected {
        return Some(format!(
            "It was ready at its poll number {polls}. Number {polls_expected} was \
             enough: who was not asked in it?"
        ));
    }
    if counts != expected {
        return Some(format!(
            "It asked A and B {counts:?} times; {expected:?} would do. When one has \
             answered, what is left to ask?"
        ));
    }
    goes_on(&mut left)
}

/// The machine that was not first can be asked until it has its answer.
fn goes_on(left: &mut Scripted) -> Option<String> {
    let done = caught(|| (0..10).any(|_| left.poll().is_ready()));
    match done {
        Ok(true) => None,
        Ok(false) => Some("The other machine never becomes ready.".to_owned()),
        Err(_) => Some(
            "The other machine came back, but its answer was already taken out of it, \
             and is lost."
                .to_owned(),
        ),
    }
}
