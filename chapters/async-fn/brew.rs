//! One `async fn`, and beside it the state machine that the compiler makes of it, written
//! by hand.
//!
//! There are two awaits. Across the first, a borrow of a local variable is alive, so the
//! machine holds both the leaves and a pointer to a part of them: it points into itself,
//! and must not move once it was polled.
//!
//! # Invariants
//! 1. While a `Brew` is `First`, `pinch` points into its own `leaves`. It is set when the
//!    leaves lie where they stay, which `Pin` promises; nothing writes to them.
#![expect(unsafe_code, reason = "a machine that borrows from itself")]
#![allow(dead_code, unreachable_pub, reason = "each program uses a part of it")]

use std::cell::RefCell;
use std::marker::PhantomPinned;
use std::mem;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

/// The names of what was dropped, in order.
pub type Log = Rc<RefCell<Vec<&'static str>>>;

/// Something that says when it is dropped.
pub struct Loud(&'static str, Log);

impl Loud {
    pub fn new(name: &'static str, log: &Log) -> Loud {
        Loud(name, Rc::clone(log))
    }
}

impl Drop for Loud {
    fn drop(&mut self) {
        self.1.borrow_mut().push(self.0);
    }
}

/// Eight weights, and somebody who notes their end.
pub struct Leaves {
    grams: [u8; 8],
    _loud: Loud,
}

impl Leaves {
    fn new(log: &Log) -> Leaves {
        Leaves {
            grams: [1, 2, 3, 4, 5, 6, 7, 8],
            _loud: Loud::new("leaves", log),
        }
    }
}

/// Is pending once. The second time it is ready, or panics if it was told to.
pub struct Pause {
    was_polled: bool,
    panics: bool,
    _loud: Loud,
}

impl Pause {
    fn new(name: &'static str, panics: bool, log: &Log) -> Pause {
        Pause {
            was_polled: false,
            panics,
            _loud: Loud::new(name, log),
        }
    }
}

impl Future for Pause {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<()> {
        if !mem::replace(&mut self.was_polled, true) {
            return Poll::Pending;
        }
        assert!(!self.panics, "the pause was told to panic");
        Poll::Ready(())
    }
}

pub async fn brew(_pot: Loud, panics: bool, log: Log) -> u32 {
    let weight = {
        let leaves = Leaves::new(&log);
        let pinch = &leaves.grams[2..5];
        Pause::new("first pause", panics, &log).await;
        pinch.iter().map(|gram| u32::from(*gram)).sum()
    };
    let _cup = Loud::new("cup", &log);
    Pause::new("second pause", false, &log).await;
    weight
}

/// As [`brew`], but an `async` block: it has captures in place of arguments.
#[expect(clippy::manual_async_fn, reason = "the difference is the point")]
pub fn brew_in_block(
    pot: Loud,
    panics: bool,
    log: Log,
) -> impl Future<Output = u32> {
    async move {
        let _pot = &pot;
        let weight = {
            let leaves = Leaves::new(&log);
            let pinch = &leaves.grams[2..5];
            Pause::new("first pause", panics, &log).await;
            pinch.iter().map(|gram| u32::from(*gram)).sum()
        };
        let _cup = Loud::new("cup", &log);
        Pause::new("second pause", false, &log).await;
        weight
    }
}

/// As [`brew`], but the leaves are dropped by hand: their place stays taken.
pub async fn brew_with_drop(_pot: Loud, panics: bool, log: Log) -> u32 {
    let leaves = Leaves::new(&log);
    let pinch = &leaves.grams[2..5];
    Pause::new("first pause", panics, &log).await;
    let weight = pinch.iter().map(|gram| u32::from(*gram)).sum();
    drop(leaves);
    let _cup = Loud::new("cup", &log);
    Pause::new("second pause", false, &log).await;
    weight
}

/// What [`brew`] compiles to: a state for each place where it can stand.
pub enum Brew {
    /// Not begun: the arguments.
    Unresumed { pot: Loud, panics: bool, log: Log },
    /// At the first await: the locals that are needed after it. They are dropped in the
    /// order in which they stand here, which is that of a function that is left.
    First {
        pause: Pause,
        pinch: *const [u8],
        leaves: Leaves,
        log: Log,
        pot: Loud,
        _stays: PhantomPinned,
    },
    /// At the second await. Nothing is borrowed any more.
    Second {
        pause: Pause,
        cup: Loud,
        weight: u32,
        log: Log,
        pot: Loud,
    },
    /// It has given its output.
    Returned,
    /// A poll has panicked, or it is between two states.
    Panicked,
}

impl Brew {
    pub fn new(pot: Loud, panics: bool, log: Log) -> Brew {
        Brew::Unresumed { pot, panics, log }
    }

    /// From the opening brace to the first await.
    fn begin(&mut self) {
        let Brew::Unresumed { pot, panics, log } =
            mem::replace(self, Brew::Panicked)
        else {
            unreachable!("`poll` looked");
        };
        *self = Brew::First {
            pause: Pause::new("first pause", panics, &log),
            pinch: &[],
            leaves: Leaves::new(&log),
            log,
            pot,
            _stays: PhantomPinned,
        };
        // Only now do the leaves lie where they will stay (invariant 1).
        if let Brew::First { pinch, leaves, .. } = self {
            *pinch = &raw const leaves.grams[2..5];
        }
    }

    /// From the first await to the second.
    fn go_on(&mut self) {
        let Brew::First { pinch, .. } = self else {
            unreachable!("`poll` looked");
        };
        // SAFETY: it points into the leaves of this very machine, which has not moved
        // since and still holds them (invariant 1).
        let pinch = unsafe { &**pinch };
        let weight = pinch.iter().map(|gram| u32::from(*gram)).sum();
        // The borrow is over, so what is left may be taken apart and moved.
        let Brew::First {
            pause,
            leaves,
            log,
            pot,
            ..
        } = mem::replace(self, Brew::Panicked)
        else {
            unreachable!("it was so a line ago");
        };
        drop(pause);
        drop(leaves);
        *self = Brew::Second {
            cup: Loud::new("cup", &log),
            pause: Pause::new("second pause", false, &log),
            weight,
            log,
            pot,
        };
    }

    /// From the second await to the closing brace.
    fn end(&mut self) -> u32 {
        let Brew::Second {
            pause,
            cup,
            weight,
            log,
            pot,
        } = mem::replace(self, Brew::Returned)
        else {
            unreachable!("`poll` looked");
        };
        drop(pause);
        drop(cup);
        drop(pot);
        drop(log);
        weight
    }
}

impl Brew {
    /// Goes on as far as it can.
    fn resume(&mut self, cx: &mut Context<'_>) -> Poll<u32> {
        loop {
            match self {
                Brew::Unresumed { .. } => self.begin(),
                Brew::First { pause, .. } => match Pin::new(pause).poll(cx) {
                    Poll::Ready(()) => self.go_on(),
                    Poll::Pending => return Poll::Pending,
                },
                Brew::Second { pause, .. } => match Pin::new(pause).poll(cx) {
                    Poll::Ready(()) => return Poll::Ready(self.end()),
                    Poll::Pending => return Poll::Pending,
                },
                Brew::Returned => panic!("`Brew` polled after completion"),
                Brew::Panicked => panic!("`Brew` polled after panicking"),
            }
        }
    }
}

impl Future for Brew {
    type Output = u32;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<u32> {
        // SAFETY: nothing in here moves a machine that borrows from itself: `go_on` takes
        // it apart only when the borrow is over, and `Unwinding` drops it where it is.
        let this = unsafe { self.get_unchecked_mut() };
        let unwinding = Unwinding(this);
        let polled = unwinding.0.resume(cx);
        mem::forget(unwinding);
        polled
    }
}

/// Dropped only by a panic, it drops what the machine holds: its locals are left at once,
/// as those of any function are.
struct Unwinding<'a>(&'a mut Brew);

impl Drop for Unwinding<'_> {
    fn drop(&mut self) {
        if !matches!(self.0, Brew::Returned) {
            *self.0 = Brew::Panicked;
        }
    }
}
