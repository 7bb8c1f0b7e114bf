//! Machines for the exercises: they do what a script says, and count.

#![allow(dead_code, unreachable_pub, reason = "each exercise uses a part of it")]

use std::any::Any;
use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::rc::Rc;

use kettle::machinery::Poll;

use super::kitchen::Machine;

/// How often a scripted machine was asked.
pub type Asked = Rc<Cell<u32>>;

/// Says `Pending` so many times, and then gives its answer.
pub struct Scripted {
    name: &'static str,
    pending: u32,
    done: bool,
    pub asked: Asked,
}

pub const AGAIN: &str = "was polled after it was ready";

impl Scripted {
    pub fn after(pending: u32, name: &'static str) -> Scripted {
        Scripted {
            name,
            pending,
            done: false,
            asked: Asked::default(),
        }
    }
}

impl Machine for Scripted {
    type Output = &'static str;

    fn poll(&mut self) -> Poll<&'static str> {
        assert!(!self.done, "{} {AGAIN}", self.name);
        self.asked.set(self.asked.get() + 1);
        if self.asked.get() <= self.pending {
            return Poll::Pending;
        }
        self.done = true;
        Poll::Ready(self.name)
    }
}

/// A poll or a whole run; the panic's words if it panics.
pub fn caught<T>(run: impl FnOnce() -> T) -> Result<T, String> {
    panic::catch_unwind(AssertUnwindSafe(run)).map_err(|panic| words(&*panic))
}

fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("without a word").to_owned()
}
