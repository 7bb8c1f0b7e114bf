//! Guests for the exercises: connections that a program speaks through, not a wire, so
//! that each run is the same and every question is counted.

#![allow(dead_code, unreachable_pub, reason = "each exercise uses a part of it")]

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::io;
use std::rc::Rc;

/// After so many questions in vain, one after another, nothing will ever come.
const PATIENCE: u32 = 10_000;

/// What a cook says when he would wait for ever.
pub const FOR_EVER: &str = "this cook waits for ever";

/// What all guests of one evening share.
#[derive(Default)]
pub struct Evening {
    orders: RefCell<Vec<usize>>,
    questions: Cell<u32>,
    in_vain_by_now: Cell<u32>,
    after_the_order: Cell<u32>,
}

impl Evening {
    pub fn questions(&self) -> u32 {
        self.questions.get()
    }

    /// Who has ordered, in the order in which it happened.
    pub fn orders(&self) -> Vec<usize> {
        self.orders.borrow().clone()
    }

    /// How often somebody was asked who had ordered, or had left.
    pub fn after_the_order(&self) -> u32 {
        self.after_the_order.get()
    }
}

/// When a guest speaks.
#[derive(Clone, Copy)]
pub enum Speaks {
    AtOnce,
    /// Once this one has ordered.
    After(usize),
    /// At the third question, and not before.
    ThirdTime,
    /// Never; the wire is cut.
    Lost,
}

/// A connection that does not block.
pub struct Guest {
    number: usize,
    order: String,
    speaks: Speaks,
    asked: u32,
    done: bool,
    evening: Rc<Evening>,
}

impl Guest {
    pub fn new(number: usize, speaks: Speaks, evening: &Rc<Evening>) -> Guest {
        Guest {
            number,
            order: format!("tea for {number}"),
            speaks,
            asked: 0,
            done: false,
            evening: Rc::clone(evening),
        }
    }

    /// The order; `WouldBlock` if it is not there yet; another error if the guest is
    /// lost for good.
    pub fn ask(&mut self) -> io::Result<String> {
        self.asked += 1;
        let evening = &self.evening;
        evening.questions.set(evening.questions.get() + 1);
        if self.done {
            evening
                .after_the_order
                .set(evening.after_the_order.get() + 1);
            return self.in_vain();
        }
        let there = match self.speaks {
            Speaks::AtOnce => true,
            Speaks::After(other) => evening.orders.borrow().contains(&other),
            Speaks::ThirdTime => self.asked >= 3,
            Speaks::Lost => {
                self.done = true;
                return Err(io::ErrorKind::ConnectionReset.into());
            }
        };
        if !there {
            return self.in_vain();
        }
        self.done = true;
        evening.in_vain_by_now.set(0);
        evening.orders.borrow_mut().push(self.number);
        Ok(self.order.clone())
    }

    fn in_vain(&self) -> io::Result<String> {
        let in_vain = self.evening.in_vain_by_now.get() + 1;
        self.evening.in_vain_by_now.set(in_vain);
        assert!(in_vain < PATIENCE, "{FOR_EVER}");
        Err(io::ErrorKind::WouldBlock.into())
    }
}

/// A kernel that says of each arrival once that it has come.
pub struct Kernel {
    /// What comes, and from whom, sweep by sweep.
    arrivals: VecDeque<Vec<(usize, Arrival)>>,
    arrived: Vec<VecDeque<Arrival>>,
    pub reads: u32,
    pub sweeps: u32,
    pub in_vain: u32,
}

/// What may come over a wire.
#[derive(Clone)]
pub enum Arrival {
    Bytes(&'static [u8]),
    /// The guest has gone.
    End,
}

impl Kernel {
    pub fn new(guests: usize, sweeps: &[&[(usize, Arrival)]]) -> Kernel {
        Kernel {
            arrivals: sweeps.iter().map(|sweep| sweep.to_vec()).collect(),
            arrived: vec![VecDeque::new(); guests],
            reads: 0,
            sweeps: 0,
            in_vain: 0,
        }
    }

    /// Sleeps until something has come, and says from whom.
    ///
    /// # Panics
    /// If nothing will ever come: no one would end this sleep.
    pub fn wait(&mut self) -> Vec<usize> {
        self.sweeps += 1;
        let sweep = self.arrivals.pop_front();
        let sweep = sweep.unwrap_or_else(|| panic!("{FOR_EVER}"));
        let mut told = Vec::new();
        for (guest, arrival) in sweep {
            self.arrived[guest].push_back(arrival);
            if !told.contains(&guest) {
                told.push(guest);
            }
        }
        told
    }

    /// Puts what has come from a guest into `buffer`, as much as fits. It never blocks:
    /// `Ok(0)` says that the guest has gone, `WouldBlock` that no more has come yet.
    pub fn read(&mut self, guest: usize, buffer: &mut [u8]) -> io::Result<usize> {
        self.reads += 1;
        match self.arrived[guest].pop_front() {
            None => {
                self.in_vain += 1;
                Err(io::ErrorKind::WouldBlock.into())
            }
            Some(Arrival::End) => {
                self.arrived[guest].push_front(Arrival::End);
                Ok(0)
            }
            Some(Arrival::Bytes(bytes)) => {
                let count = bytes.len().min(buffer.len());
                buffer[..count].copy_from_slice(&bytes[..count]);
                if count < bytes.len() {
                    let rest = Arrival::Bytes(&bytes[count..]);
                    self.arrived[guest].push_front(rest);
                }
                Ok(count)
            }
        }
    }
}
