//! A thousand kettles, and a cook who asks each of them every minute.

use std::cell::Cell;
use std::rc::Rc;

use kettle::machinery::Poll;

// ANCHOR: kettle
/// Something that can be asked again and again.
trait Machine {
    fn poll(&mut self) -> Poll<()>;
}

struct Kettle {
    boils_at: u32,
    clock: Rc<Cell<u32>>,
}

impl Machine for Kettle {
    fn poll(&mut self) -> Poll<()> {
        match self.clock.get() >= self.boils_at {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    }
}
// ANCHOR_END: kettle

fn main() {
    let clock = Rc::new(Cell::new(0));
    let mut kettles: Vec<Kettle> = (500..1_500)
        .map(|boils_at| Kettle {
            boils_at,
            clock: Rc::clone(&clock),
        })
        .collect();

    // ANCHOR: round
    let (mut polls, mut in_vain) = (0, 0);
    while !kettles.is_empty() {
        kettles.retain_mut(|kettle| {
            polls += 1;
            let cold = kettle.poll().is_pending();
            in_vain += u32::from(cold);
            cold
        });
        clock.set(clock.get() + 1); // a minute passes
    }
    println!("{polls} polls, {in_vain} of them in vain");
    // ANCHOR_END: round
}
