//! Our own machinery: the waker's contract, the bridges both ways, and that it is made
//! from nothing.

mod common;

use std::cell::{Cell, RefCell};
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use kettle::machinery::{
    Context, Executor, FromStd, Future, IntoStd, Pin, PinnedBox, PinnedFuture,
    Poll, Wake, Waker,
};
use proc_macro2::{TokenStream, TokenTree};

use common::count::{Count, poll_with};
use common::hostile::{HAPPENINGS, Happening, hostile};
use common::probe::{probe, ready_probe};
use common::watchdog::watched;

/// A waker of ours that counts.
#[derive(Default)]
struct Bell {
    rings: AtomicUsize,
}

impl Bell {
    fn new() -> (Arc<Bell>, Waker) {
        let bell = Arc::new(Bell::default());
        let waker = Waker::from(Arc::clone(&bell));
        (bell, waker)
    }

    fn rings(&self) -> usize {
        self.rings.load(Ordering::SeqCst)
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Bell>) {
        self.rings.fetch_add(1, Ordering::SeqCst);
    }
}

/// A future of ours that waits for a hand to give, and keeps the waker of its last poll.
#[derive(Clone, Default)]
struct Valve {
    state: Arc<Mutex<(Option<u32>, Option<Waker>)>>,
    polls: Arc<AtomicUsize>,
}

impl Valve {
    fn give(&self, value: u32) {
        let waker = {
            let mut state = self.state.lock().expect("nobody panics in here");
            state.0 = Some(value);
            state.1.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn waker(&self) -> Option<Waker> {
        self.state.lock().expect("nobody panics in here").1.clone()
    }

    fn polls(&self) -> usize {
        self.polls.load(Ordering::SeqCst)
    }
}

impl Future for Valve {
    type Output = u32;

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<u32> {
        self.polls.fetch_add(1, Ordering::SeqCst);
        let waker = cx.waker().clone();
        let mut state = self.state.lock().expect("nobody panics in here");
        match state.0.take() {
            Some(value) => Poll::Ready(value),
            None => {
                let before = state.1.replace(waker);
                drop(state);
                drop(before);
                Poll::Pending
            }
        }
    }
}

#[test]
fn every_life_of_a_waker_up_to_six_steps_counts_its_references_right() {
    // In each step one of the wakers at hand is cloned, woken by reference, woken by
    // value or dropped; the number of references and wakes must follow.
    fn live(steps: u32) {
        let (bell, first) = Bell::new();
        let mut wakers = vec![first];
        let (mut code, mut wakes) = (steps, 0);
        for _ in 0..6 {
            let step = code % 4;
            code /= 4;
            let Some(waker) = wakers.pop() else { break };
            match step {
                0 => {
                    wakers.push(waker.clone());
                    wakers.push(waker);
                }
                1 => {
                    waker.wake_by_ref();
                    wakers.push(waker);
                    wakes += 1;
                }
                2 => {
                    waker.wake();
                    wakes += 1;
                }
                _ => drop(waker),
            }
            assert_eq!(Arc::strong_count(&bell), 1 + wakers.len(), "life {steps}");
            assert_eq!(bell.rings(), wakes, "life {steps}");
        }
    }
    (0..4_u32.pow(6)).for_each(live);
}

#[test]
fn a_waker_may_go_to_other_threads() {
    let (bell, waker) = Bell::new();
    thread::scope(|scope| {
        for _ in 0..8 {
            let waker = waker.clone();
            scope.spawn(move || {
                for _ in 0..100 {
                    waker.clone().wake();
                    waker.wake_by_ref();
                }
            });
        }
    });
    assert_eq!(bell.rings(), 8 * 200);
    assert_eq!(Arc::strong_count(&bell), 2);
}

#[test]
fn a_waker_that_panics_while_it_wakes_is_ended_all_the_same() {
    struct Broken;
    impl Wake for Broken {
        fn wake(self: Arc<Broken>) {
            panic!("wake");
        }
    }
    let broken = Arc::new(Broken);
    let waker = Waker::from(Arc::clone(&broken));
    let by_ref = catch_unwind(AssertUnwindSafe(|| waker.wake_by_ref()));
    assert!(by_ref.is_err());
    assert_eq!(Arc::strong_count(&broken), 2);
    assert!(catch_unwind(AssertUnwindSafe(|| waker.wake())).is_err());
    assert_eq!(Arc::strong_count(&broken), 1);
}

#[test]
fn will_wake_knows_clones_from_strangers_and_noop_wakes_nobody() {
    let (_bell, waker) = Bell::new();
    let (_other, stranger) = Bell::new();
    assert!(waker.will_wake(&waker.clone()));
    assert!(!waker.will_wake(&stranger));
    assert!(Waker::noop().will_wake(&Waker::noop().clone()));
    Waker::noop().wake_by_ref();
    Waker::noop().wake();
}

#[test]
fn the_executor_polls_each_task_as_often_as_it_was_woken() {
    watched(|| {
        let valves: Vec<Valve> = (0..100).map(|_| Valve::default()).collect();
        let mut executor = Executor::default();
        let sum = Rc::new(Cell::new(0));
        for valve in valves.clone() {
            executor.spawn(adding(valve, &sum));
        }
        let giver = thread::spawn({
            let valves = valves.clone();
            move || {
                for valve in &valves {
                    // Only who has been polled waits; spinning here is the test's own.
                    while valve.waker().is_none() {
                        thread::yield_now();
                    }
                    valve.give(1);
                }
            }
        });
        executor.run();
        giver.join().expect("a giver does not panic");
        assert_eq!(sum.get(), 100);
        assert!(valves.iter().all(|valve| valve.polls() == 2));
    });
}

/// A future of ours that adds what a valve gives.
fn adding(
    mut valve: Valve,
    sum: &Rc<Cell<u32>>,
) -> impl Future<Output = ()> + use<> {
    struct Adding<F>(F);
    impl<F: FnMut(&mut Context<'_>) -> Poll<()>> Future for Adding<F> {
        type Output = ();
        fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
            (self.0)(cx)
        }
    }
    let sum = Rc::clone(sum);
    Adding(move |cx: &mut Context<'_>| {
        valve.poll(cx).map(|value| sum.set(sum.get() + value))
    })
}

