//! A machine that moves between two polls, and what machines weigh.

mod join;
mod kitchen;
mod tea;

use std::mem::size_of_val;

use join::join;
use kettle::machinery::Poll;
use kitchen::{ASSAM, Machine, SENCHA, Timer, now, wait};
use tea::Tea;

// ANCHOR: moves
fn moves() {
    let mut tea = Tea::of(ASSAM);
    assert!(tea.poll().is_pending());
    wait(3);

    let mut shelf = vec![Tea::of(SENCHA), tea]; // to the heap
    assert!(shelf[1].poll().is_pending());
    wait(4);

    shelf.swap(0, 1); // to the other end
    let mut tea = Box::new(shelf.remove(0)); // and away
    let Poll::Ready(cup) = tea.poll() else {
        unreachable!("it has had its seven minutes");
    };
    println!("{cup}, moved three times: {} minutes", now());
}
// ANCHOR_END: moves

fn main() {
    moves();
    println!("bytes");
    let tea = || Tea::of(ASSAM);
    println!("Timer               {:>4}", size_of_val(&Timer::set_to(3)));
    println!("Tea                 {:>4}", size_of_val(&tea()));
    let two = join(tea(), tea());
    println!("Join<Tea, Tea>      {:>4}", size_of_val(&two));
    let four = join(join(tea(), tea()), join(tea(), tea()));
    println!("a Join of two Joins {:>4}", size_of_val(&four));
    let timers = join(Timer::set_to(3), Timer::set_to(4));
    println!("Join<Timer, Timer>  {:>4}", size_of_val(&timers));
}
