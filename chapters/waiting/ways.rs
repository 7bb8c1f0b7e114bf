//! A hundred guests and one order from each, heard in three ways.
//!
//! output: varies, because the cook who asks does so as often as he can

mod door;

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::thread;
use std::time::Duration;

use door::connections;

const GUESTS: usize = 100;

#[derive(Default)]
struct Counts {
    reads: AtomicU64,
    in_vain: AtomicU64,
    waits: AtomicU64,
}

impl Counts {
    // ANCHOR: read
    /// Reads one order, and counts; none if there is none yet.
    fn read(&self, guest: &mut impl Read) -> Option<u8> {
        let mut order = [0];
        self.reads.fetch_add(1, Relaxed);
        match guest.read(&mut order) {
            Ok(_) => Some(order[0]),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                self.in_vain.fetch_add(1, Relaxed);
                None
            }
            Err(error) => panic!("a guest is lost: {error}"),
        }
    }
    // ANCHOR_END: read
}

// ANCHOR: thread
fn a_thread_for_each(guests: Vec<TcpStream>, counts: &Counts) {
    thread::scope(|scope| {
        for mut guest in guests {
            scope.spawn(move || counts.read(&mut guest));
        }
    });
}
// ANCHOR_END: thread

// ANCHOR: ask
fn asks_in_turn(mut guests: Vec<TcpStream>, counts: &Counts) {
    for guest in &guests {
        guest.set_nonblocking(true).expect("a socket's option");
    }
    while !guests.is_empty() {
        guests.retain_mut(|guest| counts.read(guest).is_none());
    }
}
// ANCHOR_END: ask

// ANCHOR: told
fn is_told(guests: Vec<TcpStream>, counts: &Counts) {
    let mut kernel = mio::Poll::new().expect("a place to wait");
    let mut guests: Vec<_> = guests.into_iter().map(non_blocking).collect();
    for (number, guest) in guests.iter_mut().enumerate() {
        let token = mio::Token(number);
        let registry = kernel.registry();
        registry
            .register(guest, token, mio::Interest::READABLE)
            .expect("the kernel has room");
    }

    let mut events = mio::Events::with_capacity(GUESTS);
    let mut served = 0;
    while served < GUESTS {
        counts.waits.fetch_add(1, Relaxed);
        kernel.poll(&mut events, None).expect("something happens");
        for event in &events {
            let guest = &mut guests[event.token().0];
            served += usize::from(counts.read(guest).is_some());
        }
    }
}
// ANCHOR_END: told

fn non_blocking(guest: TcpStream) -> mio::net::TcpStream {
    guest.set_nonblocking(true).expect("a socket's option");
    mio::net::TcpStream::from_std(guest)
}

fn main() {
    println!("{:8}threads   reads  in vain  waits", "");
    report("threads", GUESTS, a_thread_for_each);
    report("asks", 1, asks_in_turn);
    report("is told", 1, is_told);
}

type Cook = fn(Vec<TcpStream>, &Counts);

fn report(name: &str, threads: usize, cook: Cook) {
    let counts = Counts::default();
    let (guests, sockets) = connections(GUESTS);
    let guests = thread::spawn(|| order(guests));
    cook(sockets, &counts);
    guests.join().expect("guests do not panic");
    let count = |counter: &AtomicU64| counter.load(Relaxed);
    let (reads, in_vain) = (count(&counts.reads), count(&counts.in_vain));
    let waits = count(&counts.waits);
    println!("{name:8}{threads:>7}{reads:>8}{in_vain:>9}{waits:>7}");
}

// ANCHOR: order
/// Each guest orders, two milliseconds after the one before, and stays.
fn order(mut guests: Vec<TcpStream>) -> Vec<TcpStream> {
    for guest in &mut guests {
        thread::sleep(Duration::from_millis(2));
        guest.write_all(b"t").expect("the cook is there");
    }
    guests
}
// ANCHOR_END: order