#[test]
fn a_wake_during_the_poll_and_one_after_the_end_are_no_harm() {
    watched(|| {
        struct Restless(u32, Rc<RefCell<Option<Waker>>>);
        impl Future for Restless {
            type Output = ();
            fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
                cx.waker().wake_by_ref();
                *self.1.borrow_mut() = Some(cx.waker().clone());
                self.0 -= 1;
                if self.0 == 0 {
                    Poll::Ready(())
                } else {
                    Poll::Pending
                }
            }
        }
        let kept = Rc::default();
        let mut executor = Executor::default();
        executor.spawn(Restless(3, Rc::clone(&kept)));
        executor.run();
        let stale = kept.take().expect("it was polled");
        stale.wake_by_ref();
        executor.spawn(Restless(1, kept));
        executor.run();
        drop(executor);
        stale.wake();
    });
}

#[test]
fn a_future_of_ours_is_awaited_and_wakes_once_for_each_wake() {
    let valve = Valve::default();
    let inner = valve.clone();
    let mut future = Box::pin(async { IntoStd::new(inner).await + 1 });
    let (count, waker) = Count::new();
    assert!(poll_with(future.as_mut(), &waker).is_pending());
    let ours = valve.waker().expect("it waits");
    for wakes in 1..=3 {
        ours.wake_by_ref();
        assert_eq!(count.wakes(), wakes);
    }
    drop(ours);
    valve.give(41);
    assert_eq!(count.wakes(), 4);
    assert_eq!(
        poll_with(future.as_mut(), &waker),
        std::task::Poll::Ready(42)
    );
    drop(future);
    assert_eq!(count.others(), 0, "a waker is kept");
}

#[test]
fn a_future_of_stds_is_polled_by_ours_and_wakes_once_for_each_wake() {
    let (hand, probe) = probe();
    let mut future = FromStd::new(probe);
    let (bell, waker) = Bell::new();
    let mut cx = Context::from_waker(&waker);
    assert!(future.poll(&mut cx).is_pending());
    let theirs = hand.waker().expect("it waits");
    for wakes in 1..=3 {
        theirs.wake_by_ref();
        assert_eq!(bell.rings(), wakes);
    }
    drop(theirs);
    hand.give(42);
    assert_eq!(bell.rings(), 4);
    // The bridge may move between two polls, what it holds may not.
    let mut moved = Box::new(future);
    assert_eq!(moved.poll(&mut cx), Poll::Ready(42));
    drop(moved);
    assert_eq!((hand.drops(), hand.was_moved()), (1, false));
    assert_eq!(Arc::strong_count(&bell), 2, "a waker is kept");
}

