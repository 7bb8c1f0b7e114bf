//! Waiting for both of two machines, written by hand.

#![allow(dead_code, unreachable_pub, reason = "each program uses a part of it")]

use std::mem;

use kettle::machinery::Poll;

use super::kitchen::Machine;

/// A machine, then its answer, then nothing.
pub enum Half<M: Machine> {
    Waits(M),
    Done(M::Output),
    Taken,
}

impl<M: Machine> Machine for Half<M> {
    type Output = ();

    /// Asks, unless the answer is here already.
    fn poll(&mut self) -> Poll<()> {
        if let Half::Waits(machine) = self {
            match machine.poll() {
                Poll::Ready(output) => *self = Half::Done(output),
                Poll::Pending => return Poll::Pending,
            }
        }
        Poll::Ready(())
    }
}

impl<M: Machine> Half<M> {
    pub fn take(&mut self) -> M::Output {
        match mem::replace(self, Half::Taken) {
            Half::Done(output) => output,
            _ => panic!("this join was ready, and was polled again"),
        }
    }
}

pub struct Join<A: Machine, B: Machine>(Half<A>, Half<B>);

pub fn join<A: Machine, B: Machine>(a: A, b: B) -> Join<A, B> {
    Join(Half::Waits(a), Half::Waits(b))
}

impl<A: Machine, B: Machine> Machine for Join<A, B> {
    type Output = (A::Output, B::Output);

    fn poll(&mut self) -> Poll<Self::Output> {
        let both = self.0.poll().is_ready() & self.1.poll().is_ready();
        match both {
            true => Poll::Ready((self.0.take(), self.1.take())),
            false => Poll::Pending,
        }
    }
}
