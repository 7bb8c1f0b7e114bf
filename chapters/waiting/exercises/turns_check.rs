//! The check of `turns`: guests who speak when they like, and count how often they are
//! asked.

use std::any::Any;
use std::panic::{self, AssertUnwindSafe};
use std::process::exit;
use std::rc::Rc;

#[path = "../guests.rs"]
pub(crate) mod guests;

use guests::{Evening, Guest, Speaks};

/// Sits some guests down with `orders`, and says what went wrong.
pub(crate) fn check() {
    panic::set_hook(Box::new(|_| {}));
    use Speaks::{After, AtOnce, Lost, ThirdTime};
    let evenings = [
        evening(&[AtOnce, AtOnce, AtOnce], &[0, 1, 2], 3),
        evening(&[After(1), After(2), AtOnce], &[2, 1, 0], 6),
        evening(&[ThirdTime, AtOnce, ThirdTime], &[1, 0, 2], 7),
        evening(&[AtOnce, Lost, After(0)], &[0, 2], 4),
        evening(&[], &[], 0),
    ];
    // The first is the simplest: what is wrong there is wrong in the others too.
    if let Some(wrong) = evenings.into_iter().flatten().next() {
        println!("{wrong}");
        exit(1);
    }
    println!("Everybody was heard, and nobody asked once too often.");
}

const TURNS: &str = "It waits for ever on a guest who will only speak when another has \
    ordered. Ask each of them once, and then begin again: never stay with one.";

const LOST: &str = "It waits for ever on a guest who is lost. An error that is not \
    `WouldBlock` will not go away.";

const OVER: &str = "It goes on asking when everybody has ordered. Whoever has ordered \
    has nothing more to say, and when all have, the evening is over.";

/// One evening; `Some` explains what went wrong.
fn evening(
    speaks: &[Speaks],
    expected: &[usize],
    questions: u32,
) -> Option<String> {
    let evening = Rc::new(Evening::default());
    let guest = |(number, &speaks)| Guest::new(number, speaks, &evening);
    let guests = speaks.iter().enumerate().map(guest).collect();
    let ran = panic::catch_unwind(AssertUnwindSafe(|| super::orders(guests)));
    let orders = match ran {
        Ok(orders) => orders,
        Err(panic) if !panicked_for_ever(&*panic) => {
            return Some("It panics. Did you unwrap what a guest said?".to_owned());
        }
        Err(_) if evening.orders().len() < expected.len() => {
            return Some(TURNS.to_owned());
        }
        Err(_) if speaks.iter().any(|speaks| matches!(speaks, Speaks::Lost)) => {
            return Some(LOST.to_owned());
        }
        Err(_) => return Some(OVER.to_owned()),
    };
    let came = evening.orders();
    if let Some(unheard) = expected.iter().find(|guest| !came.contains(guest)) {
        return Some(format!(
            "It went home before guest {unheard} had ordered. Whoever still waits is to \
             be asked again, also when somebody else is lost."
        ));
    }
    let order = |&number: &usize| (number, format!("tea for {number}"));
    let came: Vec<_> = came.iter().map(order).collect();
    if orders != came {
        return Some(format!(
            "The orders came as {came:?}, and it returned {orders:?}. Is the number \
             still the guest's own when others are no longer asked?"
        ));
    }
    if evening.after_the_order() > 0 {
        return Some(format!(
            "{} questions went to guests who had ordered, or were lost. They have \
             nothing more to say.",
            evening.after_the_order()
        ));
    }
    (evening.questions() > questions).then(|| {
        format!(
            "It asked {} times, and {questions} questions are enough, if each round \
             asks everybody once who has not ordered.",
            evening.questions()
        )
    })
}

fn panicked_for_ever(panic: &(dyn Any + Send)) -> bool {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.is_some_and(|text| text.contains(guests::FOR_EVER))
}