#[test]
fn there_and_back_and_there_a_wake_is_still_one_wake() {
    let valve = Valve::default();
    let there = IntoStd::new(valve.clone());
    let back = FromStd::new(there);
    let mut future = Box::pin(IntoStd::new(back));
    let (count, waker) = Count::new();
    assert!(poll_with(future.as_mut(), &waker).is_pending());
    valve.waker().expect("it waits").wake();
    assert_eq!(count.wakes(), 1);
    valve.give(7);
    assert_eq!(count.wakes(), 2);
    assert_eq!(
        poll_with(future.as_mut(), &waker),
        std::task::Poll::Ready(7)
    );
    assert_eq!(valve.polls(), 2);
}

#[test]
fn a_waker_that_comes_twice_is_the_same_on_the_other_side() {
    let valve = Valve::default();
    let mut future = Box::pin(IntoStd::new(valve.clone()));
    let (_, first) = Count::new();
    let (_, second) = Count::new();
    let mut across = |waker| {
        assert!(poll_with(future.as_mut(), waker).is_pending());
        valve.waker().expect("it waits")
    };
    let (one, again, other) = (across(&first), across(&first), across(&second));
    assert!(one.will_wake(&again));
    assert!(!one.will_wake(&other));

    let (hand, probe) = probe::<()>();
    let mut future = FromStd::new(probe);
    let (_, first) = Bell::new();
    let (_, second) = Bell::new();
    let mut across = |waker| {
        assert!(future.poll(&mut Context::from_waker(waker)).is_pending());
        hand.waker().expect("it waits")
    };
    let (one, again, other) = (across(&first), across(&first), across(&second));
    assert!(one.will_wake(&again));
    assert!(!one.will_wake(&other));
}

#[test]
fn a_stale_waker_is_forgotten_by_the_bridge() {
    let mut future = Box::pin(IntoStd::new(Valve::default()));
    let (first, first_waker) = Count::new();
    let (second, second_waker) = Count::new();
    assert!(poll_with(future.as_mut(), &first_waker).is_pending());
    assert!(poll_with(future.as_mut(), &second_waker).is_pending());
    assert_eq!(first.others(), 0);
    assert!(second.others() > 0, "the last one is kept");
    drop(future);
    assert_eq!(second.others(), 0);
}

#[test]
fn a12_a_waker_that_panics_crosses_the_bridge_and_leaves_it_usable() {
    for at in HAPPENINGS {
        let armed = Arc::new(AtomicUsize::new(1));
        let arm = Arc::clone(&armed);
        let waker = hostile(move |happening| {
            let fire = happening == at && arm.swap(0, Ordering::SeqCst) == 1;
            assert!(!fire, "waker: {at:?}");
        });
        let valve = Valve::default();
        let mut future =
            Box::pin(IntoStd::new(FromStd::new(IntoStd::new(valve.clone()))));
        let mut panics = 0;
        let mut attempt = |action: &mut dyn FnMut()| {
            panics += usize::from(catch_unwind(AssertUnwindSafe(action)).is_err());
        };
        attempt(&mut || {
            let _ = poll_with(future.as_mut(), &waker);
        });
        if at == Happening::Drop {
            attempt(&mut || {
                let _ = poll_with(future.as_mut(), std::task::Waker::noop());
            });
        }
        attempt(&mut || valve.give(3));
        assert_eq!((panics, armed.load(Ordering::SeqCst)), (1, 0), "{at:?}");
        let polled = poll_with(future.as_mut(), std::task::Waker::noop());
        assert_eq!(polled, std::task::Poll::Ready(3), "{at:?}");
    }
}

#[test]
fn c4_a_waker_that_calls_back_does_not_deadlock() {
    watched(|| {
        for at in HAPPENINGS {
            let valve = Valve::default();
            let called = Arc::new(AtomicUsize::new(0));
            let (calls, inner) = (Arc::clone(&called), valve.clone());
            let waker = hostile(move |happening| {
                if happening == at && calls.fetch_add(1, Ordering::SeqCst) == 0 {
                    inner.give(1);
                }
            });
            let mut future =
                Box::pin(IntoStd::new(FromStd::new(IntoStd::new(valve.clone()))));
            let _ = poll_with(future.as_mut(), &waker);
            valve.give(2);
            let _ = poll_with(future.as_mut(), std::task::Waker::noop());
            drop(future);
            drop(waker);
            assert!(called.load(Ordering::SeqCst) > 0, "{at:?}");
        }
    });
}

/// A machine that points into itself once it was polled: it must stay.
struct Selfish {
    value: u32,
    itself: Option<*const u32>,
    drops: Rc<Cell<u32>>,
    polls_left: u32,
}

impl PinnedFuture for Selfish {
    type Output = bool;

