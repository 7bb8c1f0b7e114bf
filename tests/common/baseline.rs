//! What a process holds of the system: it must be the same after as before.

use std::fs;

/// Descriptors and threads of this process, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Baseline {
    descriptors: usize,
    threads: usize,
}

impl Baseline {
    /// What there is now. It means something only in a process without other tests.
    pub(crate) fn now() -> Baseline {
        Baseline {
            descriptors: descriptors(),
            threads: threads(),
        }
    }
}

/// The number of open descriptors of this process.
pub(crate) fn descriptors() -> usize {
    entries("/proc/self/fd")
}

/// The number of threads of this process.
pub(crate) fn threads() -> usize {
    entries("/proc/self/task")
}

/// The resident memory of this process, in KiB.
pub(crate) fn resident_kib() -> usize {
    let status = fs::read_to_string("/proc/self/status").expect("Linux has it");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let line = line.expect("Linux has it").trim().trim_end_matches(" kB");
    line.parse().expect("it is a number")
}

fn entries(folder: &str) -> usize {
    fs::read_dir(folder).expect("Linux has it").count()
}
