//! The events, and whom they concern.
//!
//! # Layer
//! 2: plain data.

use std::fmt;
use std::panic::Location;
use std::time::Duration;

macro_rules! number {
    ($(#[$doc:meta])* $name:ident, $word:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($word, " {}"), self.0)
            }
        }
    };
}

number! {
    /// A task: in a recording, the first to appear is 1.
    Task, "task"
}
number! {
    /// A timer: in a recording, the first to appear is 1.
    Timer, "timer"
}
number! {
    /// A socket in the reactor: in a recording, the first to appear is 1.
    Source, "source"
}

/// Who did something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cause {
    /// Code on this thread that is no task: before `block_on`, or a drop at the end.
    Outside,
    /// The task that was being polled.
    Task(Task),
    /// A timer that fired.
    Timer(Timer),
    /// A socket that became ready.
    Source(Source),
    /// Another thread, through the inbox.
    Elsewhere,
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cause::Outside => f.write_str("the thread itself"),
            Cause::Task(task) => task.fmt(f),
            Cause::Timer(timer) => timer.fmt(f),
            Cause::Source(source) => source.fmt(f),
            Cause::Elsewhere => f.write_str("another thread"),
        }
    }
}

/// Why a sleeping loop woke up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Why {
    /// Somebody unparked it.
    Unparked,
    /// The deadline has passed.
    Deadline,
    /// The operating system reported this many events.
    Events(usize),
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// A task was spawned, and is scheduled.
    Spawn {
        /// The new task.
        task: Task,
        /// Who spawned it.
        by: Cause,
        /// Where in the program; `None` for the main future of `block_on`.
        at: Option<&'static Location<'static>>,
    },
    /// A task gave itself a name.
    Name {
        /// The task.
        task: Task,
        /// Its name from here on.
        name: &'static str,
    },
    /// A task's turn began.
    PollStart {
        /// The task.
        task: Task,
    },
    /// A task's turn ended.
    PollEnd {
        /// The task.
        task: Task,
        /// Whether its future was ready, and is gone.
        ready: bool,
    },
    /// A task panicked; the end of its poll follows.
    Panic {
        /// The task.
        task: Task,
    },
    /// A task was woken.
    Wake {
        /// The task.
        task: Task,
        /// Whether this put it into the run queue; if not, it was there already. A task
        /// that wakes itself is put there when its poll is over.
        queued: bool,
        /// Who woke it.
        by: Cause,
    },
    /// A task was asked to stop.
    Abort {
        /// The task.
        task: Task,
        /// Who asked.
        by: Cause,
    },
    /// A task's future was dropped before it was ready.
    Cancel {
        /// The task.
        task: Task,
    },
    /// The run queue was put into another order.
    Shuffle,
    /// The loop went to sleep.
    Park {
        /// For how long at most; `None` for as long as it takes.
        timeout: Option<Duration>,
    },
    /// The loop woke up.
    Unpark {
        /// Why.
        why: Why,
    },
    /// A timer was set.
    TimerSet {
        /// The timer.
        timer: Timer,
        /// Who set it.
        by: Cause,
    },
    /// A timer's deadline has passed.
    TimerFire {
        /// The timer.
        timer: Timer,
    },
    /// A timer was taken back before its deadline.
    TimerCancel {
        /// The timer.
        timer: Timer,
    },
    /// A paused clock was turned.
    Advance {
        /// By how much.
        by: Duration,
    },
    /// Timers came nearer, and were put where they lie on the wheel from here.
    Cascade {
        /// The level that they left, from 0; 6 is beyond the horizon.
        level: usize,
        /// How many.
        timers: usize,
    },
    /// A socket was registered.
    Register {
        /// The socket.
        source: Source,
        /// Who registered it.
        by: Cause,
    },
    /// The operating system says that a socket is ready.
    Ready {
        /// The socket.
        source: Source,
        /// To be read from.
        read: bool,
        /// To be written to.
        write: bool,
    },
    /// A socket was deregistered.
    Deregister {
        /// The socket.
        source: Source,
    },
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Event::Spawn { task, by, at: None } => write!(f, "{by} starts {task}"),
            Event::Spawn {
                task,
                by,
                at: Some(at),
            } => {
                write!(f, "{by} spawns {task} at {}:{}", at.file(), at.line())
            }
            Event::Name { task, name } => write!(f, "{task} is called {name}"),
            Event::PollStart { task } => write!(f, "{task} is polled"),
            Event::PollEnd { task, ready: true } => write!(f, "{task} is ready"),
            Event::PollEnd { task, ready: false } => write!(f, "{task} is pending"),
            Event::Panic { task } => write!(f, "{task} panics"),
            Event::Cancel { task } => write!(f, "{task} is dropped"),
            Event::Abort { task, by } => write!(f, "{by} aborts {task}"),
            other => other.fmt_loop(f),
        }
    }
}

impl Event {
    /// What the loop does, and what is done to it.
    fn fmt_loop(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Event::Wake { task, queued, by } => {
                let already = if *queued { "" } else { " already" };
                write!(f, "{by} wakes {task}, which is scheduled{already}")
            }
            Event::Shuffle => f.write_str("the run queue is shuffled"),
            Event::Park { timeout: None } => f.write_str("the loop sleeps"),
            Event::Park {
                timeout: Some(timeout),
            } => {
                write!(f, "the loop sleeps for at most {timeout:?}")
            }
            Event::Unpark { why } => write!(f, "the loop {why}"),
            other => other.fmt_outside(f),
        }
    }

    /// Timers and sockets.
    fn fmt_outside(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Event::TimerSet { timer, by } => write!(f, "{by} sets {timer}"),
            Event::TimerFire { timer } => write!(f, "{timer} fires"),
            Event::TimerCancel { timer } => write!(f, "{timer} is cancelled"),
            Event::Advance { by } => write!(f, "the clock is turned by {by:?}"),
            Event::Cascade { level, timers } => {
                write!(f, "timers come down from level {level}: {timers}")
            }
            Event::Register { source, by } => write!(f, "{by} registers {source}"),
            Event::Ready {
                source,
                read,
                write,
            } => {
                write!(f, "{source} is ready to {}", ways(*read, *write))
            }
            Event::Deregister { source } => write!(f, "{source} is deregistered"),
            other => unreachable!("{other:?} is written above"),
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Why::Unparked => f.write_str("is unparked"),
            Why::Deadline => f.write_str("wakes up at its deadline"),
            Why::Events(1) => f.write_str("wakes up with an event"),
            Why::Events(count) => write!(f, "wakes up with {count} events"),
        }
    }
}

fn ways(read: bool, write: bool) -> &'static str {
    match (read, write) {
        (true, true) => "be read and written",
        (true, false) => "be read",
        (false, true) => "be written",
        (false, false) => "say that it has ended",
    }
}
