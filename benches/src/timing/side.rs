//! The sides that can sleep, under the same few names.
//!
//! What [`crate::side`] has, with timers: `Runtime`, `spawn`, `join`, and `sleep` and
//! `timeout`, each the runtime's own. smol has no timeout of its own; `or` with a timer
//! is what its documentation shows.

use std::future::Future;
use std::io;
use std::time::Duration;

/// Kettle.
pub mod kettle {
    pub use crate::side::kettle::{NAME, Runtime, STAYS, join, spawn};
    pub use kettle::time::{sleep, timeout};
}

/// tokio.
pub mod tokio {
    pub use crate::side::tokio::{NAME, Runtime, STAYS, join, spawn};
    pub use tokio::time::{sleep, timeout};
}

/// smol.
pub mod smol {
    use super::{Duration, Future};

    pub use crate::side::smol::{NAME, Runtime, STAYS, join, spawn};
    pub use async_io::Timer;

    /// A timer of async-io's.
    pub fn sleep(duration: Duration) -> Timer {
        Timer::after(duration)
    }

    /// `future`, or `None` after `duration`.
    pub async fn timeout<F: Future>(
        duration: Duration,
        future: F,
    ) -> Option<F::Output> {
        let late = async {
            Timer::after(duration).await;
            None
        };
        futures_lite::future::or(async { Some(future.await) }, late).await
    }
}

/// monoio with its timers.
#[cfg(all(feature = "peers", target_os = "linux"))]
pub mod monoio {
    use super::{Future, io};
    use ::monoio::time::TimeDriver;
    use ::monoio::{IoUringDriver, RuntimeBuilder};

    pub use crate::side::monoio::{NAME, STAYS, join, spawn};
    pub use ::monoio::time::{sleep, timeout};

    /// One runtime.
    #[expect(missing_debug_implementations, reason = "monoio's Runtime has none")]
    pub struct Runtime(::monoio::Runtime<TimeDriver<IoUringDriver>>);

    impl Runtime {
        /// Builds one; an error where io_uring is not permitted.
        pub fn build() -> io::Result<Self> {
            RuntimeBuilder::<IoUringDriver>::new()
                .enable_timer()
                .build()
                .map(Self)
        }

        /// Drives `future` to its end on this thread.
        pub fn block_on<F: Future>(&mut self, future: F) -> F::Output {
            self.0.block_on(future)
        }
    }
}

/// compio.
#[cfg(all(feature = "peers", target_os = "linux"))]
pub mod compio {
    pub use crate::side::compio::{NAME, Runtime, STAYS, join, spawn};
    pub use compio::time::{sleep, timeout};
}

/// Kettle with another gap: the curve of the trade. The text is Kettle's.
pub mod gap {
    use super::{Duration, Future, io};

    pub use super::kettle::{STAYS, join, sleep, spawn, timeout};

    /// A name that no comparison takes for Kettle's.
    pub const NAME: &str = "Kettle, other gap";

    std::thread_local! {
        /// The gap of the runtimes built on this thread.
        pub static GAP: std::cell::Cell<Duration> =
            const { std::cell::Cell::new(Duration::ZERO) };
    }

    /// One runtime.
    #[derive(Debug)]
    pub struct Runtime(kettle::runtime::Runtime);

    impl Runtime {
        /// Builds one with [`GAP`].
        pub fn build() -> io::Result<Self> {
            kettle::runtime::Builder::new_current_thread()
                .enable_all()
                .timer_gap(GAP.get())
                .build()
                .map(Self)
        }

        /// Drives `future` to its end on this thread.
        pub fn block_on<F: Future>(&mut self, future: F) -> F::Output {
            self.0.block_on(future)
        }
    }
}
