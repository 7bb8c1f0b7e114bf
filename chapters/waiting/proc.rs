//! What Linux writes about threads, memory and switches into the files under `/proc`.

#![allow(dead_code, unreachable_pub, reason = "each program uses a part of it")]

use std::fs;
use std::path::Path;

/// The number that stands after `key:` in one of the files.
pub fn number(file: impl AsRef<Path>, key: &str) -> Option<u64> {
    let text = fs::read_to_string(file).ok()?;
    let rest = text.lines().find_map(|line| line.strip_prefix(key))?;
    rest.trim_start_matches(':')
        .split_whitespace()
        .next()?
        .parse()
        .ok()
}

/// How often this thread gave the processor away, and how often it was taken from it.
pub fn switches_of_this_thread() -> (u64, u64) {
    let status = "/proc/thread-self/status";
    let given = number(status, "voluntary_ctxt_switches").unwrap_or(0);
    let taken = number(status, "nonvoluntary_ctxt_switches").unwrap_or(0);
    (given, taken)
}

/// How often all living threads of this process were switched away, either way.
pub fn switches() -> u64 {
    let tasks = fs::read_dir("/proc/self/task").into_iter().flatten();
    let of_task = |status: &Path| {
        let given = number(status, "voluntary_ctxt_switches").unwrap_or(0);
        given + number(status, "nonvoluntary_ctxt_switches").unwrap_or(0)
    };
    let statuses = tasks.flatten().map(|task| task.path().join("status"));
    statuses.map(|status| of_task(&status)).sum()
}

/// The processor time of this thread, in milliseconds.
pub fn milliseconds_of_this_thread() -> f64 {
    let text = fs::read_to_string("/proc/thread-self/schedstat");
    let text = text.unwrap_or_default();
    let nanoseconds = text.split_whitespace().next();
    let nanoseconds = nanoseconds.and_then(|number| number.parse::<f64>().ok());
    nanoseconds.unwrap_or(0.0) / 1_000_000.0
}

/// Says so, and why, on a system without `/proc`.
pub fn is_missing() -> bool {
    let missing = !Path::new("/proc/thread-self/status").exists();
    if missing {
        println!("this program reads /proc, which this system does not have");
    }
    missing
}
