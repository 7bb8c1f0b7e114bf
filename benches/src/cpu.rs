//! CPU time of a thread, and the cores it may run on.
//!
//! Wall time charges a side for whatever else the machine does. Thread CPU time
//! charges it for its own work only, in user and kernel mode, and it repeats better
//! by an order of magnitude on a machine that is not idle.

use std::fs;
use std::sync::OnceLock;
use std::time::Duration;

use cpu_time::ThreadTime;
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// A stopwatch over the CPU time of the thread that started it.
#[derive(Clone, Copy, Debug)]
pub struct ThreadClock {
    /// A bare duration and not cpu-time's own type: that one is not `Send`, and tasks
    /// that hold it could not be spawned, though they stay on their thread here.
    started: Duration,
}

impl ThreadClock {
    /// Starts now.
    #[must_use]
    pub fn start() -> Self {
        Self {
            started: ThreadTime::now().as_duration(),
        }
    }

    /// CPU time that this thread has used since the start. On another thread than
    /// the one that started it, the answer means nothing.
    #[must_use]
    pub fn elapsed(self) -> Duration {
        ThreadTime::now().as_duration() - self.started
    }
}

/// CPU time of all threads of this process but the calling one, the kernel's helper
/// threads for io_uring included. A thread that is running right now may be behind by
/// a tick of the scheduler; of sleeping threads the number is exact.
#[must_use]
pub fn other_threads_time() -> Duration {
    let this = rustix::thread::gettid().as_raw_nonzero().to_string();
    let threads = fs::read_dir("/proc/self/task")
        .into_iter()
        .flatten()
        .flatten();
    let others = threads.filter(|thread| thread.file_name() != *this);
    let nanos = others.filter_map(|thread| {
        // A thread that ended since the folder was read has no time to tell.
        let stat = fs::read_to_string(thread.path().join("schedstat")).ok()?;
        stat.split(' ').next()?.parse::<u64>().ok()
    });
    Duration::from_nanos(nanos.sum())
}

/// The two cores of a benchmark: the one that is measured, and the one for everyone
/// else (clients, wakers). On a machine with one core they are the same.
#[derive(Clone, Copy, Debug)]
pub struct Cores {
    /// Where the measured thread runs. The last core: the first one takes most of
    /// a small machine's interrupts.
    pub measured: usize,
    /// Where the other threads run.
    pub other: usize,
    /// How many there are to choose from.
    pub usable: usize,
}

impl Cores {
    /// The cores that this process may use. They are asked for once, before the
    /// first thread is pinned: a thread inherits the cores of the one that starts it.
    #[must_use]
    pub fn of_this_process() -> Option<Self> {
        static CORES: OnceLock<Option<Cores>> = OnceLock::new();
        *CORES.get_or_init(|| {
            let allowed = sched_getaffinity(None).ok()?;
            let mut usable =
                (0..CpuSet::MAX_CPU).filter(|&cpu| allowed.is_set(cpu));
            let other = usable.next()?;
            Some(Self {
                measured: usable.next_back().unwrap_or(other),
                other,
                usable: allowed.count() as usize,
            })
        })
    }
}

/// Binds this thread to the measured core. Says whether it could.
pub fn pin_measured() -> bool {
    Cores::of_this_process().is_some_and(|cores| pin(cores.measured))
}

/// Binds this thread to the core of everyone else. Says whether it could.
pub fn pin_other() -> bool {
    Cores::of_this_process().is_some_and(|cores| pin(cores.other))
}

fn pin(core: usize) -> bool {
    let mut set = CpuSet::new();
    set.set(core);
    sched_setaffinity(None, &set).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::hint::black_box;

    #[test]
    fn a_thread_that_works_uses_cpu_time() {
        let clock = ThreadClock::start();
        for n in 0..100_000_u64 {
            black_box(n);
        }
        assert!(clock.elapsed() > Duration::ZERO);
    }

    #[test]
    fn another_threads_work_is_seen_from_here() {
        let before = other_threads_time();
        let (worked, told) = std::sync::mpsc::channel();
        let (end, ended) = std::sync::mpsc::channel::<()>();
        let worker = std::thread::spawn(move || {
            let clock = ThreadClock::start();
            while clock.elapsed() < Duration::from_millis(20) {}
            worked.send(()).expect("the test waits for it");
            // Its time is in the list only while it lives.
            ended.recv().expect("the test sends it");
        });
        told.recv().expect("the worker sends it");
        assert!(other_threads_time() - before > Duration::from_millis(10));
        end.send(()).expect("the worker waits for it");
        worker.join().expect("the worker does not panic");
    }

    #[test]
    fn a_pinned_thread_may_use_one_core() {
        std::thread::spawn(|| {
            let cores = Cores::of_this_process().expect("Linux tells the cores");
            assert!(pin_measured());
            let now = sched_getaffinity(None).expect("Linux tells the cores");
            assert_eq!(now.count(), 1);
            assert!(now.is_set(cores.measured));
        })
        .join()
        .expect("the assertions hold");
    }
}
