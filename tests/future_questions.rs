//! The questions that every combinator is asked, with its children moved by hand.
//!
//! A case makes a combinator of a few probes. `All` waits for every probe, `Any` for the
//! first one. Each test asks one question of all cases, and names the case that fails.

mod common;

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;

use kettle::future::{
    Either, FutureExt, FuturesUnordered, abortable, catch_unwind as catch, fuse,
    join, join_all, join3, join4, join5, maybe_done, or, race, select, try_join,
    try_join_all,
};

use Needs::{All, Any};
use common::cancel::{Scene, cancel_everywhere};
use common::count::{Count, poll, poll_with};
use common::hostile::{HAPPENINGS, Happening, hostile};
use common::probe::{Hand, Probe, probe};
use common::watchdog::watched;

type Boxed<T> = Pin<Box<dyn Future<Output = T>>>;

/// What a combinator waits for.
#[derive(Clone, Copy, PartialEq)]
enum Needs {
    All,
    Any,
}

/// One combinator over probes.
struct Case {
    name: &'static str,
    children: usize,
    needs: Needs,
    /// Whether it lies in an `async` block, which a panic ends for good.
    in_async: bool,
    make: fn(Vec<Probe<u32>>) -> Boxed<Vec<u32>>,
}

impl Case {
    fn start(&self) -> (Vec<Hand<u32>>, Boxed<Vec<u32>>) {
        let (hands, probes) = (0..self.children).map(|_| probe()).unzip();
        (hands, (self.make)(probes))
    }

    /// The hands that must give before the combinator is ready.
    fn needed<'a>(&self, hands: &'a [Hand<u32>]) -> &'a [Hand<u32>] {
        match self.needs {
            All => hands,
            Any => &hands[hands.len() - 1..],
        }
    }

    /// What it gives when hand `n` gives `n`.
    fn outputs(&self) -> Vec<u32> {
        let last = self.children as u32 - 1;
        match self.needs {
            All => (0..=last).collect(),
            Any => vec![last],
        }
    }
}

/// Boxes a future of outputs; `list` makes a `Vec` of them without an `async` block.
fn boxed<F>(future: F, list: fn(F::Output) -> Vec<u32>) -> Boxed<Vec<u32>>
where
    F: Future + 'static,
{
    Box::pin(Listed {
        future: Box::pin(future),
        list,
    })
}

/// A test's own `map`, so that only what is tested is Kettle's.
struct Listed<F: Future> {
    future: Pin<Box<F>>,
    list: fn(F::Output) -> Vec<u32>,
}

impl<F: Future> Future for Listed<F> {
    type Output = Vec<u32>;

    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> Poll<Vec<u32>> {
        let list = self.list;
        self.future.as_mut().poll(cx).map(list)
    }
}

/// A test's own `map` to `Ok`, which keeps its probe pinned in place.
struct Succeeding(Pin<Box<Probe<u32>>>);

impl Future for Succeeding {
    type Output = Result<u32, String>;

    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> Poll<Self::Output> {
        self.0.as_mut().poll(cx).map(Ok)
    }
}

fn succeeding(probe: Probe<u32>) -> Succeeding {
    Succeeding(Box::pin(probe))
}

/// Takes a list apart that has as many probes as the case said.
fn apart<const N: usize>(probes: Vec<Probe<u32>>) -> [Probe<u32>; N] {
    let Ok(array) = probes.try_into() else {
        panic!("the case has another number of children");
    };
    array
}

