//! The solution of `poller`: a list under a lock, and a mark for who is on it.

use std::collections::VecDeque;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::AcqRel;
use std::sync::{Arc, Condvar, Mutex};

use kettle::machinery::{Context, Future, Wake, Waker};

#[path = "../exercises/poller_check.rs"]
mod check;

fn main() {
    check::check();
}

/// Who is worth a poll, and the sleep of the one who polls.
#[derive(Default)]
struct Ready {
    list: Mutex<VecDeque<usize>>,
    no_longer_empty: Condvar,
}

impl Ready {
    /// Sleeps until somebody is on the list, and takes the first.
    fn next(&self) -> usize {
        let mut list = self.list.lock().unwrap();
        loop {
            match list.pop_front() {
                Some(number) => return number,
                None => list = self.no_longer_empty.wait(list).unwrap(),
            }
        }
    }
}

struct Note {
    number: usize,
    listed: AtomicBool,
    ready: Arc<Ready>,
}

impl Wake for Note {
    fn wake(self: Arc<Self>) {
        if !self.listed.swap(true, AcqRel) {
            self.ready.list.lock().unwrap().push_back(self.number);
            self.ready.no_longer_empty.notify_one();
        }
    }
}

fn run(machines: Vec<Box<dyn Future<Output = ()>>>) {
    let ready = Arc::new(Ready::default());
    let mut tasks: Vec<_> = machines
        .into_iter()
        .enumerate()
        .map(|(number, machine)| {
            let note = Arc::new(Note {
                number,
                listed: AtomicBool::new(false),
                ready: Arc::clone(&ready),
            });
            Arc::clone(&note).wake();
            (note, Some(machine))
        })
        .collect();

    let mut left = tasks.len();
    while left > 0 {
        let (note, place) = &mut tasks[ready.next()];
        note.listed.swap(false, AcqRel); // before the poll: it may wake again
        let Some(machine) = place else { continue };
        let waker = Waker::from(Arc::clone(note));
        if machine.poll(&mut Context::from_waker(&waker)).is_ready() {
            *place = None;
            left -= 1;
        }
    }
}
