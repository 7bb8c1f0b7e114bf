//! The check of `bell`: it chooses the moment of the ring, and counts who is woken.

use std::hint;
use std::process::exit;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::atomic::{AtomicBool, AtomicU32};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use kettle::machinery::{Context, Future, Poll, Wake, Waker};

#[path = "spy.rs"]
mod spy;
#[path = "../../block-on/watchdog.rs"]
mod watchdog;

use super::{Bell, Listen};
use spy::{Happening, spy};

/// Rings the bell at good and at bad moments, and says what is wrong.
pub(crate) fn check() {
    let mut wrong: Vec<&str> = [
        asked(
            before_the_first_poll,
            "It hangs if it is rung before the first poll.",
        ),
        asked(after_a_poll, "It hangs if it is rung after a poll."),
        asked(between_look_and_word, GAP_HANGS),
        asked(after_the_shift, "It hangs if two wakers come along."),
        asked(while_it_wakes, LOCKED),
    ]
    .into_iter()
    .flatten()
    .collect();
    // It polls in a wake, which hangs for whoever wakes under a lock.
    if wrong.is_empty() {
        wrong.extend(asked(
            ready_when_woken,
            "It hangs if it is polled in a wake.",
        ));
    }
    // Last: it takes luck, and who fails above needs none of it.
    if wrong.is_empty() {
        wrong.extend(asked(races, "It hangs when poll and ring race."));
    }
    for explanation in &wrong {
        println!("{explanation}\n");
    }
    if !wrong.is_empty() {
        exit(1);
    }
    println!("Every ring is heard, by the last who asked.");
}

const GAP: &str = "A ring is lost if it comes between the look and the word: the poll \
    found that the bell was not rung; then it was rung, and found no word; then the \
    poll left word, for a ring that is over. What if word is left before the look?";

const GAP_HANGS: &str = "It hangs if the bell is rung while the waker is cloned. Both \
    threads want something that the other one has.";

const FIRST: &str = "It was polled with one waker and then with another, and the ring \
    woke the first one only. Whoever asked last is the one who waits; the first has \
    gone home.";

const LOCKED: &str = "It hangs if the waker, when it is woken, rings the same bell: \
    `ring` calls `wake` while it holds a lock that `ring` needs. A waker is somebody \
    else's code. Take it out, give the lock back, then call.";

const EARLY: &str = "`ring` wakes first and notes the ring later. Whoever is woken may \
    poll at once, on another thread: that poll finds a bell that was not rung, and leaves \
    word that nobody will fetch. First make it true, then tell.";

type Trial = fn() -> Result<(), &'static str>;

/// Does a trial on a thread of its own, for a lock in it may never come free.
fn asked(trial: Trial, if_it_hangs: &'static str) -> Option<&'static str> {
    match watchdog::watched(trial) {
        Some(outcome) => outcome.err(),
        None => Some(if_it_hangs),
    }
}

/// Counts how often it is woken.
#[derive(Default)]
struct Count(AtomicU32);

impl Wake for Count {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, SeqCst);
    }
}

impl Count {
    fn new() -> (Arc<Count>, Waker) {
        let count = Arc::new(Count::default());
        (Arc::clone(&count), Waker::from(count))
    }

    fn get(&self) -> u32 {
        self.0.load(SeqCst)
    }
}

fn poll(listen: &mut Listen, waker: &Waker) -> Poll<()> {
    listen.poll(&mut Context::from_waker(waker))
}

fn before_the_first_poll() -> Result<(), &'static str> {
    let bell = Arc::new(Bell::default());
    bell.ring();
    match poll(&mut Listen(bell), &Waker::noop()) {
        Poll::Ready(()) => Ok(()),
        Poll::Pending => {
            Err("The bell was rung before the first poll, and the poll \
            says that it was not.")
        }
    }
}

fn after_a_poll() -> Result<(), &'static str> {
    let bell = Arc::new(Bell::default());
    let mut listen = Listen(Arc::clone(&bell));
    let (count, waker) = Count::new();
    if poll(&mut listen, &waker).is_ready() {
        return Err("It is ready before anybody has rung.");
    }
    bell.ring();
    if count.get() == 0 {
        return Err("It was polled, then the bell was rung, and nobody was woken.");
    }
    match poll(&mut listen, &waker) {
        Poll::Ready(()) => Ok(()),
        Poll::Pending => {
            Err("The ring has woken it, and the poll that follows says \
            that nobody has rung.")
        }
    }
}