const CASES: &[Case] = &[
    Case {
        name: "maybe_done",
        children: 1,
        needs: All,
        in_async: false,
        make: |p| {
            let [a] = apart(p);
            let mut future = Box::pin(maybe_done(a));
            Box::pin(kettle::future::poll_fn(move |cx| {
                future.as_mut().poll(cx).map(|()| {
                    vec![future.as_mut().take_output().expect("it is ready")]
                })
            }))
        },
    },
    Case {
        name: "fuse",
        children: 1,
        needs: All,
        in_async: false,
        make: |p| {
            let [a] = apart(p);
            boxed(fuse(a), |a| vec![a])
        },
    },
    Case {
        name: "map",
        children: 1,
        needs: All,
        in_async: false,
        make: |p| {
            let [a] = apart(p);
            boxed(a.map(|a| vec![a]), |list| list)
        },
    },
    Case {
        name: "then",
        children: 2,
        needs: All,
        in_async: false,
        make: |p| {
            let [a, b] = apart(p);
            boxed(a.then(|a| b.map(move |b| vec![a, b])), |list| list)
        },
    },
    Case {
        name: "catch_unwind",
        children: 1,
        needs: All,
        in_async: false,
        make: |p| {
            let [a] = apart(p);
            boxed(catch(AssertUnwindSafe(a)), |a| vec![a.expect("no panic")])
        },
    },
    Case {
        name: "abortable",
        children: 1,
        needs: All,
        in_async: false,
        make: |p| {
            let [a] = apart(p);
            boxed(abortable(a).0, |a| vec![a.expect("nobody aborts")])
        },
    },
    Case {
        name: "join",
        children: 2,
        needs: All,
        in_async: false,
        make: |p| {
            let [a, b] = apart(p);
            boxed(join(a, b), |(a, b)| vec![a, b])
        },
    },
    Case {
        name: "join3",
        children: 3,
        needs: All,
        in_async: false,
        make: |p| {
            let [a, b, c] = apart(p);
            boxed(join3(a, b, c), |(a, b, c)| vec![a, b, c])
        },
    },
    Case {
        name: "join4",
        children: 4,
        needs: All,
        in_async: false,
        make: |p| {
            let [a, b, c, d] = apart(p);
            boxed(join4(a, b, c, d), |(a, b, c, d)| vec![a, b, c, d])
        },
    },
    Case {
        name: "join5",
        children: 5,
        needs: All,
        in_async: false,
        make: |p| {
            let [a, b, c, d, e] = apart(p);
            boxed(join5(a, b, c, d, e), |(a, b, c, d, e)| vec![a, b, c, d, e])
        },
    },
    Case {
        name: "try_join",
        children: 2,
        needs: All,
        in_async: false,
        make: |p| {
            let [a, b] = apart(p).map(succeeding);
            boxed(try_join(a, b), |both| {
                both.map(|(a, b)| vec![a, b]).expect("no error")
            })
        },
    },
    Case {
        name: "join_all",
        children: 40,
        needs: All,
        in_async: false,
        make: |p| boxed(join_all(p), |list| list),
    },
    Case {
        name: "try_join_all",
        children: 40,
        needs: All,
        in_async: false,
        make: |p| {
            let all = try_join_all(p.into_iter().map(succeeding));
            boxed(all, |list| list.expect("no error"))
        },
    },
    Case {
        name: "FuturesUnordered",
        children: 40,
        needs: All,
        in_async: false,
        make: |p| {
            let mut set: FuturesUnordered<_> = p.into_iter().collect();
            let mut outputs = Vec::new();
            Box::pin(kettle::future::poll_fn(move |cx| {
                while let Some(output) = std::task::ready!(set.poll_next(cx)) {
                    outputs.push(output);
                }
                outputs.sort_unstable();
                Poll::Ready(std::mem::take(&mut outputs))
            }))
        },
    },
    Case {
        name: "select",
        children: 2,
        needs: Any,
        in_async: false,
        make: |p| {
            let [a, b] = apart(p).map(Box::pin);
            boxed(select(a, b), |first| match first {
                Either::Left((output, _)) | Either::Right((output, _)) => {
                    vec![output]
                }
            })
        },
    },
    Case {
        name: "race",
        children: 2,
        needs: Any,
        in_async: false,
        make: |p| {
            let [a, b] = apart(p);
            boxed(race(a, b), |first| vec![first])
        },
    },
    Case {
        name: "or",
        children: 2,
        needs: Any,
        in_async: false,
        make: |p| {
            let [a, b] = apart(p);
            boxed(or(a, b), |first| vec![first])
        },
    },
    Case {
        name: "join!",
        children: 3,
        needs: All,
        in_async: true,
        make: |p| {
            let [a, b, c] = apart(p);
            Box::pin(async { <[u32; 3]>::from(kettle::join!(a, b, c)).to_vec() })
        },
    },
    Case {
        name: "join! biased",
        children: 3,
        needs: All,
        in_async: true,
        make: |p| {
            let [a, b, c] = apart(p);
            Box::pin(async {
                <[u32; 3]>::from(kettle::join!(biased; a, b, c)).to_vec()
            })
        },
    },
    Case {
        name: "try_join!",
        children: 3,
        needs: All,
        in_async: true,
        make: |p| {
            let [a, b, c] = apart(p).map(succeeding);
            Box::pin(async {
                let all = kettle::try_join!(a, b, c);
                all.map(|all| <[u32; 3]>::from(all).to_vec())
                    .expect("no error")
            })
        },
    },
    Case {
        name: "select!",
        children: 3,
        needs: Any,
        in_async: true,
        make: |p| {
            let [a, b, c] = apart(p);
            Box::pin(async {
                kettle::select! {
                    output = a => vec![output],
                    output = b => vec![output],
                    output = c => vec![output],
                }
            })
        },
    },
    Case {
        name: "select! biased",
        children: 3,
        needs: Any,
        in_async: true,
        make: |p| {
            let [a, b, c] = apart(p);
            Box::pin(async {
                kettle::select! {
                    biased;
                    output = a => vec![output],
                    output = b => vec![output],
                    output = c => vec![output],
                }
            })
        },
    },
];

