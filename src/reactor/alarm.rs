//! A deadline for a sweep, finer than mio's.
//!
//! mio hands its timeout to `epoll_wait`, which counts in milliseconds. On Linux a sweep
//! with a deadline therefore sleeps without a timeout, on a timer descriptor that is one
//! of its sources. Setting that is a system call, made only when the deadline is another
//! one than before: a server whose nearest timeout is far off makes none. (`epoll_pwait2`
//! takes nanoseconds, but mio does not call it, and it is late by the thread's timer
//! slack, 50 µs.) Elsewhere mio's own timeout has to do.
//!
//! # Layer
//! 5: uses mio and the clock.

use std::cell::{Cell, OnceCell};
use std::io;
use std::time::Duration;

use mio::{Registry, Token};

use crate::clock::Instant;

/// Rings once, at a deadline.
#[derive(Debug, Default)]
pub(super) struct Alarm {
    /// Made for the first deadline; `None` where there is none to be had.
    bell: OnceCell<Option<Bell>>,
    /// When it will ring.
    deadline: Cell<Option<Instant>>,
}

impl Alarm {
    /// Makes the event queue report `token` at `deadline`, which is `left` away, or never.
    /// False if the caller has to see to it by other means.
    pub(super) fn set(
        &self,
        deadline: Option<(Instant, Duration)>,
        registry: &Registry,
        token: Token,
    ) -> bool {
        let at = deadline.map(|(at, _)| at);
        if self.deadline.get() == at {
            return true;
        }
        let bell = || Bell::new(registry, token).ok();
        let Some(bell) = self.bell.get_or_init(bell) else {
            return false;
        };
        let set = bell.set(deadline.map(|(_, left)| left)).is_ok();
        self.deadline.set(at.filter(|_| set));
        set
    }

    /// The event queue has reported it.
    pub(super) fn has_rung(&self) {
        self.deadline.set(None);
    }
}

/// A timer of the operating system's.
#[cfg(target_os = "linux")]
#[derive(Debug)]
struct Bell(std::os::fd::OwnedFd);

#[cfg(target_os = "linux")]
impl Bell {
    fn new(registry: &Registry, token: Token) -> io::Result<Bell> {
        use std::os::fd::AsRawFd;

        use rustix::time::{TimerfdClockId, TimerfdFlags, timerfd_create};

        let flags = TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC;
        let timer = timerfd_create(TimerfdClockId::Monotonic, flags)?;
        let mut source = mio::unix::SourceFd(&timer.as_raw_fd());
        registry.register(&mut source, token, mio::Interest::READABLE)?;
        Ok(Bell(timer))
    }

    /// Makes it ring when `left` has passed, or never. A ring that was not heard is
    /// forgotten, so nobody has to read it.
    fn set(&self, left: Option<Duration>) -> io::Result<()> {
        use rustix::time::{
            Itimerspec, TimerfdTimerFlags, Timespec, timerfd_settime,
        };

        let left = left.unwrap_or_default();
        let time = |left: Duration| Timespec {
            tv_sec: left.as_secs().try_into().unwrap_or(i64::MAX),
            tv_nsec: left.subsec_nanos().into(),
        };
        let spec = Itimerspec {
            it_interval: time(Duration::ZERO),
            it_value: time(left),
        };
        timerfd_settime(&self.0, TimerfdTimerFlags::empty(), &spec)?;
        Ok(())
    }
}

/// Nothing finer than mio's timeout is known here.
#[cfg(not(target_os = "linux"))]
#[derive(Debug)]
struct Bell;

#[cfg(not(target_os = "linux"))]
impl Bell {
    fn new(_: &Registry, _: Token) -> io::Result<Bell> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn set(&self, _: Option<Duration>) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
}
