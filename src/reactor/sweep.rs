//! The reactor itself, and one sweep of it.
//!
//! # Layer
//! 5: uses mio and the park seam.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::io;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use mio::{Events, Registry, Token};
use slab::Slab;

use super::Direction;
use super::alarm::Alarm;
use super::readiness::Readiness;
use crate::clock::Instant;
use crate::trace::{self, Event, Why};
use crate::waker::{Homes, Park, Unpark, quietly};

thread_local! {
    /// The reactors of the runtimes at home on this thread.
    pub(crate) static HOMES: Homes<Reactor> = const { Homes::new() };
}

/// How many events one sweep takes from the operating system. More are not lost: the
/// next sweep gets them.
const EVENTS: usize = 1024;

/// The notifier's token; no socket has it, for slots are fewer.
const NOTIFIER: Token = Token(usize::MAX);

/// The alarm's token; no socket has it either.
const ALARM: Token = Token(usize::MAX - 1);

/// Bits of a token that name the slot; the others are the generation.
const SLOT_BITS: u32 = 32;

/// One runtime's sockets, and the operating system's view of them.
pub(crate) struct Reactor {
    poll: RefCell<mio::Poll>,
    events: RefCell<Events>,
    sources: RefCell<Slab<Readiness>>,
    /// The number of the next tenant of a slot.
    generation: Cell<u32>,
    registry: Arc<Registry>,
    notifier: Arc<Notifier>,
    alarm: Alarm,
}

/// How long a sweep may sleep.
#[derive(Debug, Clone, Copy)]
enum Patience {
    /// Not at all.
    None,
    /// Until a deadline, which is so far away.
    Until(Instant, Duration),
    /// Until something happens.
    Endless,
}

impl Patience {
    fn left(self) -> Option<Duration> {
        match self {
            Patience::None => Some(Duration::ZERO),
            Patience::Until(_, left) => Some(left),
            Patience::Endless => None,
        }
    }
}

/// Ends a sweep that sleeps, from any thread.
#[derive(Debug)]
struct Notifier(mio::Waker);

impl Unpark for Notifier {
    fn unpark(&self) {
        // It fails only where the reactor's own descriptor is broken, and then its sweep
        // reports that.
        let _ = self.0.wake();
    }
}

impl Reactor {
    /// A reactor without sockets.
    pub(crate) fn new() -> io::Result<Rc<Reactor>> {
        let poll = mio::Poll::new()?;
        let registry = Arc::new(poll.registry().try_clone()?);
        let notifier = Arc::new(Notifier(mio::Waker::new(&registry, NOTIFIER)?));
        Ok(Rc::new(Reactor {
            poll: RefCell::new(poll),
            events: RefCell::new(Events::with_capacity(EVENTS)),
            sources: RefCell::default(),
            generation: Cell::new(0),
            registry,
            notifier,
            alarm: Alarm::default(),
        }))
    }

    /// What ends this reactor's sleep.
    pub(crate) fn unparker(&self) -> Arc<dyn Unpark> {
        self.notifier.clone()
    }

    /// What sources are registered with; it may be used on any thread.
    pub(super) fn registry(&self) -> &Arc<Registry> {
        &self.registry
    }

    /// Gives a new socket a slot; the token stands for it.
    pub(super) fn admit(&self) -> Token {
        let generation = self.generation.get();
        self.generation.set(generation.wrapping_add(1));
        let slot = self.sources.borrow_mut().insert(Readiness::new(generation));
        let token = Token((generation as usize) << SLOT_BITS | slot);
        trace::emit(|by| Event::Register {
            source: traced(token),
            by,
        });
        token
    }

    /// Frees the slot of `token`. Whoever waited there is gone with the socket.
    pub(super) fn dismiss(&self, token: Token) {
        let gone = {
            let mut sources = self.sources.borrow_mut();
            tenant(&mut sources, token)
                .is_some()
                .then(|| sources.remove(slot_of(token)))
        };
        if gone.is_some() {
            trace::emit(|_| Event::Deregister {
                source: traced(token),
            });
        }
        drop(gone);
    }

    /// `Ready` if an operation in `direction` is worth trying; else `cx`'s task is woken
    /// when it is.
    pub(super) fn poll_ready(
        &self,
        token: Token,
        direction: Direction,
        cx: &mut Context<'_>,
    ) -> Poll<()> {
        if self.is_ready(token, direction) {
            return Poll::Ready(());
        }
        // Cloned and dropped while nothing is borrowed. Nothing becomes ready meanwhile,
        // for only a sweep says so.
        let fresh = cx.waker().clone();
        drop(self.set_waiter(token, direction, fresh));
        Poll::Pending
    }

    /// A socket that is gone counts as ready: the operation itself says what is wrong.
    fn is_ready(&self, token: Token, direction: Direction) -> bool {
        let mut sources = self.sources.borrow_mut();
        tenant(&mut sources, token).is_none_or(|source| source.is_ready(direction))
    }

