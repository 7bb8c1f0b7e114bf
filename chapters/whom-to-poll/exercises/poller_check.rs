//! The check of `poller`: scripted machines that count how often they are polled. The
//! clock is asked only how long to wait for what never ends.

use std::collections::BTreeMap;
use std::panic;
use std::process::exit;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::atomic::{AtomicBool, AtomicU32};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use kettle::machinery::{Context, Future, Poll, Waker};

#[path = "../../block-on/watchdog.rs"]
mod watchdog;

/// Puts `run` through everything its header asks for.
pub(crate) fn check() {
    panic::set_hook(Box::new(|panic| println!("{panic}\n")));
    let wrong: Vec<String> = [
        asked(nobody, "It hangs with no machine at all."),
        asked(
            ready_at_once,
            "It hangs if a machine is ready at its first poll.",
        ),
        asked(woken_in_its_poll, WOKEN_IN_ITS_POLL),
        asked(
            woken_thrice,
            "It hangs if a machine is woken three times at once.",
        ),
        asked(woken_from_a_thread, WOKEN_FROM_A_THREAD),
        asked(only_the_woken, "It hangs if one machine wakes another."),
        asked(in_order, "It hangs if one machine wakes three others."),
        asked(restless, RESTLESS),
        asked(
            woken_too_late,
            "It hangs if a machine is woken that is done.",
        ),
    ]
    .into_iter()
    .flatten()
    .collect();
    for explanation in &wrong {
        println!("{explanation}\n");
    }
    if !wrong.is_empty() {
        exit(1);
    }
    println!("One poll, and one more for each wake that needs one.");
}

const WOKEN_IN_ITS_POLL: &str = "It hangs if a machine is woken during its own poll, \
    and then says `Pending`. If there is a mark for who is on the list already: when \
    is it taken away, and what does a wake do that comes before that? If there is a \
    lock: is it held during the poll, and does `wake` need it?";

const WOKEN_FROM_A_THREAD: &str = "It hangs if the only wake comes from another \
    thread, when everything else is at rest. Who ends the sleep?";

const RESTLESS: &str = "It hangs if one machine wakes itself in each poll until \
    another one is done: the other one never gets its turn. Whoever is woken goes to \
    the end of the list.";

type Machine = Box<dyn Future<Output = ()>>;
type Outcome = Result<(), String>;

/// Does a trial on a thread of its own; `Some` says what is wrong.
fn asked(trial: fn() -> Outcome, if_it_hangs: &str) -> Option<String> {
    let ended = watchdog::watched(move || thread::spawn(trial).join());
    match ended {
        Some(Ok(outcome)) => outcome.err(),
        Some(Err(_)) => Some("It panics; the message stands above.".to_owned()),
        None => Some(if_it_hangs.to_owned()),
    }
}

/// A machine of a closure, which is told how often it was polled before.
struct Script<F> {
    polls: Arc<AtomicU32>,
    poll: F,
    is_done: bool,
}

impl<F: FnMut(u32, &Waker) -> Poll<()>> Future for Script<F> {
    type Output = ();

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        assert!(!self.is_done, "a machine was polled that was done already");
        let before = self.polls.fetch_add(1, SeqCst);
        let polled = (self.poll)(before, cx.waker());
        self.is_done = polled.is_ready();
        polled
    }
}

/// The machine, and the count of its polls.
fn script(
    poll: impl FnMut(u32, &Waker) -> Poll<()> + 'static,
) -> (Machine, Arc<AtomicU32>) {
    let polls = Arc::new(AtomicU32::new(0));
    let machine = Script {
        polls: Arc::clone(&polls),
        poll,
        is_done: false,
    };
    (Box::new(machine), polls)
}

fn ready_if(ready: bool) -> Poll<()> {
    match ready {
        true => Poll::Ready(()),
        false => Poll::Pending,
    }
}

fn polled(polls: &AtomicU32, expected: u32, why: &str) -> Outcome {
    match polls.load(SeqCst) {
        polls if polls == expected => Ok(()),
        1 => Err(format!(
            "It polled a machine once, not {expected} times. {why}"
        )),
        polls => Err(format!(
            "It polled a machine {polls} times, not {expected}. {why}"
        )),
    }
}

fn nobody() -> Outcome {
    super::run(Vec::new());
    Ok(())
}

fn ready_at_once() -> Outcome {
    let (machine, polls) = script(|_, _| Poll::Ready(()));
    super::run(vec![machine]);
    polled(&polls, 1, "The machine was ready at its first poll.")
}

fn woken_in_its_poll() -> Outcome {
    let (machine, polls) = script(|before, waker| {
        if before < 5 {
            waker.wake_by_ref();
        }
        ready_if(before == 5)
    });
    super::run(vec![machine]);
    polled(
        &polls,
        6,
        "The machine woke itself in each of five polls and was ready in the next.",
    )
}

