//! The solution of `first`: `b` is asked only if `a` has no answer.

use kettle::machinery::Poll;

#[path = "../exercises/first_check.rs"]
mod check;
#[path = "../kitchen.rs"]
mod kitchen;

use check::Won;
use kitchen::Machine;

fn main() {
    check::check();
}

/// `None` when it was ready: then there is nothing left to ask.
struct First<A, B>(Option<(A, B)>);

impl<A: Machine, B: Machine> Machine for First<A, B> {
    type Output = Won<A, B>;

    fn poll(&mut self) -> Poll<Won<A, B>> {
        let (mut a, mut b) = self.0.take().expect("it was ready before");
        if let Poll::Ready(answer) = a.poll() {
            return Poll::Ready(Won::A(answer, b));
        }
        if let Poll::Ready(answer) = b.poll() {
            return Poll::Ready(Won::B(answer, a));
        }
        self.0 = Some((a, b));
        Poll::Pending
    }
}
