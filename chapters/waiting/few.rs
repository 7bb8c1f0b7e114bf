//! One guest who orders a thousand times: how many system calls does the cook make?

mod door;

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::thread;

use door::connections;

const ORDERS: usize = 1_000;

// ANCHOR: blocking
fn blocking(mut guest: TcpStream) -> usize {
    let (mut calls, mut order) = (0, [0]);
    for _ in 0..ORDERS {
        guest.read_exact(&mut order).expect("an order");
        guest.write_all(&order).expect("the guest listens");
        calls += 2;
    }
    calls
}
// ANCHOR_END: blocking

// ANCHOR: told
fn told(guest: TcpStream) -> usize {
    let (mut calls, mut order) = (0, [0]);
    let mut kernel = mio::Poll::new().expect("a place to wait");
    let mut guest = non_blocking(guest);
    let readable = mio::Interest::READABLE;
    let registry = kernel.registry();
    registry
        .register(&mut guest, mio::Token(0), readable)
        .expect("the kernel has room");

    let mut events = mio::Events::with_capacity(1);
    for _ in 0..ORDERS {
        kernel.poll(&mut events, None).expect("something happens");
        calls += 1;
        // It tells of news once, so we read until there is no more.
        while read(&mut guest, &mut order, &mut calls) {}
        guest.write_all(&order).expect("the guest listens");
        calls += 1;
    }
    calls
}
// ANCHOR_END: told

fn read(
    guest: &mut mio::net::TcpStream,
    order: &mut [u8; 1],
    calls: &mut usize,
) -> bool {
    *calls += 1;
    match guest.read(order) {
        Ok(count) => count > 0,
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => false,
        Err(error) => panic!("the guest is lost: {error}"),
    }
}

fn non_blocking(guest: TcpStream) -> mio::net::TcpStream {
    guest.set_nonblocking(true).expect("a socket's option");
    mio::net::TcpStream::from_std(guest)
}

fn main() {
    println!("{ORDERS} orders, system calls");
    report("blocks", blocking);
    report("is told", told);
}

fn report(name: &str, cook: fn(TcpStream) -> usize) {
    let (mut guests, mut sockets) = connections(1);
    let (mut guest, socket) = (guests.remove(0), sockets.remove(0));
    let cook = thread::spawn(move || cook(socket));
    let mut cup = [0];
    for _ in 0..ORDERS {
        guest.write_all(b"t").expect("the cook is there");
        guest.read_exact(&mut cup).expect("tea");
    }
    let calls = cook.join().expect("a cook who does not panic");
    println!("{name:10}{calls:>6}");
}
