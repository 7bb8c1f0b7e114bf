//! ★ Whichever is ready first.
//!
//! What is asked of `First`:
//! 1. It is ready as soon as one of both is, in the same poll, with that one's answer.
//! 2. It gives the other machine back, as it is, so that somebody can go on asking it:
//!    `Won::A(answer, b)` or `Won::B(answer, a)`.
//! 3. If both are ready, `a` wins, and `b` is not asked in that poll: an answer that
//!    nobody takes would be lost.
//!
//! `cargo kettle check two-things/first` says what is wrong with this one.

use kettle::machinery::Poll;

#[path = "first_check.rs"]
mod check;
#[path = "../kitchen.rs"]
mod kitchen;

use check::Won;
use kitchen::Machine;

fn main() {
    check::check();
}

// ------------------------------------------------------------------ yours begins here

/// `None` when it was ready: then there is nothing left to ask.
struct First<A, B>(Option<(A, B)>);

impl<A: Machine, B: Machine> Machine for First<A, B> {
    type Output = Won<A, B>;

    fn poll(&mut self) -> Poll<Won<A, B>> {
        let (a, _) = self.0.as_mut().expect("it was ready, and is polled again");
        match a.poll() {
            Poll::Ready(answer) => {
                let (_, b) = self.0.take().expect("it was there a moment ago");
                Poll::Ready(Won::A(answer, b))
            }
            Poll::Pending => Poll::Pending,
        }
    }
}

// -------------------------------------------------------------------- yours ends here
