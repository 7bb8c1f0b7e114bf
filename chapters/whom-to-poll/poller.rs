//! A poller for machines of any kind. It never sleeps: with nobody worth a poll, it
//! returns, and the program does what the world outside would do.

#![allow(dead_code, unreachable_pub, reason = "each program uses a part of it")]

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use kettle::machinery::{Context, Future, Wake, Waker};

/// The numbers of those that are worth a poll.
type ReadyList = Mutex<VecDeque<usize>>;

/// What a waker of this poller points to.
struct Note {
    number: usize,
    ready: Arc<ReadyList>,
}

impl Wake for Note {
    fn wake(self: Arc<Self>) {
        self.ready.lock().unwrap().push_back(self.number);
    }
}

pub type Machine = Box<dyn Future<Output = ()>>;

/// Some machines, and the list of those that are worth a poll.
#[derive(Default)]
pub struct Poller {
    machines: Vec<Option<Machine>>,
    ready: Arc<ReadyList>,
    pub polls: u32,
}

impl Poller {
    /// Takes a machine in, and puts it on the list: somebody has to ask it first.
    pub fn take_in(&mut self, machine: Machine) {
        let number = self.machines.len();
        self.machines.push(Some(machine));
        self.ready.lock().unwrap().push_back(number);
    }

    /// Polls until the list is empty.
    pub fn run(&mut self) {
        while let Some(number) = self.next() {
            let Some(machine) = &mut self.machines[number] else {
                continue; // it is done, or somebody else's by now
            };
            let ready = Arc::clone(&self.ready);
            let waker = Waker::from(Arc::new(Note { number, ready }));
            self.polls += 1;
            if machine.poll(&mut Context::from_waker(&waker)).is_ready() {
                self.machines[number] = None;
            }
        }
    }

    fn next(&self) -> Option<usize> {
        self.ready.lock().unwrap().pop_front()
    }

    /// Gives a machine away that is not done yet.
    pub fn give_away(&mut self, number: usize) -> Option<Machine> {
        self.machines[number].take()
    }

    /// Whether all machines are done or given away.
    pub fn is_done(&self) -> bool {
        self.machines.iter().all(Option::is_none)
    }
}
