//! What ties a socket to the reactor of the runtime where it was made.
//!
//! # How it works
//! The registration owns the socket. Every operation goes through [`poll_io`], which
//! finds the reactor by the runtime's number: on another thread, or after the runtime's
//! end, there is none to be found, and the operation fails with an error that says so.
//!
//! [`poll_io`]: Registration::poll_io
//!
//! # Layer
//! 5: uses the reactor, wakers and the budget.

use std::fmt;
use std::io;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use mio::event::Source;
use mio::{Interest, Registry, Token};

use super::Direction;
use super::sweep::{HOMES, Reactor};
use crate::budget;
use crate::waker::{Homes, RuntimeId, ask, current, inbox_of};

/// A socket, registered; dropping it deregisters and closes it, on any thread.
pub(crate) struct Registration<S: Source> {
    source: S,
    token: Token,
    runtime: RuntimeId,
    registry: Arc<Registry>,
}

impl<S: Source> Registration<S> {
    /// Registers `source` with the reactor of the current runtime.
    ///
    /// # Errors
    /// Where there is none, and what the operating system says.
    pub(crate) fn new(mut source: S) -> io::Result<Registration<S>> {
        let (runtime, reactor) = current_reactor()?;
        let token = reactor.admit();
        let registry = Arc::clone(reactor.registry());
        let interest = Interest::READABLE | Interest::WRITABLE;
        if let Err(error) = registry.register(&mut source, token, interest) {
            reactor.dismiss(token);
            return Err(error);
        }
        Ok(Registration {
            source,
            token,
            runtime,
            registry,
        })
    }

    /// The socket itself, for what never blocks.
    pub(crate) fn source(&self) -> &S {
        &self.source
    }

    /// Tries `operation` as soon as the socket is ready in `direction`; where it would
    /// block after all, the task waits on.
    ///
    /// # Errors
    /// What `operation` says, and where this is not the runtime's own thread.
    pub(crate) fn poll_io<R>(
        &self,
        direction: Direction,
        cx: &mut Context<'_>,
        mut operation: impl FnMut(&S) -> io::Result<R>,
    ) -> Poll<io::Result<R>> {
        ready!(budget::poll_ready(cx));
        let reactor = self.reactor()?;
        loop {
            ready!(reactor.poll_ready(self.token, direction, cx));
            match operation(&self.source) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    reactor.clear(self.token, direction);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                done => {
                    budget::spend();
                    return Poll::Ready(done);
                }
            }
        }
    }

    /// The operation did less than it was asked to, so the next one would block: saves
    /// the system call that would find that out. What comes later makes a new edge.
    pub(crate) fn expect_nothing(&self, direction: Direction) {
        if let Ok(reactor) = self.reactor() {
            reactor.clear(self.token, direction);
        }
    }

    fn reactor(&self) -> io::Result<Rc<Reactor>> {
        HOMES
            .with(|homes| Homes::of(homes, self.runtime))
            .ok_or_else(|| self.not_at_home())
    }

    #[cold]
    fn not_at_home(&self) -> io::Error {
        io::Error::other(match inbox_of(self.runtime) {
            Some(_) => format!(
                "a socket of Kettle runtime {} was used on another thread than the \
                 runtime's; use it in a task that is spawned there",
                self.runtime
            ),
            None => format!(
                "the Kettle runtime {} that this socket belongs to has been shut down",
                self.runtime
            ),
        })
    }
}

/// The current runtime's reactor, where this is its thread.
fn current_reactor() -> io::Result<(RuntimeId, Rc<Reactor>)> {
    let runtime = current();
    let reactor = runtime.and_then(|it| HOMES.with(|homes| Homes::of(homes, it)));
    runtime.zip(reactor).ok_or_else(|| {
        io::Error::other(
            "a socket was made where no Kettle runtime with sockets is current on its \
             own thread; make it inside block_on, and build the runtime with enable_io \
             or enable_all",
        )
    })
}

impl<S: Source> Drop for Registration<S> {
    fn drop(&mut self) {
        // The operating system forgets a closed socket in any case, so an error here
        // changes nothing.
        let _ = self.registry.deregister(&mut self.source);
        let token = self.token;
        ask(&HOMES, self.runtime, move |reactor| reactor.dismiss(token));
    }
}

impl<S: Source + fmt::Debug> fmt::Debug for Registration<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registration")
            .field("source", &self.source)
            .field("runtime", &self.runtime)
            .finish_non_exhaustive()
    }
}
