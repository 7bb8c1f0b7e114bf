//! One side's turn in a process that has done nothing before.
//!
//! A warm process has its memory mapped, its caches filled and its allocator's free
//! lists long. What a program pays when it starts, only a new process can tell: the
//! benchmark starts itself again with `--one`.

use std::process::Command;

use crate::options::One;

/// The nanoseconds that a new process printed for its one turn.
///
/// # Panics
/// When the process cannot be started or fails; what it wrote is in the message.
#[must_use]
pub fn time(one: &One) -> f64 {
    let itself =
        std::env::current_exe().expect("the benchmark's own file is there");
    let output = Command::new(itself)
        .args(["--one", &one.row, &one.side, &one.blocks.to_string()])
        .output()
        .expect("the benchmark can be started again");
    let said = String::from_utf8_lossy(&output.stdout);
    let nanos = said.split(' ').next().unwrap_or_default();
    nanos.parse().unwrap_or_else(|_| {
        let complaint = String::from_utf8_lossy(&output.stderr);
        panic!("--one {} {} said {said:?}, {complaint}", one.row, one.side)
    })
}