/// Those without a child: there is nothing to ask about one.
const CHILDLESS: [&str; 4] = ["pending", "poll_fn", "ready", "yield_now"];

#[test]
fn every_combinator_that_is_public_is_asked() {
    let facade = include_str!("../src/future/mod.rs");
    let exports = facade
        .lines()
        .filter_map(|line| line.strip_prefix("pub use "));
    let names = exports.filter_map(|export| export.split_once("::"));
    let mut public: Vec<&str> = names
        .flat_map(|(_, names)| {
            names.split(|c: char| !c.is_alphanumeric() && c != '_')
        })
        .filter(|name| name.starts_with(char::is_lowercase))
        .chain(["FuturesUnordered", "join!", "try_join!", "select!"])
        .collect();
    public.retain(|name| !CHILDLESS.contains(name));
    let methods = include_str!("../src/future/ext.rs").lines();
    let methods = methods.filter_map(|line| line.trim().strip_prefix("fn "));
    public.extend(methods.filter_map(|it| it.split(['(', '<']).next()));
    assert!(public.len() > 20, "{public:?}");
    for name in public {
        assert!(
            CASES.iter().any(|case| case.name == name),
            "{name} is not asked"
        );
    }
}

#[test]
fn it_is_ready_at_once_if_its_children_are() {
    for case in CASES {
        let (hands, mut future) = case.start();
        for (n, hand) in hands.iter().enumerate() {
            if case.needs == All || n + 1 == hands.len() {
                hand.give(n as u32);
            }
        }
        let (count, waker) = Count::new();
        let polled = poll_with(future.as_mut(), &waker);
        assert_eq!(polled, Poll::Ready(case.outputs()), "{}", case.name);
        assert_eq!(count.wakes(), 0, "{}: woken for nothing", case.name);
        for hand in case.needed(&hands) {
            assert_eq!(hand.polls(), 1, "{}", case.name);
        }
    }
}