    fn set_waiter(
        &self,
        token: Token,
        direction: Direction,
        waker: Waker,
    ) -> Option<Waker> {
        let mut sources = self.sources.borrow_mut();
        tenant(&mut sources, token)?.set_waiter(direction, waker)
    }

    /// An operation in `direction` found nothing.
    pub(super) fn clear(&self, token: Token, direction: Direction) {
        if let Some(source) = tenant(&mut self.sources.borrow_mut(), token) {
            source.clear(direction);
        }
    }

    /// One round: asks the operating system, and wakes whom the answers concern.
    fn sweep(&self, patience: Patience) -> Why {
        let mut events = self.events.borrow_mut();
        let why = self.ask(&mut events, patience);
        for event in events.iter().filter(|event| is_sockets(event)) {
            for waker in self.learn(event).into_iter().flatten() {
                // The others are woken even if one waker panics.
                quietly(|| waker.wake());
            }
        }
        why
    }

    fn ask(&self, events: &mut Events, patience: Patience) -> Why {
        let sleeps = !matches!(patience, Patience::None);
        if sleeps {
            let timeout = patience.left();
            trace::emit(|_| Event::Park { timeout });
        }
        let timeout = self.timeout(patience);
        // An interrupted call leaves the events of the one before (a wake too many each).
        events.clear();
        match self.poll.borrow_mut().poll(events, timeout) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => {
                panic!("the operating system's event queue failed: {error}")
            }
        }
        if events.iter().any(|event| event.token() == ALARM) {
            self.alarm.has_rung();
        }
        let why = why(events);
        if sleeps {
            trace::emit(|_| Event::Unpark { why });
        }
        why
    }

    /// What mio is told: nothing of a deadline that the alarm sees to.
    fn timeout(&self, patience: Patience) -> Option<Duration> {
        let set = |deadline| self.alarm.set(deadline, &self.registry, ALARM);
        let alarmed = match patience {
            Patience::None => false,
            Patience::Until(deadline, left) => set(Some((deadline, left))),
            Patience::Endless => set(None),
        };
        patience.left().filter(|_| !alarmed)
    }

    fn learn(&self, event: &mio::event::Event) -> [Option<Waker>; 2] {
        let mut sources = self.sources.borrow_mut();
        let Some(source) = tenant(&mut sources, event.token()) else {
            return [None, None];
        };
        trace::emit(|_| Event::Ready {
            source: traced(event.token()),
            read: event.is_readable(),
            write: event.is_writable(),
        });
        source.learn(event)
    }

    /// The end: whoever still waits is told to look again.
    pub(crate) fn close(&self) {
        let sources = self.sources.take();
        for (_, mut source) in sources {
            for waker in source.take_waiters().into_iter().flatten() {
                quietly(|| waker.wake());
            }
        }
    }
}

/// Why a sweep ended.
fn why(events: &Events) -> Why {
    let sockets = events.iter().filter(|event| is_sockets(event)).count();
    let notified = events.iter().any(|event| event.token() == NOTIFIER);
    match (sockets, notified) {
        (0, false) => Why::Deadline,
        (0, true) => Why::Unparked,
        (sockets, _) => Why::Events(sockets),
    }
}

/// Whether an event is not one of the reactor's own.
fn is_sockets(event: &mio::event::Event) -> bool {
    !matches!(event.token(), NOTIFIER | ALARM)
}

/// The socket in the eyes of the recorder.
fn traced(token: Token) -> trace::Source {
    trace::Source(token.0 as u64)
}

fn slot_of(token: Token) -> usize {
    token.0 & ((1 << SLOT_BITS) - 1)
}

/// The socket of `token`, if it is still the one in its slot (invariant 3).
fn tenant(sources: &mut Slab<Readiness>, token: Token) -> Option<&mut Readiness> {
    let generation = (token.0 >> SLOT_BITS) as u32;
    let source = sources.get_mut(slot_of(token));
    source.filter(|source| source.generation == generation)
}

impl Park for Rc<Reactor> {
    fn look(&self) {
        // Nothing registered, nothing to ask: an empty system call costs 100 ns a turn.
        if !self.sources.borrow().is_empty() {
            self.sweep(Patience::None);
        }
    }

    fn park(&self, deadline: Option<Instant>) -> Why {
        let left = deadline.map(|deadline| deadline - Instant::now());
        self.sweep(match deadline.zip(left) {
            Some((_, Duration::ZERO)) => Patience::None,
            Some((deadline, left)) => Patience::Until(deadline, left),
            None => Patience::Endless,
        })
    }
}

impl fmt::Debug for Reactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reactor")
            .field("notifier", &self.notifier)
            .finish_non_exhaustive()
    }
}
