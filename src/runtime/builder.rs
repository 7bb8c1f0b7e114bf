//! Building a runtime.
//!
//! # Layer
//! 8: uses the executor and the driver.

use std::io;

use super::Runtime;
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
}

impl Builder {
    /// A runtime of one thread, the only kind there is, without sockets and timers.
    pub fn new_current_thread() -> Builder {
        Builder {
            io: false,
            time: false,
            turn_length: TURN_LENGTH,
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

    /// Builds the runtime, at home on this thread.
    ///
    /// # Errors
    /// What the operating system says, which may be out of descriptors; and
    /// [`TooManyRuntimes`](super::TooManyRuntimes), if there are 4,096 alive.
    pub fn build(&mut self) -> io::Result<Runtime> {
        let driver = Driver::new(self.io, self.time)?;
        let executor = Executor::new(driver.unparker(), self.turn_length)
            .map_err(io::Error::other)?;
        Ok(Runtime {
            at_home: driver.at_home(executor.runtime()),
            executor,
            driver,
        })
    }
}
