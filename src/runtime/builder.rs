//! Building a runtime.
//!
//! # Layer
//! 8: uses the executor and the driver.

use std::io;
use std::time::Duration;

use super::{Handle, RngSeed, Runtime};
use crate::blocking::{Open, Pool, Settings};
use crate::driver::Driver;
use crate::executor::{Executor, Habits};
use crate::time::Settings as Timing;

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
    habits: Habits,
    blocking: Settings,
    timing: Timing,
    seed: Option<RngSeed>,
}

impl Builder {
    /// A runtime of one thread, the only kind there is, without sockets and timers.
    pub fn new_current_thread() -> Builder {
        Builder {
            io: false,
            time: false,
            habits: Habits::default(),
            blocking: Settings::default(),
            timing: Timing::default(),
            seed: None,
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

    /// Whether the runtime's clock stands still from the beginning; see
    /// [`time::pause`](crate::time::pause).
    ///
    /// ```
    /// use kettle::time::{Duration, Instant, sleep};
    ///
    /// let mut builder = kettle::runtime::Builder::new_current_thread();
    /// let runtime = builder.enable_time().start_paused(true).build()?;
    /// runtime.block_on(async {
    ///     let start = Instant::now();
    ///     sleep(Duration::from_secs(3600)).await;
    ///     assert_eq!(start.elapsed(), Duration::from_secs(3600));
    /// });
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn start_paused(&mut self, paused: bool) -> &mut Builder {
        self.timing.paused = paused;
        self
    }

    /// How exact timers are: nobody is woken later than this, the time that the thread is
    /// busy apart. A 64th of a millisecond (15.6 µs) if nothing is said.
    ///
    /// # Panics
    /// If it is zero.
    #[track_caller]
    pub fn timer_tick(&mut self, tick: Duration) -> &mut Builder {
        assert!(
            !tick.is_zero(),
            "timer_tick(0): time on the wheel moves in ticks, so one takes some time"
        );
        self.timing.tick = tick;
        self
    }

    /// How long the loop sleeps at least when timers are dense: when five or more of the
    /// coming 64 ticks have timers. They are then late by up to this long, and cost one
    /// wake-up together. One millisecond if nothing is said.
    ///
    /// Zero makes each timer exact, however many there are, and that costs: with 100,000 of
    /// them in a second a timer takes, from its spawn to its join,
    ///
    /// | gap | processor time | late by, median |
    /// |---|---|---|
    /// | 0 | 6.9 µs | 26 µs |
    /// | 100 µs | 2.6 µs | 78 µs |
    /// | 250 µs | 1.2 µs | 156 µs |
    /// | 500 µs | 1.0 µs | 301 µs |
    /// | 1 ms | 0.9 µs | 578 µs |
    /// | 2 ms | 0.5 µs | 1,047 µs |
    ///
    /// So `cargo bench -p kettle-benches --bench time` said on a virtual machine of two
    /// cores (AMD EPYC, Linux 6.18, Rust 1.95). Elsewhere the numbers are others; the curve
    /// is the same.
    pub fn timer_gap(&mut self, gap: Duration) -> &mut Builder {
        self.timing.gap = gap;
        self
    }

    /// Seeds the random choices of this thread, which `select!` makes: programs that do
    /// the same then do it in the same order. With the clock
    /// [paused](Builder::start_paused), too, one run is like the other, event for event.
    pub fn rng_seed(&mut self, seed: RngSeed) -> &mut Builder {
        self.seed = Some(seed);
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
        self.habits.turn_length = polls;
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

    /// How long the thread looks about, with nothing to do, before it sleeps; not at all
    /// if nothing is said.
    ///
    /// Waking a thread that sleeps takes tens of microseconds. Where other threads answer
    /// sooner than that, a spin of fifty microseconds finds the answer awake; and
    /// otherwise it keeps a processor busy for nothing. tokio has no such setting.
    pub fn spin_before_park(&mut self, duration: Duration) -> &mut Builder {
        self.habits.spin = duration;
        self
    }

    /// Whether each turn begins with what is scheduled in a random order; if nothing is
    /// said, tasks run in the order of their wakes.
    ///
    /// It is for tests that look for an order that breaks them: with
    /// [`rng_seed`](Builder::rng_seed) the order follows from the seed, and a seed that
    /// failed fails again. With [`event_interval(1)`](Builder::event_interval) each poll
    /// is a draw of its own. tokio has no such setting.
    ///
    /// ```
    /// use std::sync::{Arc, Mutex};
    /// use kettle::runtime::{Builder, RngSeed};
    ///
    /// let order = |seed: &[u8]| {
    ///     let mut builder = Builder::new_current_thread();
    ///     builder.rng_seed(RngSeed::from_bytes(seed)).shuffle_run_queue(true);
    ///     let runtime = builder.build()?;
    ///     let log = Arc::new(Mutex::new(Vec::new()));
    ///     for number in 0..10 {
    ///         let log = Arc::clone(&log);
    ///         runtime.spawn(async move { log.lock().unwrap().push(number) });
    ///     }
    ///     runtime.block_on(kettle::task::yield_now());
    ///     let order = log.lock().unwrap().clone();
    ///     Ok::<_, std::io::Error>(order)
    /// };
    /// assert_eq!(order(b"tea")?, order(b"tea")?);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn shuffle_run_queue(&mut self, shuffle: bool) -> &mut Builder {
        self.habits.shuffles = shuffle;
        self
    }

    /// Builds the runtime, at home on this thread.
    ///
    /// # Errors
    /// What the operating system says, which may be out of descriptors; and
    /// [`TooManyRuntimes`](super::TooManyRuntimes), if there are 4,096 alive.
    pub fn build(&mut self) -> io::Result<Runtime> {
        let driver = Driver::new(self.io, self.time, &self.timing)?;
        let executor = Executor::new(driver.unparker(), self.habits.clone())
            .map_err(io::Error::other)?;
        let runtime = executor.runtime();
        if let Some(seed) = &self.seed {
            seed.plant();
        }
        Ok(Runtime {
            at_home: driver.at_home(runtime),
            pool: Open::new(Pool::new(runtime, self.blocking.clone())),
            handle: Handle::new(runtime),
            executor,
            driver,
            patience: None,
        })
    }
}
