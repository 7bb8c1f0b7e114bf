//! What `unpark` does to a thread that is not parked.

use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

// ANCHOR: main
fn main() {
    let (sender, returned) = channel();
    let sleeper = thread::spawn(move || {
        thread::current().unpark();
        thread::current().unpark();
        for _ in 0..2 {
            thread::park();
            sender.send(()).unwrap();
        }
    });

    returned.recv().unwrap();
    println!("first park: returned");
    let second = returned.recv_timeout(Duration::from_millis(500));
    println!("second park: returned? {}", second.is_ok());
    sleeper.thread().unpark();
    returned.recv().unwrap();
    println!("second park, after a third unpark: returned");
}
// ANCHOR_END: main
