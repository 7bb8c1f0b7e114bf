//! A thousand kettles, and a cook who asks those that have whistled.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use kettle::machinery::Poll;

// ANCHOR: waker
/// Which machine it is, and the list of those that are worth a poll.
#[derive(Clone)]
struct Waker {
    number: usize,
    ready: Rc<RefCell<VecDeque<usize>>>,
}

impl Waker {
    fn wake(self) {
        self.ready.borrow_mut().push_back(self.number);
    }
}
// ANCHOR_END: waker

/// Something that can be asked, and is told where to leave word.
trait Machine {
    fn poll(&mut self, waker: &Waker) -> Poll<()>;
}

// ANCHOR: stove
/// A clock that goes by minutes, and for each minute whom to tell.
#[derive(Default)]
struct Stove {
    minute: u32,
    whistles: BTreeMap<u32, Vec<Waker>>,
}

fn a_minute_passes(stove: &RefCell<Stove>) {
    let due = {
        let mut stove = stove.borrow_mut();
        stove.minute += 1;
        let minute = stove.minute;
        stove.whistles.remove(&minute)
    };
    due.into_iter().flatten().for_each(Waker::wake);
}
// ANCHOR_END: stove

struct Kettle {
    boils_at: u32,
    stove: Rc<RefCell<Stove>>,
}

impl Machine for Kettle {
    fn poll(&mut self, waker: &Waker) -> Poll<()> {
        let mut stove = self.stove.borrow_mut();
        if stove.minute >= self.boils_at {
            return Poll::Ready(());
        }
        let whistles = stove.whistles.entry(self.boils_at).or_default();
        whistles.push(waker.clone());
        Poll::Pending
    }
}

fn main() {
    let stove = Rc::new(RefCell::new(Stove::default()));
    let mut kettles: Vec<Option<Kettle>> = (500..1_500)
        .map(|boils_at| {
            let stove = Rc::clone(&stove);
            Some(Kettle { boils_at, stove })
        })
        .collect();

    // ANCHOR: round
    let everybody: VecDeque<usize> = (0..kettles.len()).collect();
    let ready = Rc::new(RefCell::new(everybody));
    let (mut polls, mut in_vain, mut cups) = (0, 0, 0);
    while cups < kettles.len() {
        let next = ready.borrow_mut().pop_front();
        let Some(number) = next else {
            a_minute_passes(&stove);
            continue;
        };
        let Some(kettle) = &mut kettles[number] else {
            continue; // it is done: the word came late
        };
        polls += 1;
        let ready = Rc::clone(&ready);
        match kettle.poll(&Waker { number, ready }) {
            Poll::Pending => in_vain += 1,
            Poll::Ready(()) => {
                kettles[number] = None;
                cups += 1;
            }
        }
    }
    println!("{polls} polls, {in_vain} of them in vain");
    // ANCHOR_END: round
}
