//! A test in a process of its own: for what counts descriptors or threads, sets limits,
//! or may take the process down with it.

use std::env;
use std::process::Command;

/// Set, to the test's name, in the process where its body runs.
const ALONE: &str = "KETTLE_ALONE";

/// Runs `body` in a process where the test `name` runs alone.
///
/// # Panics
/// If that process fails, with what it said.
#[track_caller]
pub(crate) fn alone(name: &str, body: impl FnOnce()) {
    alone_after(name, "", body);
}

/// As [`alone`], after the shell's `preparation`, such as `ulimit -n 64`.
#[track_caller]
pub(crate) fn alone_after(name: &str, preparation: &str, body: impl FnOnce()) {
    if env::var(ALONE).is_ok_and(|it| it == name) {
        return body();
    }
    let script = match preparation {
        "" => r#"exec "$0" "$@""#.to_owned(),
        some => format!(r#"{some} && exec "$0" "$@""#),
    };
    let output = Command::new("sh")
        .args(["-c", &script])
        .arg(env::current_exe().expect("the test knows its own file"))
        .args([name, "--exact", "--nocapture", "--test-threads=1"])
        .env(ALONE, name)
        .output()
        .expect("a shell can be started");
    let said = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "the test's own process: {}\n{said}\n{complained}",
        output.status
    );
}