    fn poll(mut this: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<bool> {
        let here = std::ptr::from_ref(&this.value);
        let (seen, left) = (this.itself, this.polls_left);
        assert!(left > 0, "selfish");
        let drops = Rc::clone(&this.drops);
        let stayed = seen.is_none_or(|seen| seen == here);
        if left == 1 {
            return Poll::Ready(stayed && this.value == 5);
        }
        // `set` drops the old machine in place and moves nothing that was pinned.
        let value = this.value;
        this.set(Selfish {
            value,
            itself: Some(here),
            drops,
            polls_left: left - 1,
        });
        Poll::Pending
    }
}

impl Drop for Selfish {
    fn drop(&mut self) {
        self.drops.set(self.drops.get() + 1);
    }
}

#[test]
fn g4_what_is_in_a_pinned_box_stays_while_the_box_moves() {
    let drops = Rc::new(Cell::new(0));
    let selfish = Selfish {
        value: 5,
        itself: None,
        drops: Rc::clone(&drops),
        polls_left: 3,
    };
    let mut boxed = PinnedBox::new(selfish);
    let waker = Waker::noop();
    let mut cx = Context::from_waker(&waker);
    assert!(boxed.poll(&mut cx).is_pending());
    let mut moved = vec![boxed];
    assert!(moved[0].poll(&mut cx).is_pending());
    let mut moved = Box::new(moved.pop().expect("it was put in"));
    assert_eq!(moved.poll(&mut cx), Poll::Ready(true));
    assert_eq!(drops.get(), 2, "the two that `set` has replaced");
    drop(moved);
    assert_eq!(drops.get(), 3);
}

#[test]
fn a_pinned_box_that_panics_is_dropped_once() {
    let drops = Rc::new(Cell::new(0));
    let selfish = Selfish {
        value: 5,
        itself: None,
        drops: Rc::clone(&drops),
        polls_left: 0,
    };
    let mut boxed = PinnedBox::new(selfish);
    let waker = Waker::noop();
    let poll = || boxed.poll(&mut Context::from_waker(&waker));
    assert!(catch_unwind(AssertUnwindSafe(poll)).is_err());
    drop(boxed);
    assert_eq!(drops.get(), 1);
}

#[test]
fn pinned_futures_and_stds_run_side_by_side_on_the_executor() {
    watched(|| {
        struct Done(Rc<Cell<u32>>);
        impl PinnedFuture for Done {
            type Output = ();
            fn poll(this: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<()> {
                this.0.set(this.0.get() + 1);
                Poll::Ready(())
            }
        }
        let done = Rc::new(Cell::new(0));
        let mut executor = Executor::default();
        executor.spawn(PinnedBox::new(Done(Rc::clone(&done))));
        let also = Rc::clone(&done);
        executor.spawn(FromStd::new(async move {
            kettle::future::yield_now().await;
            also.set(also.get() + IntoStd::new(PinnedBox::new(Answer)).await);
        }));
        executor.run();
        assert_eq!(done.get(), 43);
    });
}

/// A pinned future that is ready at once.
struct Answer;

impl PinnedFuture for Answer {
    type Output = u32;

    fn poll(_this: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<u32> {
        Poll::Ready(42)
    }
}

#[test]
fn a_type_that_may_move_gives_its_reference_back() {
    struct Movable(u32);
    impl kettle::machinery::Unpin for Movable {}
    let mut value = Movable(1);
    let mut pinned = Pin::new(&mut value);
    pinned.as_mut().get_mut().0 += 1;
    pinned.set(Movable(pinned.0 + 40));
    assert_eq!(pinned.get_mut().0, 42);
}

#[test]
fn g8_a_bridge_that_is_polled_after_the_end_asks_what_it_holds() {
    let (hand, probe) = ready_probe(1);
    let mut future = FromStd::new(probe);
    let waker = Waker::noop();
    let mut cx = Context::from_waker(&waker);
    assert!(future.poll(&mut cx).is_ready());
    assert!(future.poll(&mut cx).is_pending(), "as the probe is");
    assert_eq!(hand.polls_after_ready(), 1);
}

/// What the machinery must do without, and the words that come with the compiler's own.
const FOREIGN: [&str; 3] = ["future", "task", "pin"];
const LANGUAGE: [&str; 2] = ["async", "await"];
/// What the prelude brings from there without being asked.
const PRELUDE: [&str; 3] = ["Future", "IntoFuture", "Unpin"];

#[test]
fn the_machinery_names_no_item_of_stds_but_in_its_bridge() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/machinery");
    let mut files = 0;
    for entry in fs::read_dir(folder).expect("the sources are there") {
        let path = entry.expect("a readable folder").path();
        let name = path
            .file_name()
            .expect("a file")
            .to_string_lossy()
            .into_owned();
        let text = fs::read_to_string(&path).expect("a readable file");
        let found = foreign(&text);
        match name.as_str() {
            "bridge.rs" => assert!(!found.is_empty(), "the bridge leads nowhere"),
            _ => assert!(found.is_empty(), "{name} names {found:?}"),
        }
        files += 1;
    }
    assert_eq!(
        files, 11,
        "a file came or went; is the table in `mod.rs` still right?"
    );
}

#[test]
fn the_search_for_foreign_items_finds_each_way_to_write_one() {
    for guilty in [
        "use std::task::Waker;",
        "use std::{fmt, pin::Pin};",
        "use std::{fmt, pin};",
        "use core::future::Future;",
        "use std as s;",
        "fn f(cx: &mut ::std::task::Context<'_>) {}",
        "fn f() { let x = std::pin::pin!(3); }",
        "fn f() { Box::pin(3); }",
        "fn f() { async {}; }",
        "fn f(x: impl Future) {}",
        "fn f<T: Unpin>(x: T) {}",
        "m! { std::task::Poll }",
    ] {
        assert!(!foreign(guilty).is_empty(), "{guilty}");
    }
    for innocent in [
        "use std::sync::Arc; use std::{fmt, thread};",
        "pub use future::Future; pub use pin::{Pin, Unpin};",
        "use super::{Future, Pin, Unpin}; fn f<F: Future + Unpin>(task: F) {}",
        "pub trait Future {} impl<F: Future> Future for Box<F> {}",
        "// std::task::Waker\n/// [`std::pin::Pin`]\nfn f() {}",
        "fn f(future: u32, task: u32, pin: u32) {}",
    ] {
        assert!(
            foreign(innocent).is_empty(),
            "{innocent}: {:?}",
            foreign(innocent)
        );
    }
}

/// The words of a source that lead to `std::future`, `std::task` or `std::pin`.
fn foreign(text: &str) -> Vec<String> {
    let stream: TokenStream = text.parse().expect("a source that compiles");
    let mut words = vec![];
    flatten(stream, &mut words);
    let own = |word: &str| {
        let after = |before: &[&str]| {
            words.windows(before.len() + 1).any(|window| {
                let (last, first) = window.split_last().expect("it is not empty");
                last == word && first.iter().eq(before)
            })
        };
        after(&["trait"]) || imported_from_us(&words, word)
    };
    let mut found = vec![];
    for (at, word) in words.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| words[at].as_str());
        let is_foreign = LANGUAGE.contains(&word.as_str())
            || PRELUDE.contains(&word.as_str()) && !own(word)
            || matches!(word.as_str(), "std" | "core" | "alloc")
                && leads_away(&words[at + 1..])
            || word == "pin" && before == Some(":") && words[at - 3] == "Box";
        if is_foreign {
            found.push(word.clone());
        }
    }
    found
}

