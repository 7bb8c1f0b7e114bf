//! The facts about the machine without which a time says nothing.

use std::fs;
use std::process::Command;

use crate::allocator;
use crate::cpu::Cores;

/// The flags that every side is built with: the workspace's `bench` profile.
pub const FLAGS: &str = "opt-level=3, lto=\"fat\", codegen-units=1, no target-cpu";

/// What is known about this machine; what cannot be found out is "unknown".
#[derive(Clone, Debug)]
pub struct Machine {
    /// The processor's name.
    pub cpu: String,
    /// Cores that this process may use.
    pub cores: usize,
    /// Whether the measured thread is bound to a core.
    pub pinned: bool,
    /// The system and its release.
    pub system: String,
    /// The compiler.
    pub rustc: String,
    /// The allocator of all sides.
    pub allocator: &'static str,
    /// Kettle's commit, with a mark when files differ from it.
    pub commit: String,
    /// Processes that wanted a core in the minute before: above the benchmark's own
    /// share, times are noisy.
    pub load: String,
}

impl Machine {
    /// Looks around. `pinned` is what [`cpu::pin_measured`](crate::cpu) said.
    #[must_use]
    pub fn here(pinned: bool) -> Self {
        let uname = rustix::system::uname();
        Self {
            cpu: processor(),
            cores: Cores::of_this_process().map_or(1, |cores| cores.usable),
            pinned,
            system: format!(
                "{} {} {}",
                uname.sysname().to_string_lossy(),
                uname.release().to_string_lossy(),
                uname.machine().to_string_lossy()
            ),
            rustc: said_by("rustc", &["--version"]),
            allocator: allocator::NAME,
            commit: said_by("git", &["describe", "--always", "--dirty"]),
            load: load(),
        }
    }

    /// The head of a report.
    #[must_use]
    pub fn head(&self) -> String {
        let pinned = if self.pinned { "pinned" } else { "not pinned" };
        format!(
            "{}, {} cores, {pinned}, load {}; {}; {}\n{FLAGS}; allocator {}; commit {}\n",
            self.cpu,
            self.cores,
            self.load,
            self.system,
            self.rustc,
            self.allocator,
            self.commit,
        )
    }

    /// A file name for this machine's results.
    #[must_use]
    pub fn slug(&self) -> String {
        let name = format!("{} {} cores {}", self.cpu, self.cores, self.allocator);
        let words = name.split(|c: char| !c.is_ascii_alphanumeric());
        let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
        words.join("-").to_lowercase()
    }
}

fn processor() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info
        .lines()
        .find_map(|line| line.strip_prefix("model name"));
    model.map_or_else(unknown, |rest| {
        rest.trim_start_matches([' ', '\t', ':']).to_owned()
    })
}

fn load() -> String {
    let averages = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    averages
        .split(' ')
        .next()
        .map_or_else(unknown, str::to_owned)
}

fn said_by(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output();
    match output {
        Ok(output) if output.status.success() => {
            String::from_utf8_lossy(&output.stdout).trim().to_owned()
        }
        _ => unknown(),
    }
}

fn unknown() -> String {
    "unknown".to_owned()
}
