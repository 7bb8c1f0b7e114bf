//! Each exercise of the book has work to do, and work that can be done.

use kettle_lab::{book, exercise};

#[test]
fn every_stub_fails_with_a_word_and_every_solution_passes() {
    let faults = exercise::faults(&book::root()).expect("cargo can be run");
    let faults: Vec<_> = faults.iter().map(|fault| fault.to_string()).collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}