/// The clone of the waker is where the ring falls.
fn between_look_and_word() -> Result<(), &'static str> {
    let bell = Arc::new(Bell::default());
    let mut listen = Listen(Arc::clone(&bell));
    let wakes = Arc::new(AtomicU32::new(0));
    let (begun, has_begun) = mpsc::channel();
    let waker = spy({
        let wakes = Arc::clone(&wakes);
        move |happening| match happening {
            Happening::Clone => _ = begun.send(ring_elsewhere(&bell)),
            Happening::Wake => _ = wakes.fetch_add(1, SeqCst),
        }
    });
    let polled = poll(&mut listen, &waker);
    for ringing in has_begun.try_iter() {
        ringing.join().expect("ringing does not panic");
    }
    match polled.is_ready() || wakes.load(SeqCst) > 0 {
        true => Ok(()),
        false => Err(GAP),
    }
}

/// Rings on another thread, and waits for that, unless somebody holds a lock.
fn ring_elsewhere(bell: &Arc<Bell>) -> thread::JoinHandle<()> {
    let bell = Arc::clone(bell);
    let (done, is_done) = mpsc::channel();
    let ringing = thread::spawn(move || {
        bell.ring();
        _ = done.send(());
    });
    _ = is_done.recv_timeout(Duration::from_millis(100));
    ringing
}

fn after_the_shift() -> Result<(), &'static str> {
    let bell = Arc::new(Bell::default());
    let mut listen = Listen(Arc::clone(&bell));
    let (first, waker) = Count::new();
    _ = poll(&mut listen, &waker);
    let (second, waker) = Count::new();
    _ = poll(&mut listen, &waker);
    bell.ring();
    match (first.get(), second.get()) {
        (_, 1..) => Ok(()),
        (0, 0) => Err("It was polled twice, then rung, and nobody was woken."),
        _ => Err(FIRST),
    }
}

/// A waker that rings the same bell, once. Nobody should, and any waker may.
fn while_it_wakes() -> Result<(), &'static str> {
    let bell = Arc::new(Bell::default());
    let (again, woken) = (Arc::clone(&bell), AtomicU32::new(0));
    let waker = spy(move |happening| {
        if happening == Happening::Wake && woken.fetch_add(1, SeqCst) == 0 {
            again.ring();
        }
    });
    _ = poll(&mut Listen(Arc::clone(&bell)), &waker);
    bell.ring();
    Ok(())
}

/// A waker that asks at once whether it was woken for something.
fn ready_when_woken() -> Result<(), &'static str> {
    let bell = Arc::new(Bell::default());
    let (asked, is_early) = (Arc::clone(&bell), Arc::new(AtomicBool::new(false)));
    let early = Arc::clone(&is_early);
    let waker = spy(move |happening| {
        if happening == Happening::Wake {
            let polled = poll(&mut Listen(Arc::clone(&asked)), &Waker::noop());
            early.store(polled.is_pending(), SeqCst);
        }
    });
    _ = poll(&mut Listen(Arc::clone(&bell)), &waker);
    bell.ring();
    match is_early.load(SeqCst) {
        true => Err(EARLY),
        false => Ok(()),
    }
}

/// Poll and ring at the same time, again and again: what the other trials cannot place.
fn races() -> Result<(), &'static str> {
    let bells: Vec<Arc<Bell>> = (0..20_000).map(|_| Arc::default()).collect();
    let (ours, theirs) = (AtomicU32::new(0), AtomicU32::new(0));
    let (began, is_over) = (Instant::now(), AtomicBool::new(false));
    thread::scope(|scope| {
        scope.spawn(|| {
            for (n, bell) in (1..).step_by(2).zip(&bells) {
                meet(n, &theirs, &ours);
                if is_over.load(SeqCst) {
                    break;
                }
                (0..n % 32).for_each(|_| hint::spin_loop());
                bell.ring();
                meet(n + 1, &theirs, &ours);
            }
        });
        let mut outcome = Ok(());
        for (n, bell) in (1..).step_by(2).zip(&bells) {
            // A busy machine may run fewer races.
            let late = began.elapsed() > Duration::from_millis(300);
            is_over.store(late || outcome.is_err(), SeqCst);
            meet(n, &ours, &theirs);
            if is_over.load(SeqCst) {
                break;
            }
            let (count, waker) = Count::new();
            let polled = poll(&mut Listen(Arc::clone(bell)), &waker);
            meet(n + 1, &ours, &theirs);
            if polled.is_pending() && count.get() == 0 {
                outcome = Err(GAP);
            }
        }
        outcome
    })
}

/// Waits, awake, until the other one has come as far.
fn meet(n: u32, mine: &AtomicU32, other: &AtomicU32) {
    mine.store(n, SeqCst);
    for turn in 1_u32.. {
        if other.load(SeqCst) >= n {
            return;
        }
        match turn % 1_000 {
            0 => thread::yield_now(),
            _ => hint::spin_loop(),
        }
    }
}
