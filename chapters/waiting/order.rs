//! Two guests, and a cook who listens to one after the other.

mod door;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use door::connections;

// ANCHOR: serve
fn serve(mut guest: TcpStream) {
    let mut order = [0; 3];
    if guest.read_exact(&mut order).is_ok() {
        guest.write_all(&order).expect("the guest listens");
    }
}

fn one_after_another(guests: Vec<TcpStream>) {
    guests.into_iter().for_each(serve);
}

fn a_thread_for_each(guests: Vec<TcpStream>) {
    for guest in guests {
        thread::spawn(|| serve(guest));
    }
}
// ANCHOR_END: serve

// ANCHOR: guests
/// Ben orders. Ada waits to see what he gets, and then orders the same.
fn dinner(mut ada: TcpStream, mut ben: TcpStream) {
    let mut cup = [0; 3];
    ben.write_all(b"tea").expect("the cook is there");
    ben.read_exact(&mut cup).expect("Ben's tea");
    ada.write_all(&cup).expect("the cook is there");
    ada.read_exact(&mut cup).expect("Ada's tea");
}
// ANCHOR_END: guests

fn main() {
    report("one after another", one_after_another);
    report("a thread for each", a_thread_for_each);
}

fn report(name: &str, cook: fn(Vec<TcpStream>)) {
    let (mut guests, sockets) = connections(2);
    let (ben, ada) = (guests.pop().unwrap(), guests.pop().unwrap());
    let (sender, over) = mpsc::channel();
    thread::spawn(move || cook(sockets));
    thread::spawn(move || {
        dinner(ada, ben);
        sender.send(())
    });
    match over.recv_timeout(Duration::from_secs(1)) {
        Ok(()) => println!("{name}: both have tea"),
        Err(_) => println!("{name}: no tea in a second"),
    }
}