/// Whether what follows `std` goes to one of the three modules, or hides where it goes.
fn leads_away(rest: &[String]) -> bool {
    match rest {
        [one, two, module, ..] if one == ":" && two == ":" => {
            if module != "{" {
                return FOREIGN.contains(&module.as_str()) || module == "*";
            }
            // Only the names directly in the braces are modules of std.
            let mut depth = 0;
            for (at, word) in rest.iter().enumerate().skip(2) {
                match word.as_str() {
                    "{" => depth += 1,
                    "}" => depth -= 1,
                    _ => {}
                }
                if depth == 0 {
                    return false;
                }
                let starts = matches!(rest[at - 1].as_str(), "{" | ",");
                if depth == 1 && starts && FOREIGN.contains(&word.as_str()) {
                    return true;
                }
            }
            true
        }
        _ => true,
    }
}

/// Whether a `use` of something that is not std's brings the word.
fn imported_from_us(words: &[String], word: &str) -> bool {
    words
        .split(|it| it == ";")
        .filter_map(|statement| {
            let from = statement.iter().position(|it| it == "use")?;
            Some(&statement[from + 1..])
        })
        .filter(|path| !matches!(path[0].as_str(), "std" | "core" | "alloc" | ":"))
        .any(|names| names.iter().any(|it| it == word))
}

/// The tokens one after another. Doc comments are text, and text names nothing.
fn flatten(stream: TokenStream, words: &mut Vec<String>) {
    for tree in stream {
        match tree {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    proc_macro2::Delimiter::Brace => ("{", "}"),
                    _ => ("(", ")"),
                };
                words.push(open.to_owned());
                flatten(group.stream(), words);
                words.push(close.to_owned());
            }
            TokenTree::Literal(_) => words.push("\"\"".to_owned()),
            other => words.push(other.to_string()),
        }
    }
}
