//! The check of `turns`: guests who speak when they like, and count how often they are
//! asked.

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
    let wrong: Vec<String> = [
        evening(&[AtOnce, AtOnce, AtOnce], &[0, 1, 2], 3, ""),
        evening(&[After(1), After(2), AtOnce], &[2, 1, 0], 6, TURNS),
        evening(&[ThirdTime, AtOnce, ThirdTime], &[1, 0, 2], 7, TURNS),
        evening(&[AtOnce, Lost, After(0)], &[0, 2], 3, LOST),
        evening(&[], &[], 0, ""),
    ]
    .into_iter()
    .flatten()
    .collect();
    for explanation in &wrong {
        println!("{explanation}\n");
    }
    if !wrong.is_empty() {
        exit(1);
    }
    println!("Everybody was heard, and nobody asked once too often.");
}

const TURNS: &str = "It waits for ever on a guest who will only speak when another has \
    ordered. Ask each of them once, and then begin again: never stay with one.";

const LOST: &str = "It waits for ever on a guest who is lost. An error that is not \
    `WouldBlock` will not go away.";

/// One evening; `Some` explains what went wrong.
fn evening(
    speaks: &[Speaks],
    expected: &[usize],
    questions: u32,
    if_for_ever: &str,
) -> Option<String> {
    let evening = Rc::new(Evening::default());
    let guest = |(number, &speaks)| Guest::new(number, speaks, &evening);
    let guests = speaks.iter().enumerate().map(guest).collect();
    let ran = panic::catch_unwind(AssertUnwindSafe(|| super::orders(guests)));
    let Ok(orders) = ran else {
        return Some(match panicked_for_ever(&ran.unwrap_err()) {
            true if !if_for_ever.is_empty() => if_for_ever.to_owned(),
            true => "It goes on asking when everybody has ordered.".to_owned(),
            false => "It panics. Did you unwrap what a guest said?".to_owned(),
        });
    };
    let order = |&number: &usize| (number, format!("tea for {number}"));
    let expected: Vec<_> = expected.iter().map(order).collect();
    if orders != expected {
        return Some(format!(
            "The orders came as {expected:?}, and it returned {orders:?}. Is the number \
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
    (evening.questions() != questions).then(|| {
        format!(
            "It asked {} times, and {questions} questions are enough, if each round \
             asks everybody once who has not ordered.",
            evening.questions()
        )
    })
}

fn panicked_for_ever(panic: &Box<dyn std::any::Any + Send>) -> bool {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.is_some_and(|text| text.contains(guests::FOR_EVER))
}
