//! A mark for who is on the list already, and when to take it away.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::{AcqRel, Release};
use std::sync::{Arc, Mutex};

use kettle::machinery::{Context, Future, Poll, Wake, Waker};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    None,
    ClearedAfter,
    ClearedBefore,
}

struct Note {
    mark: Mark,
    listed: AtomicBool,
    /// There is one machine here; a list of many would hold its number.
    ready: Mutex<VecDeque<()>>,
}

// ANCHOR: wake
impl Wake for Note {
    fn wake(self: Arc<Self>) {
        if self.mark != Mark::None && self.listed.swap(true, AcqRel) {
            return; // it is on the list already
        }
        self.ready.lock().unwrap().push_back(());
    }
}
// ANCHOR_END: wake

struct Cook {
    note: Arc<Note>,
    machine: Option<Box<dyn Future<Output = ()>>>,
    polls: u32,
}

impl Cook {
    fn with(mark: Mark, machine: impl Future<Output = ()> + 'static) -> Cook {
        let note = Arc::new(Note {
            mark,
            listed: AtomicBool::new(false),
            ready: Mutex::default(),
        });
        Arc::clone(&note).wake();
        Cook {
            note,
            machine: Some(Box::new(machine)),
            polls: 0,
        }
    }

    // ANCHOR: run
    /// Polls until the list is empty.
    fn run(&mut self) {
        let waker = Waker::from(Arc::clone(&self.note));
        let mut cx = Context::from_waker(&waker);
        while self.next() {
            if self.note.mark == Mark::ClearedBefore {
                self.note.listed.swap(false, AcqRel);
            }
            if let Some(machine) = &mut self.machine {
                self.polls += 1;
                if machine.poll(&mut cx).is_ready() {
                    self.machine = None;
                }
            }
            if self.note.mark == Mark::ClearedAfter {
                self.note.listed.store(false, Release);
            }
        }
    }
    // ANCHOR_END: run

    fn next(&self) -> bool {
        self.note.ready.lock().unwrap().pop_front().is_some()
    }

    fn outcome(&self) -> String {
        match (&self.machine, self.polls) {
            (Some(_), polls) => format!("stuck after {polls}"),
            (None, polls) => format!("{polls}"),
        }
    }
}

type Word = Rc<RefCell<Option<Waker>>>;

/// Is ready at its `last` poll. Leaves word in each one, and in its first may be woken
/// before it is over.
struct Machine {
    last: u32,
    polls: u32,
    woken_inside: bool,
    word: Word,
}

impl Future for Machine {
    type Output = ();

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.polls += 1;
        *self.word.borrow_mut() = Some(cx.waker().clone());
        if self.polls == self.last {
            return Poll::Ready(());
        }
        if self.woken_inside && self.polls == 1 {
            cx.waker().wake_by_ref();
        }
        Poll::Pending
    }
}

fn cook(mark: Mark, last: u32, woken_inside: bool) -> (Cook, Word) {
    let word = Word::default();
    let machine = Machine {
        last,
        polls: 0,
        woken_inside,
        word: Rc::clone(&word),
    };
    let mut cook = Cook::with(mark, machine);
    cook.run();
    (cook, word)
}

fn wake(word: &Word) {
    let waker = word.borrow().clone();
    waker.expect("it was polled").wake();
}

/// Woken five times while it sits on the list, and once more to end it.
fn five_times(mark: Mark) -> String {
    let (mut cook, word) = cook(mark, 100, false);
    for _ in 0..5 {
        wake(&word);
    }
    cook.run();
    format!("{}", cook.polls)
}

fn inside(mark: Mark) -> String {
    cook(mark, 2, true).0.outcome()
}

fn after_the_end(mark: Mark) -> String {
    let (mut cook, word) = cook(mark, 1, false);
    wake(&word);
    cook.run();
    cook.outcome()
}

fn main() {
    let rows = [
        ("no mark", Mark::None),
        ("cleared after the poll", Mark::ClearedAfter),
        ("cleared before the poll", Mark::ClearedBefore),
    ];
    println!(
        "{:24}{:>11}{:>16}{:>13}",
        "polls, if woken", "five times", "in its poll", "at the end"
    );
    for (name, mark) in rows {
        let (five, inside) = (five_times(mark), inside(mark));
        let end = after_the_end(mark);
        println!("{name:24}{five:>11}{inside:>16}{end:>13}");
    }
}