#[test]
fn it_waits_and_is_woken_once_by_the_last_child() {
    for case in CASES {
        let (hands, mut future) = case.start();
        let (count, waker) = Count::new();
        assert_eq!(
            poll_with(future.as_mut(), &waker),
            Poll::Pending,
            "{}",
            case.name
        );
        let needed = case.needed(&hands);
        let first = hands.len() - needed.len();
        for (n, hand) in needed.iter().enumerate() {
            let wakes = count.wakes();
            hand.give((first + n) as u32);
            assert_eq!(count.wakes(), wakes + 1, "{}: child {n}", case.name);
            let polled = poll_with(future.as_mut(), &waker);
            let expected = match n + 1 == needed.len() {
                true => Poll::Ready(case.outputs()),
                false => Poll::Pending,
            };
            assert_eq!(polled, expected, "{}: child {n}", case.name);
        }
        for hand in &hands {
            assert_eq!(hand.polls_after_ready(), 0, "{}", case.name);
        }
    }
}

#[test]
fn cancelled_anywhere_it_drops_each_child_once_and_keeps_no_waker() {
    for case in CASES {
        let polls = cancel_everywhere(|| {
            let (hands, future) = case.start();
            let hands = Rc::new(hands);
            let given = Rc::clone(&hands);
            let first = hands.len() - case.needed(&hands).len();
            let name = case.name;
            Scene {
                future: boxed_unit(future),
                step: Box::new(move |n| {
                    if n > 0 {
                        given[first + n - 1].give(n as u32);
                    }
                }),
                check: Box::new(move |polls| {
                    for (n, hand) in hands.iter().enumerate() {
                        let drops = hand.drops();
                        assert_eq!(
                            drops, 1,
                            "{name}: child {n} after {polls} polls"
                        );
                    }
                }),
            }
        });
        let needed = if case.needs == All { case.children } else { 1 };
        assert_eq!(polls, needed + 1, "{}", case.name);
    }
}

fn boxed_unit(future: Boxed<Vec<u32>>) -> Boxed<()> {
    Box::pin(async { drop(future.await) })
}

#[test]
fn c23_only_the_waker_of_the_last_poll_is_woken() {
    for case in CASES {
        let (hands, mut future) = case.start();
        let (first, first_waker) = Count::new();
        let (second, second_waker) = Count::new();
        assert!(poll_with(future.as_mut(), &first_waker).is_pending());
        assert!(poll_with(future.as_mut(), &second_waker).is_pending());
        assert_eq!(first.others(), 0, "{}: the first waker is kept", case.name);
        case.needed(&hands)[0].give(0);
        assert_eq!(first.wakes(), 0, "{}: a stale waker was woken", case.name);
        assert_eq!(second.wakes(), 1, "{}", case.name);
    }
}

#[test]
fn g4_no_child_moves_after_its_first_poll() {
    for case in CASES {
        let (hands, mut future) = case.start();
        assert!(poll(future.as_mut()).is_pending());
        for hand in case.needed(&hands) {
            hand.give(0);
            let _ = poll(future.as_mut());
        }
        drop(future);
        for hand in &hands {
            assert!(!hand.was_moved(), "{}", case.name);
        }
    }
}

#[test]
fn g8_polled_after_its_end_it_panics_clearly_or_is_pending() {
    for case in CASES {
        let (hands, mut future) = case.start();
        for (n, hand) in hands.iter().enumerate() {
            hand.give(n as u32);
        }
        assert!(poll(future.as_mut()).is_ready(), "{}", case.name);
        let again = catch_unwind(AssertUnwindSafe(|| poll(future.as_mut())));
        match again {
            // A drained set has ended and says so as often as it is asked.
            Ok(Poll::Ready(outputs)) if case.name == "FuturesUnordered" => {
                assert!(outputs.is_empty());
            }
            Ok(polled) => assert!(polled.is_pending(), "{}", case.name),
            Err(panic) => {
                let message = panic
                    .downcast_ref::<String>()
                    .map(String::as_str)
                    .or_else(|| panic.downcast_ref::<&str>().copied())
                    .expect("a message");
                assert!(
                    message.contains("after it had been ready")
                        || message.contains("after its output had been taken")
                        || case.in_async && message.contains("after completion"),
                    "{}: {message}",
                    case.name
                );
            }
        }
        for hand in &hands {
            assert_eq!(hand.polls_after_ready(), 0, "{}", case.name);
        }
    }
}