/// Three wakes before the next poll, and a fourth much later.
fn woken_thrice() -> Outcome {
    let boils = Arc::new(AtomicBool::new(false));
    let word: Arc<Mutex<Option<Waker>>> = Arc::default();
    let (water, left) = (Arc::clone(&boils), Arc::clone(&word));
    let (machine, polls) = script(move |before, waker| {
        *left.lock().unwrap() = Some(waker.clone());
        if before == 0 {
            (0..3).for_each(|_| waker.wake_by_ref());
        }
        ready_if(water.load(SeqCst))
    });
    let (stove, _) = script(move |before, waker| {
        if before < 5 {
            waker.wake_by_ref();
            return Poll::Pending;
        }
        boils.store(true, SeqCst);
        wake(&word);
        Poll::Ready(())
    });
    super::run(vec![machine, stove]);
    polled(
        &polls,
        3,
        "It was woken three times before its second poll, which is worth one poll, and \
         once before the third.",
    )
}

/// Wakes whoever has left word.
fn wake(word: &Mutex<Option<Waker>>) {
    let waker = word.lock().unwrap().take();
    waker.into_iter().for_each(Waker::wake);
}

/// It sleeps for a while: whoever asks all the time is found out.
fn woken_from_a_thread() -> Outcome {
    let mut boils = None;
    let (machine, polls) = script(move |_, waker| {
        let Some(boils) = &boils else {
            let water = Arc::new(AtomicBool::new(false));
            boils = Some(Arc::clone(&water));
            boil_later(water, waker.clone());
            return Poll::Pending;
        };
        ready_if(boils.load(SeqCst))
    });
    super::run(vec![machine]);
    polled(
        &polls,
        2,
        "It was woken once, from another thread, and is not worth a poll before that.",
    )
}

fn boil_later(water: Arc<AtomicBool>, waker: Waker) {
    thread::spawn(move || {
        thread::sleep(Duration::from_millis(20));
        water.store(true, SeqCst);
        waker.wake();
    });
}

/// One machine wakes another, and a third is at rest meanwhile.
fn only_the_woken() -> Outcome {
    let word: Arc<Mutex<Option<Waker>>> = Arc::default();
    let left = Arc::clone(&word);
    let (waiting, polls) = script(move |before, waker| {
        *left.lock().unwrap() = Some(waker.clone());
        ready_if(before == 3)
    });
    let (idle, idle_polls) = waiting_for(Arc::clone(&polls), 4);
    let (waking, _) = script(move |before, waker| {
        if before == 3 {
            return Poll::Ready(());
        }
        wake(&word);
        waker.wake_by_ref();
        Poll::Pending
    });
    super::run(vec![idle, waiting, waking]);
    polled(&polls, 4, "That machine was woken three times by another.")?;
    polled(
        &idle_polls,
        2,
        "That one had left word and was woken once, while others were woken again and \
         again.",
    )
}

/// A machine that is woken once, when somebody else was polled so many times.
fn waiting_for(others: Arc<AtomicU32>, many: u32) -> (Machine, Arc<AtomicU32>) {
    script(move |_, waker| {
        if others.load(SeqCst) >= many {
            return Poll::Ready(());
        }
        let (others, waker) = (Arc::clone(&others), waker.clone());
        thread::spawn(move || {
            while others.load(SeqCst) < many {
                thread::yield_now();
            }
            waker.wake();
        });
        Poll::Pending
    })
}

fn in_order() -> Outcome {
    let words: Arc<Mutex<BTreeMap<u32, Waker>>> = Arc::default();
    let order: Arc<Mutex<Vec<u32>>> = Arc::default();
    let sleeper = |number| {
        let (words, order) = (Arc::clone(&words), Arc::clone(&order));
        let poll = move |before, waker: &Waker| {
            match before {
                0 => _ = words.lock().unwrap().insert(number, waker.clone()),
                _ => order.lock().unwrap().push(number),
            }
            ready_if(before == 1)
        };
        script(poll).0
    };
    let mut machines = Vec::from([1, 2, 3].map(sleeper));
    let (waking, _) = script(move |_, waker| {
        let words = words.lock().unwrap().clone();
        if words.len() < 3 {
            waker.wake_by_ref();
            return Poll::Pending;
        }
        [3, 1, 2]
            .iter()
            .for_each(|number| words[number].wake_by_ref());
        Poll::Ready(())
    });
    machines.push(waking);
    super::run(machines);
    match order.lock().unwrap()[..] {
        [3, 1, 2] => Ok(()),
        ref order => Err(format!(
            "Machine 3 was woken, then 1, then 2. They were polled in another order: \
             {order:?}."
        )),
    }
}

fn restless() -> Outcome {
    let is_done = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&is_done);
    let (restless, _) = script(move |_, waker| {
        waker.wake_by_ref();
        ready_if(seen.load(SeqCst))
    });
    let (patient, _) = script(move |before, waker| {
        waker.wake_by_ref();
        is_done.store(before == 3, SeqCst);
        ready_if(before == 3)
    });
    super::run(vec![restless, patient]);
    Ok(())
}

/// Wakers that outlive what they wake.
fn woken_too_late() -> Outcome {
    let word: Arc<Mutex<Option<Waker>>> = Arc::default();
    let left = Arc::clone(&word);
    let (done, polls) = script(move |_, waker| {
        *left.lock().unwrap() = Some(waker.clone());
        Poll::Ready(())
    });
    let late = Arc::clone(&word);
    let (other, _) = script(move |before, waker| {
        let late = late.lock().unwrap().clone();
        late.into_iter().for_each(Waker::wake);
        waker.wake_by_ref();
        ready_if(before == 2)
    });
    super::run(vec![done, other]);
    wake(&word);
    polled(&polls, 1, "The machine was done after its first poll.")
}
