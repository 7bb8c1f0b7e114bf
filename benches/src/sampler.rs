//! One side's turn in a round, by criterion.
//!
//! criterion finds out how often a block must be repeated, warms up, and takes ten
//! samples of growing length; the round's time is their median. It sees one side at
//! a time, so the comparison is ours. Its async bencher is not used: that one drives
//! tokio through `block_on`, where each round trip costs an `epoll_wait`. What it
//! writes about the last round stays in `target/criterion`.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::fd::OwnedFd;
use std::sync::OnceLock;
use std::time::Duration;

use criterion::Criterion;
use rustix::io::dup;
use rustix::stdio::{dup2_stderr, dup2_stdout, stderr, stdout};

use crate::arm::Run;
use crate::ratio::Spread;

/// criterion's least.
const SAMPLES: usize = 10;

/// How long one side's turn may take.
#[derive(Clone, Copy, Debug)]
pub struct Turn {
    /// Until the block's cost is known and the caches are warm.
    pub warm_up: Duration,
    /// For the ten samples together.
    pub measure: Duration,
}

/// The time of one block in nanoseconds: the median of criterion's samples.
pub fn block_time(row: &str, side: &str, turn: Turn, run: Run) -> f64 {
    let mut samples: Vec<f64> = Vec::new();
    let hush = Hush::now();
    let mut criterion = Criterion::default()
        .without_plots()
        .sample_size(SAMPLES)
        .nresamples(1_000)
        .warm_up_time(turn.warm_up)
        .measurement_time(turn.measure);
    let mut group = criterion.benchmark_group(row);
    group.bench_function(side, |bencher| {
        bencher.iter_custom(|blocks| {
            let elapsed = run(blocks);
            samples.push(elapsed.as_nanos() as f64 / blocks as f64);
            elapsed
        });
    });
    group.finish();
    drop(hush);
    // What came before the last ten was the warm-up.
    Spread::of(&samples[samples.len() - SAMPLES..]).median
}

/// Silence on both standard streams while it lives: criterion reports each side's
/// turn in several lines, and a table of a hundred turns would drown in them.
struct Hush {
    stdout: OwnedFd,
    stderr: OwnedFd,
}

impl Hush {
    fn now() -> Self {
        panics_stay_audible();
        let nowhere = OpenOptions::new().write(true).open("/dev/null");
        let nowhere = nowhere.expect("every Unix has /dev/null");
        let hush = Self {
            stdout: dup(stdout()).expect("standard output is open"),
            stderr: dup(stderr()).expect("standard error is open"),
        };
        dup2_stdout(&nowhere).expect("both descriptors are open");
        dup2_stderr(&nowhere).expect("both descriptors are open");
        hush
    }
}

impl Drop for Hush {
    fn drop(&mut self) {
        let _ = std::io::stdout().flush();
        dup2_stdout(&self.stdout).expect("both descriptors are open");
        dup2_stderr(&self.stderr).expect("both descriptors are open");
    }
}

/// A panic in a silenced scenario is reported on the real standard error.
fn panics_stay_audible() {
    static HEARD: OnceLock<()> = OnceLock::new();
    HEARD.get_or_init(|| {
        let loud = dup(stderr()).expect("standard error is open");
        let loud = std::fs::File::from(loud);
        std::panic::set_hook(Box::new(move |panic| {
            // Where not even standard error takes the report, no one can be told.
            let _ = writeln!(&loud, "\n{panic}");
        }));
    });
}
