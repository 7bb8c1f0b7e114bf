//! What the compiler says to a wrong branch: it must point at the branch.
//!
//! The messages are the compiler's, so they are compared on the version that wrote them
//! down, and elsewhere the programs need only be refused.

use std::process::Command;

/// The compiler whose words stand in `tests/ui/*.stderr`.
const WRITTEN_BY: &str = "rustc 1.95.";

#[test]
fn g3_wrong_branches_are_refused_with_an_error_that_points_at_them() {
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_string());
    let version = Command::new(rustc).arg("--version").output();
    let version = version.expect("a compiler built this test");
    let version = String::from_utf8_lossy(&version.stdout).into_owned();
    if !version.starts_with(WRITTEN_BY) {
        println!(
            "SKIPPED: the messages were written by {WRITTEN_BY}x, not by {version}"
        );
        return;
    }
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
