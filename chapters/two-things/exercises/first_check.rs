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
        (0, 5, "`a`", [1, 0]),
        (2, 5, "`a`", [3, 2]),
        (5, 0, "`b`", [1, 1]),
        (5, 2, "`b`", [3, 3]),
        (2, 2, "`a`", [3, 2]),
    ];
    for (a, b, winner, expected) in trials {
        if let Some(wrong) = trial(a, b, winner, expected) {
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
    let (a, b) = (Scripted::after(a, "`a`"), Scripted::after(b, "`b`"));
    let asked = [a.asked.clone(), b.asked.clone()];
    let mut first = First(Some((a, b)));
    let mut polls = 0;
    let ended = caught(|| {
        (0..10).find_map(|_| {
            polls += 1;
            match first.poll() {
                Poll::Ready(won) => Some(won),
                Poll::Pending => None,
            }
        })
    });
    let won = match ended {
        Ok(won) => won,
        Err(words) if words.contains(AGAIN) => {
            return Some(format!("{words}, and that is for nobody to do."));
        }
        Err(words) => {
            return Some(format!("It panics in its poll number {polls}: {words}"));
        }
    };
    let counts = asked.each_ref().map(|asked| asked.get());
    if let Some(why) = miscounted(counts, expected, polls) {
        return Some(why);
    }
    let Some(won) = won else {
        return Some("After ten polls it is not ready.".to_owned());
    };
    let (name, mut left) = match won {
        Won::A(name, b) => (name, b),
        Won::B(name, a) => (name, a),
    };
    if name != winner {
        return Some(format!("{winner} is first, and the answer was {name}'s."));
    }
    goes_on(&mut left)
}

/// What is wrong with how often each was asked, in so many polls.
fn miscounted(counts: [u32; 2], expected: [u32; 2], polls: u32) -> Option<String> {
    let [a, b] = counts;
    let enough = expected[0].max(expected[1]);
    let (times_a, times_b) = (times(a), times(b));
    let asked = format!(
        "Up to its poll number {polls} it asked `a` {times_a}, `b` {times_b}."
    );
    if a.max(b) > polls {
        return Some(format!(
            "{asked} Whoever has said `Pending` is not asked again in the same poll: \
             say so too, and leave."
        ));
    }
    if polls > enough || counts.iter().zip(expected).any(|(n, e)| *n < e) {
        return Some(format!(
            "{asked} In poll number {enough} one of them can be ready, if each \
             poll before has asked both. Who was left out?"
        ));
    }
    (counts != expected).then(|| {
        format!("{asked} With `a` ready, `b` is not asked in that poll, neither before nor after.")
    })
}

fn times(asked: u32) -> String {
    match asked {
        0 => "never".to_owned(),
        1 => "once".to_owned(),
        more => format!("{more} times"),
    }
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
