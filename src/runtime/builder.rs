//! Building a runtime.
//!
//! # Layer
//! 8: uses the executor and the driver.

use std::io;
use std::time::Duration;

use super::Runtime;
use crate::blocking::{Open, Pool, Settings};
use crate::driver::Driver;
use crate::executor::{Executor, TURN_LENGTH};

/// Builds a [`Runtime`]; tokio's builder has the same shape.
///
/// ```
/// use kettle::runtime::Builder;
///
/// let runtime = Builder::new_current_thread().enable_all().build()?;
/// runtime.block_on(async {});
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Builder {
    io: bool,
    time: bool,
    turn_length: u32,
    blocking: Settings,
}

impl Builder {
    /// A runtime of one thread, the only kind there is, without sockets and timers.
    pub fn new_current_thread() -> Builder {
        Builder {
            io: false,
            time: false,
            turn_length: TURN_LENGTH,
            blocking: Settings::default(),
        }
    }

    /// Gives the runtime all it can have: sockets and timers.
    pub fn enable_all(&mut self) -> &mut Builder {
        self.enable_io().enable_time()
    }

    /// Gives the runtime a reactor, which sockets need.
    pub fn enable_io(&mut self) -> &mut Builder {
        self.io = true;
        self
    }

    /// Gives the runtime timers.
    pub fn enable_time(&mut self) -> &mut Builder {
        self.time = true;
        self
    }

    /// How many polls there are at most between two looks at the outside world; 128 if
    /// nothing is said.
    ///
    /// # Panics
    /// If it is zero.
    #[track_caller]
    pub fn event_interval(&mut self, polls: u32) -> &mut Builder {
        assert!(
            polls > 0,
            "event_interval(0): a turn needs at least one poll"
        );
        self.turn_length = polls;
        self
    }

    /// How many threads [`spawn_blocking`](crate::task::spawn_blocking) uses at most; 512
    /// if nothing is said.
    ///
    /// # Panics
    /// If it is zero.
    #[track_caller]
    pub fn max_blocking_threads(&mut self, threads: usize) -> &mut Builder {
        assert!(
            threads > 0,
            "max_blocking_threads(0): spawn_blocking needs at least one thread"
        );
        self.blocking.limit = threads;
        self
    }

    /// How long a thread of `spawn_blocking` waits for more work before it ends; ten
    /// seconds if nothing is said.
    pub fn thread_keep_alive(&mut self, duration: Duration) -> &mut Builder {
        self.blocking.keep_alive = duration;
        self
    }

    /// The name of the threads of `spawn_blocking`; `kettle-blocking` if nothing is said.
    ///
    /// # Panics
    /// If there is a zero byte in it, which the system takes for its end.
    #[track_caller]
    pub fn thread_name(&mut self, name: impl Into<String>) -> &mut Builder {
        let name = name.into();
        assert!(
            !name.contains('\0'),
            "thread_name({name:?}): the name of a thread cannot contain a zero byte"
        );
        self.blocking.name = name;
        self
    }

    /// Builds the runtime, at home on this thread.
    ///
    /// # Errors
    /// What the operating system says, which may be out of descriptors; and
    /// [`TooManyRuntimes`](super::TooManyRuntimes), if there are 4,096 alive.
    pub fn build(&mut self) -> io::Result<Runtime> {
        let driver = Driver::new(self.io, self.time)?;
        let executor = Executor::new(driver.unparker(), self.turn_length)
            .map_err(io::Error::other)?;
        let runtime = executor.runtime();
        Ok(Runtime {
            at_home: driver.at_home(runtime),
            pool: Open::new(Pool::new(runtime, self.blocking.clone())),
            executor,
            driver,
            patience: None,
        })
    }
}
