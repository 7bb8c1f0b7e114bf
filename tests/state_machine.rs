//! An `async fn` beside the enum that the compiler makes of it, written by hand: they
//! cannot be told apart, but by their size.

#[path = "../chapters/async-fn/brew.rs"]
mod brew;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use brew::{Brew, Leaves, Log, Loud, Pause, brew, brew_in_block, brew_with_drop};

type New<F> = fn(Loud, bool, Log) -> F;

/// What happened to one machine, in order.
#[derive(Debug, PartialEq, Eq)]
enum Seen {
    Polled(Poll<u32>),
    Panicked(String),
    Dropped(Vec<&'static str>),
}

fn poll<F: Future<Output = u32>>(future: Pin<&mut F>) -> Seen {
    let mut cx = Context::from_waker(Waker::noop());
    match catch_unwind(AssertUnwindSafe(|| future.poll(&mut cx))) {
        Ok(polled) => Seen::Polled(polled),
        Err(payload) => Seen::Panicked(match payload.downcast_ref::<&str>() {
            // rustc says `async fn` resumed, we say `Brew` polled.
            Some(words) => words.rsplit(' ').next().unwrap_or_default().to_owned(),
            None => "in words that were put together".to_owned(),
        }),
    }
}

/// Polls so many times, then drops; after each step it notes who was dropped in it.
fn life<F: Future<Output = u32>>(
    polls: u32,
    panics: bool,
    new: New<F>,
) -> Vec<Seen> {
    let log = Log::default();
    let mut seen = Vec::new();
    {
        let mut future =
            pin!(new(Loud::new("pot", &log), panics, Log::clone(&log)));
        for _ in 0..polls {
            seen.push(poll(future.as_mut()));
            seen.push(Seen::Dropped(log.take()));
        }
    }
    seen.push(Seen::Dropped(log.take()));
    seen
}

fn assert_same_lives<F: Future<Output = u32>>(name: &str, new: New<F>) {
    for panics in [false, true] {
        for polls in 0..=4 {
            let by_hand = life(polls, panics, Brew::new);
            let compiled = life(polls, panics, new);
            assert_eq!(
                compiled, by_hand,
                "{name}, {polls} polls, panics: {panics}"
            );
        }
    }
}

#[test]
fn it_gives_the_same_and_drops_the_same_wherever_it_is_left() {
    assert_same_lives("async fn", brew);
    assert_same_lives("async block", brew_in_block);
    assert_same_lives("with a drop", brew_with_drop);
}

#[test]
fn a_full_life_is_two_pauses_and_the_weight_of_the_pinch() {
    let dropped = |names: &[&'static str]| Seen::Dropped(names.to_vec());
    let expected = [
        Seen::Polled(Poll::Pending),
        dropped(&[]),
        Seen::Polled(Poll::Pending),
        dropped(&["first pause", "leaves"]),
        Seen::Polled(Poll::Ready(3 + 4 + 5)),
        dropped(&["second pause", "cup", "pot"]),
        Seen::Panicked("completion".to_owned()),
        dropped(&[]),
        dropped(&[]),
    ];
    assert_eq!(life(4, false, brew), expected);
    assert_eq!(life(4, false, Brew::new), expected);
}

#[test]
fn a_panic_leaves_every_local_at_once() {
    let seen = life(3, true, Brew::new);
    let dropped = vec!["first pause", "leaves", "pot"];
    assert_eq!(seen[3], Seen::Dropped(dropped));
    assert_eq!(seen[4], Seen::Panicked("panicking".to_owned()));
}

/// What is alive across the first await, which is the most that ever is.
const ALIVE: usize = size_of::<Pause>()
    + size_of::<&[u8]>()
    + size_of::<Leaves>()
    + size_of::<Log>()
    + size_of::<Loud>();

fn size<F>(new: New<F>) -> usize {
    let log = Log::default();
    size_of_val(&new(Loud::new("pot", &log), false, Log::clone(&log)))
}

#[test]
fn by_hand_it_is_no_larger_than_what_is_alive_across_an_await() {
    assert_eq!(size(Brew::new), ALIVE, "its tag lies in a niche");
}

#[test]
fn the_compiler_adds_a_word_at_most_and_the_arguments_and_what_was_moved_out() {
    let word = size_of::<usize>();
    let arguments = size_of::<Loud>() + size_of::<Log>() + word;
    let sizes = [size(brew_in_block), size(brew), size(brew_with_drop)];
    assert!(sizes[0] >= ALIVE, "{sizes:?}");
    assert!(sizes[0] <= ALIVE + word, "{sizes:?}");
    assert!(sizes[1] <= ALIVE + arguments, "{sizes:?}");
    assert!(sizes[2] <= sizes[1] + size_of::<Leaves>(), "{sizes:?}");
    assert!(sizes.is_sorted(), "{sizes:?}");
}
