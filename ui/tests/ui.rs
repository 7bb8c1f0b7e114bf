//! What the compiler says to wrong programs: it must point at what is wrong.
//!
//! The messages are the compiler's, so they are compared on the version that wrote them
//! down, and elsewhere this says SKIPPED.

use std::process::Command;

/// The compiler whose words stand in the `.stderr` files.
const WRITTEN_BY: &str = "rustc 1.95.";

/// The version of this compiler, if its words are other ones.
fn another_compiler() -> Option<String> {
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let version = Command::new(rustc).arg("--version").output();
    let version = version.expect("a compiler built this test").stdout;
    let version = String::from_utf8_lossy(&version).into_owned();
    (!version.starts_with(WRITTEN_BY)).then_some(version)
}

#[test]
fn a18_g3_wrong_programs_are_refused_with_an_error_that_points_at_the_mistake() {
    if let Some(version) = another_compiler() {
        println!(
            "SKIPPED: the messages were written by {WRITTEN_BY}x, not by {version}"
        );
        return;
    }
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/bounds/*.rs");
    cases.compile_fail("tests/entry/*.rs");
    cases.compile_fail("tests/macros/*.rs");
    cases.pass("tests/allowed/*.rs");
}
