//! The check of `told`: a kernel that tells of each arrival once, and counts.

use std::any::Any;
use std::panic::{self, AssertUnwindSafe};
use std::process::exit;

#[path = "../guests.rs"]
pub(crate) mod guests;

use guests::Arrival::{self, Bytes, End};
use guests::Kernel;

/// Gives `orders` some evenings, from simple to nasty, and stops at the first that it
/// does not get through.
pub(crate) fn check() {
    panic::set_hook(Box::new(|_| {}));
    for (sweeps, guests, expected, hint) in evenings() {
        if let Some(wrong) = evening(&sweeps, guests, &expected) {
            println!("{wrong}\n\n{hint}");
            exit(1);
        }
    }
    println!(
        "All orders, each once, and no question in vain but the last of a round."
    );
}

type Sweeps = Vec<&'static [(usize, Arrival)]>;
type Orders = Vec<(usize, &'static str)>;

fn evenings() -> Vec<(Sweeps, usize, Orders, &'static str)> {
    vec![
        (
            vec![],
            0,
            vec![],
            "An evening without guests is over at once.",
        ),
        (
            vec![&[(0, Bytes(b"tea\n"))], &[(0, End)]],
            1,
            vec![(0, "tea")],
            "One guest, one line, and then the guest goes. The line's end is no part \
             of the order. A guest of whom you were told is read until \
             `WouldBlock`, or until `Ok(0)`: that guest has gone.",
        ),
        (
            vec![&[(0, Bytes(b"a pot of green tea\n"))], &[(0, End)]],
            1,
            vec![(0, "a pot of green tea")],
            "More has come than the buffer holds. You are told once: what you leave \
             unread, nobody tells you of again.",
        ),
        (
            vec![&[(0, Bytes(b"te"))], &[(0, Bytes(b"a\n"))], &[(0, End)]],
            1,
            vec![(0, "tea")],
            "An order came in two pieces, and you were told twice. Where do you keep \
             the first piece while you wait for the second?",
        ),
        (
            vec![&[(0, Bytes(b"tea\nmilk\nsu"))], &[(0, End)]],
            1,
            vec![(0, "tea"), (0, "milk")],
            "One piece held two orders and the beginning of a third. The guest went \
             before its end, so the third is none.",
        ),
        (
            vec![&[(0, Bytes(b"rum\nice\n"))], &[(0, End)]],
            1,
            vec![(0, "rum"), (0, "ice")],
            "One read brought two whole orders, and nothing after them. Each of them \
             is due at once.",
        ),
        (
            vec![
                &[(0, Bytes(b"th\xc3"))],
                &[(0, Bytes(b"\xa9\n"))],
                &[(0, End)],
            ],
            1,
            vec![(0, "thé")],
            "A piece may end in the middle of a letter: é is two bytes, and they came \
             one by one. What you keep of an unfinished line has to be bytes; text it \
             becomes when it is whole.",
        ),
        (
            vec![
                &[(1, Bytes(b"ca")), (0, Bytes(b"te"))],
                &[(0, Bytes(b"a\n"))],
                &[(1, Bytes(b"ke\n")), (1, End), (0, Bytes(b"milk\n"))],
                &[(0, End)],
            ],
            2,
            vec![(0, "tea"), (1, "cake"), (0, "milk")],
            "Two guests speak by turns, in pieces. Each needs a place of its own for \
             what it has said so far. And news and the end may come together: read \
             on after the last line.",
        ),
    ]
}

/// One evening; `Some` says what went wrong.
fn evening(sweeps: &Sweeps, guests: usize, expected: &Orders) -> Option<String> {
    let mut kernel = Kernel::new(guests, sweeps);
    let ran = panic::catch_unwind(AssertUnwindSafe(|| {
        super::orders(&mut kernel, guests)
    }));
    let orders = match ran {
        Ok(orders) => orders,
        Err(panic) if is_for_ever(&*panic) => {
            return Some(
                "It sleeps for ever: all that will ever come has come, it was told, \
                 and it waits again."
                    .to_owned(),
            );
        }
        Err(panic) => return Some(format!("It panics: {}", words(&*panic))),
    };
    let expected: Vec<_> = expected
        .iter()
        .map(|&(guest, order)| (guest, order.to_owned()))
        .collect();
    if orders != expected {
        return Some(format!("It heard {orders:?} where {expected:?} was said."));
    }
    if kernel.sweeps as usize != sweeps.len() {
        return Some(format!(
            "It waited {} times, and there was news {} times.",
            kernel.sweeps,
            sweeps.len()
        ));
    }
    let told: usize = sweeps.iter().map(|sweep| distinct(sweep)).sum();
    (kernel.in_vain as usize > told).then(|| {
        format!(
            "{} reads were in vain, and it was told {told} times: more than one in \
             vain for each. Whom did you ask who had nothing new?",
            kernel.in_vain
        )
    })
}

/// Of how many guests a sweep tells.
fn distinct(sweep: &[(usize, Arrival)]) -> usize {
    let mut guests: Vec<usize> = sweep.iter().map(|(guest, _)| *guest).collect();
    guests.sort_unstable();
    guests.dedup();
    guests.len()
}

fn is_for_ever(panic: &(dyn Any + Send)) -> bool {
    words(panic).contains(guests::FOR_EVER)
}

fn words(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("without a word")
}
