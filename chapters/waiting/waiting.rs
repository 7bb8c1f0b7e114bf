//! One second of waiting, in three ways, and what the thread did meanwhile.
//!
//! output: varies, because the kernel is asked how long each wait took it

mod proc;

use std::io::{self, Read, Write};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::{Acquire, Release};
use std::thread;
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);

fn main() {
    if proc::is_missing() {
        return;
    }
    println!("{:8}processor  given  taken", "");
    report("sleeps", || thread::sleep(SECOND));
    report("reads", reads);
    report("asks", asks);
}

// ANCHOR: ways
fn reads() {
    let (mut kettle, mut stove) = io::pipe().expect("a pipe");
    thread::spawn(move || {
        thread::sleep(SECOND);
        stove.write_all(b"!")
    });
    kettle.read_exact(&mut [0]).expect("a byte");
}

fn asks() {
    let boils = Arc::new(AtomicBool::new(false));
    let water = Arc::clone(&boils);
    thread::spawn(move || {
        thread::sleep(SECOND);
        water.store(true, Release);
    });
    while !boils.load(Acquire) {}
}
// ANCHOR_END: ways

// ANCHOR: report
fn report(name: &str, wait: impl FnOnce()) {
    let (given, taken) = proc::switches_of_this_thread();
    let before = proc::milliseconds_of_this_thread();
    wait();
    let spent = proc::milliseconds_of_this_thread() - before;
    let (given_now, taken_now) = proc::switches_of_this_thread();
    let (given, taken) = (given_now - given, taken_now - taken);
    println!("{name:8}{spent:>6.1} ms{given:>7}{taken:>7}");
}
// ANCHOR_END: report
