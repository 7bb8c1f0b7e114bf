//! The solution of `turns`: rounds, from which everybody goes who has spoken.

use std::io::ErrorKind;

#[path = "../exercises/turns_check.rs"]
mod check;

use check::guests::Guest;

fn main() {
    check::check();
}

fn orders(guests: Vec<Guest>) -> Vec<(usize, String)> {
    let mut orders = Vec::new();
    let mut silent: Vec<(usize, Guest)> = guests.into_iter().enumerate().collect();
    while !silent.is_empty() {
        silent.retain_mut(|(number, guest)| match guest.ask() {
            Ok(order) => {
                orders.push((*number, order));
                false
            }
            Err(error) => error.kind() == ErrorKind::WouldBlock,
        });
    }
    orders
}
