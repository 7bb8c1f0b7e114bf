//! Two teas joined, and what one ampersand does.

mod join;
mod kitchen;
mod tea;

use join::{Half, join};
use kettle::machinery::Poll;
use kitchen::{ASSAM, Machine, SENCHA, now, run};
use tea::Tea;

/// Both, with another ampersand.
struct OtherJoin<A: Machine, B: Machine>(Half<A>, Half<B>);

impl<A: Machine, B: Machine> Machine for OtherJoin<A, B> {
    type Output = (A::Output, B::Output);

    // ANCHOR: other
    fn poll(&mut self) -> Poll<Self::Output> {
        let both = self.0.poll().is_ready() && self.1.poll().is_ready();
        match both {
            true => Poll::Ready((self.0.take(), self.1.take())),
            false => Poll::Pending,
        }
    }
    // ANCHOR_END: other
}

fn other_join<A: Machine, B: Machine>(a: A, b: B) -> OtherJoin<A, B> {
    OtherJoin(Half::Waits(a), Half::Waits(b))
}

fn main() {
    // ANCHOR: main
    let began = now();
    let _ = run(join(Tea::of(ASSAM), Tea::of(SENCHA)));
    println!("&   {} minutes", now() - began);

    let began = now();
    let _ = run(other_join(Tea::of(ASSAM), Tea::of(SENCHA)));
    println!("&&  {} minutes", now() - began);

    // ANCHOR_END: main
}
