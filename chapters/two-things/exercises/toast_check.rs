//! The check of `toast`: a kitchen that writes down what is said and when it is asked.

use std::cell::{Cell, RefCell};
use std::panic;
use std::process::exit;
use std::rc::Rc;

use kettle::machinery::Poll;

#[path = "../trials.rs"]
mod trials;

use super::Toast;
use super::kitchen::{self, Machine};
use trials::{AGAIN, caught};

/// How a slice comes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slice {
    Golden,
    Burnt,
}

/// What the toast is made in.
pub(crate) struct Kitchen {
    /// How often the stove says `Pending`.
    stove: u32,
    /// How often each slice does, and how it comes out.
    slices: Vec<(u32, Slice)>,
    log: RefCell<Vec<String>>,
    /// How often a machine of this kitchen said `Pending` in this poll.
    pending: Cell<u32>,
}

impl Kitchen {
    /// Waits until the stove is free. What it gives means nothing.
    pub(crate) fn stove(self: &Rc<Kitchen>) -> Wait {
        self.wait(self.stove, Slice::Golden, "the stove".to_owned())
    }

    /// Puts a slice on, and waits until it is done. They are numbered from 1.
    #[allow(dead_code, reason = "the stub does not get so far")]
    pub(crate) fn slice(self: &Rc<Kitchen>, number: u32) -> Wait {
        self.say(&format!("puts slice {number} on"));
        let slice = number.checked_sub(1).map(|index| index as usize);
        let slice = slice.and_then(|index| self.slices.get(index));
        let &(pending, comes_out) =
            slice.unwrap_or_else(|| panic!("there is no slice {number}"));
        self.wait(pending, comes_out, format!("slice {number}"))
    }

    pub(crate) fn say(&self, what: &str) {
        self.log.borrow_mut().push(what.to_owned());
    }

    fn wait(self: &Rc<Kitchen>, pending: u32, gives: Slice, name: String) -> Wait {
        let kitchen = Rc::clone(self);
        Wait {
            pending,
            gives: Some(gives),
            name,
            kitchen,
        }
    }

    /// What the function in the header of the exercise has said when it has met so many
    /// `Pending`, and how many slices were burnt by then.
    fn expected(&self, mut pending: u32) -> (Vec<String>, u32) {
        let (mut log, mut burnt) = (Vec::new(), 0);
        let mut is_over = |wait: u32| {
            let is_over = wait < pending;
            pending = pending.saturating_sub(wait);
            is_over
        };
        if !is_over(self.stove) {
            return (log, burnt);
        }
        log.push("lights the stove".to_owned());
        for (index, &(wait, comes_out)) in self.slices.iter().enumerate() {
            log.push(format!("puts slice {} on", index + 1));
            if !is_over(wait) {
                return (log, burnt);
            }
            let burns = comes_out == Slice::Burnt;
            burnt += u32::from(burns);
            log.push(if burns { "scrapes" } else { "butters" }.to_owned());
        }
        log.push("puts the stove out".to_owned());
        (log, burnt)
    }
}

/// Waits for something in the kitchen.
pub(crate) struct Wait {
    pending: u32,
    gives: Option<Slice>,
    name: String,
    kitchen: Rc<Kitchen>,
}

impl Machine for Wait {
    type Output = Slice;

    fn poll(&mut self) -> Poll<Slice> {
        if self.pending > 0 {
            self.pending -= 1;
            self.kitchen.pending.set(self.kitchen.pending.get() + 1);
            return Poll::Pending;
        }
        let gives = self.gives.take();
        Poll::Ready(gives.unwrap_or_else(|| panic!("{} {AGAIN}", self.name)))
    }
}

/// Makes toast in several kitchens, and says what went wrong in the first that it does
/// not get through.
pub(crate) fn check() {
    use Slice::{Burnt, Golden};
    panic::set_hook(Box::new(|_| {}));
    let kitchens: [(u32, &[(u32, Slice)]); 6] = [
        (1, &[]),
        (0, &[(1, Golden)]),
        (2, &[(3, Burnt), (1, Golden), (2, Burnt)]),
        (0, &[]),
        (0, &[(0, Burnt)]),
        (
            0,
            &[
                (0, Golden),
                (0, Burnt),
                (2, Burnt),
                (0, Golden),
                (0, Golden),
            ],
        ),
    ];
    for (stove, slices) in kitchens {
        let kitchen = Rc::new(Kitchen {
            stove,
            slices: slices.to_vec(),
            log: RefCell::default(),
            pending: Cell::new(0),
        });
        if let Some(wrong) = trial(&kitchen) {
            println!(
                "How often the stove says `Pending`: {stove}. {}",
                menu(slices)
            );
            println!("{wrong}");
            exit(1);
        }
    }
    println!("The same toast, in the same order, and no poll too many.");
}

fn menu(slices: &[(u32, Slice)]) -> String {
    match slices {
        [] => "There are no slices.".to_owned(),
        _ => format!(
            "The slices, with how often each says it, and how it comes out:\n\
             {slices:?}"
        ),
    }
}

fn trial(kitchen: &Rc<Kitchen>) -> Option<String> {
    let needed =
        1 + kitchen.stove + kitchen.slices.iter().map(|s| s.0).sum::<u32>();
    let ended = caught(|| run(kitchen, needed));
    let (expected, burnt) = kitchen.expected(needed);
    let log = kitchen.log.borrow();
    let (polls, answer) = match ended {
        Ok(Ok(ended)) => ended,
        Ok(Err(wrong)) => return Some(wrong),
        Err(words) => {
            return Some(format!("It panics: {words}\nSo far it said: {log:?}"));
        }
    };
    if *log != expected {
        return Some(format!(
            "It said:       {log:?}\nThe function:  {expected:?}"
        ));
    }
    if answer != burnt {
        return Some(format!(
            "It counted {answer} burnt slices. There were {burnt}."
        ));
    }
    (polls != needed).then(|| format!("It took {polls} polls instead of {needed}."))
}

/// Polls until it is ready. Each `Pending` must come from a machine that was asked.
fn run(kitchen: &Rc<Kitchen>, needed: u32) -> Result<(u32, u32), String> {
    let mut toast = Toast::of(kitchen.slices.len() as u32, kitchen);
    said_so_far(kitchen, 0)?;
    for poll in 1..=needed + 20 {
        kitchen.pending.set(0);
        if let Poll::Ready(burnt) = toast.poll() {
            return Ok((poll, burnt));
        }
        if kitchen.pending.get() == 0 {
            return Err(format!(
                "Its poll number {poll} was `Pending`, though nothing that it asked in \
                 it had said so. In the log so far: {:?}. It could have gone on: what \
                 brings it back to its `match`?",
                kitchen.log.borrow()
            ));
        }
        said_so_far(kitchen, poll)?;
    }
    Err("It never becomes ready.".to_owned())
}

/// Compares the log with what the function has said at the same wait.
fn said_so_far(kitchen: &Kitchen, polls: u32) -> Result<(), String> {
    let (expected, _) = kitchen.expected(polls);
    let log = kitchen.log.borrow();
    let when = match polls {
        0 => "Before its first poll".to_owned(),
        polls => format!("After its poll number {polls}"),
    };
    match *log == expected {
        true => Ok(()),
        false => Err(format!(
            "{when} it has said:\n  {log:?}\nThe function has said, at the same wait:\n  \
             {expected:?}"
        )),
    }
}