#[test]
fn a11_a_child_that_panics_in_drop_leaves_its_siblings_to_be_dropped_once() {
    for case in CASES {
        for n in 0..case.children {
            let (hands, mut future) = case.start();
            assert!(poll(future.as_mut()).is_pending());
            hands[n].panic_in_drop();
            let dropped = catch_unwind(AssertUnwindSafe(|| drop(future)));
            assert!(dropped.is_err(), "{}: the panic is swallowed", case.name);
            for (m, hand) in hands.iter().enumerate() {
                assert_eq!(hand.drops(), 1, "{}: {m} when {n} panics", case.name);
            }
        }
    }
}

#[test]
fn a12_a_waker_that_panics_leaves_it_usable() {
    for case in CASES.iter().filter(|case| !case.in_async) {
        // The panic of a clone or a drop passes through the child's poll: `catch_unwind`
        // does its work and catches it.
        let happenings = HAPPENINGS
            .iter()
            .filter(|h| case.name != "catch_unwind" || **h == Happening::Wake);
        for &at in happenings {
            panicking_waker(case, at);
        }
    }
}

fn panicking_waker(case: &Case, at: Happening) {
    let armed = Arc::new(AtomicBool::new(true));
    let arm = Arc::clone(&armed);
    let waker = hostile(move |happening| {
        if happening == at && arm.swap(false, Ordering::SeqCst) {
            panic!("waker: {at:?}");
        }
    });
    let (hands, mut future) = case.start();
    let mut outputs = None;
    let mut try_poll = |waker: &std::task::Waker| {
        let polled =
            catch_unwind(AssertUnwindSafe(|| poll_with(future.as_mut(), waker)));
        if let Ok(Poll::Ready(list)) = polled {
            outputs = Some(list);
        }
    };
    try_poll(&waker);
    if at == Happening::Drop {
        // Another waker takes the place of the hostile one, which is dropped there.
        try_poll(std::task::Waker::noop());
    }
    let needed = case.needed(&hands);
    let first = hands.len() - needed.len();
    for (n, hand) in needed.iter().enumerate() {
        let give = || hand.give((first + n) as u32);
        let _ = catch_unwind(AssertUnwindSafe(give));
        // From here on a sane waker polls: the children that were given must be seen.
        try_poll(std::task::Waker::noop());
    }
    let name = case.name;
    let panicked = !armed.swap(false, Ordering::SeqCst);
    assert!(panicked, "{name}: no {at:?} ever happened");
    assert_eq!(outputs, Some(case.outputs()), "{name}: {at:?}");
}

#[test]
fn c4_a_waker_that_calls_back_does_not_deadlock() {
    watched(|| {
        for case in CASES {
            for at in HAPPENINGS {
                reentrant_waker(case, at);
            }
        }
    });
}

/// While the waker is cloned, woken or dropped, it wakes all children.
fn reentrant_waker(case: &Case, at: Happening) {
    let (hands, mut future) = case.start();
    let hands = Arc::new(hands);
    let called = Arc::new(Mutex::new(0));
    let calls = Arc::clone(&called);
    let all = Arc::clone(&hands);
    let waker = hostile(move |happening| {
        if happening == at {
            *calls.lock().expect("a counter") += 1;
            all.iter().for_each(Hand::wake);
        }
    });
    assert!(poll_with(future.as_mut(), &waker).is_pending());
    let needed = case.needed(&hands);
    let first = hands.len() - needed.len();
    let mut last = Poll::Pending;
    for (n, hand) in needed.iter().enumerate() {
        hand.give((first + n) as u32);
        last = poll_with(future.as_mut(), &waker);
    }
    assert_eq!(last, Poll::Ready(case.outputs()), "{}: {at:?}", case.name);
    assert!(
        *called.lock().expect("a counter") > 0,
        "{}: {at:?}",
        case.name
    );
}
