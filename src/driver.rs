//! The driver: what a runtime's loop sleeps on, timers over the reactor.
//!
//! A runtime without sockets sleeps on its bare thread, and one without timers has an
//! empty queue of them, so both are the same type and the loop knows neither.
//!
//! # Layer
//! 6: uses the reactor, timers and the thread parker.

use std::io;
use std::rc::Rc;
use std::sync::Arc;

use crate::clock::{Clock, Instant, Shown};
use crate::reactor::{self, Reactor};
use crate::time::{self, Settings, Timed, Timers};
use crate::trace::Why;
use crate::waker::{AtHome, Park, RuntimeId, ThreadParker, Unpark};

/// What a runtime watches the outside world with.
#[derive(Debug)]
pub(crate) struct Driver {
    park: Timed<Sleeper>,
    timers: Option<Rc<Timers>>,
    clock: Rc<Clock>,
}

/// What ends in the operating system.
#[derive(Debug)]
enum Sleeper {
    Thread(Arc<ThreadParker>),
    Reactor(Rc<Reactor>),
}

/// While it lives, a driver's parts are found on this thread.
#[derive(Debug)]
pub(crate) struct DriverAtHome {
    _timers: Option<AtHome<Timers>>,
    _reactor: Option<AtHome<Reactor>>,
}

impl Driver {
    /// A driver with or without sockets, with or without timers.
    ///
    /// # Errors
    /// Where the operating system has no event queue to give.
    pub(crate) fn new(
        io: bool,
        time: bool,
        settings: &Settings,
    ) -> io::Result<Driver> {
        let sleeper = match io {
            true => Sleeper::Reactor(Reactor::new()?),
            false => Sleeper::Thread(ThreadParker::current()),
        };
        let clock = Clock::new(settings.paused);
        let timers = Timers::new(settings, clock.now());
        Ok(Driver {
            park: Timed::new(Rc::clone(&timers), sleeper),
            timers: time.then_some(timers),
            clock,
        })
    }

    /// Shows the runtime's clock on this thread until the guard is dropped.
    pub(crate) fn show_clock(&self) -> Shown {
        self.clock.show()
    }

    /// What ends this driver's sleep.
    pub(crate) fn unparker(&self) -> Arc<dyn Unpark> {
        match self.park.inner() {
            Sleeper::Thread(parker) => parker.clone(),
            Sleeper::Reactor(reactor) => reactor.unparker(),
        }
    }

    /// Makes this thread the home of the driver's parts, as those of `runtime`.
    pub(crate) fn at_home(&self, runtime: RuntimeId) -> DriverAtHome {
        let reactor = match self.park.inner() {
            Sleeper::Reactor(reactor) => Some(Rc::clone(reactor)),
            Sleeper::Thread(_) => None,
        };
        let timers = self.timers.clone();
        if let Some(timers) = &timers {
            timers.belong_to(runtime);
        }
        DriverAtHome {
            _timers: timers.map(|it| AtHome::new(&time::HOMES, runtime, it)),
            _reactor: reactor.map(|it| AtHome::new(&reactor::HOMES, runtime, it)),
        }
    }

    /// The end: wakes who still waits, to find the runtime gone.
    pub(crate) fn close(&self) {
        self.park.close();
        if let Sleeper::Reactor(reactor) = self.park.inner() {
            reactor.close();
        }
    }
}

impl Park for Driver {
    fn look(&self) {
        self.park.look();
    }

    fn park(&self, deadline: Option<Instant>) -> Why {
        self.park.park(deadline)
    }
}

impl Park for Sleeper {
    fn look(&self) {
        match self {
            Sleeper::Thread(parker) => parker.look(),
            Sleeper::Reactor(reactor) => reactor.look(),
        }
    }

    fn park(&self, deadline: Option<Instant>) -> Why {
        match self {
            Sleeper::Thread(parker) => parker.park(deadline),
            Sleeper::Reactor(reactor) => reactor.park(deadline),
        }
    }
}
