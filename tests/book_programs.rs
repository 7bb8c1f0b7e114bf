//! Each program of the book prints what the book says it prints.

use kettle_lab::{book, program};

#[test]
fn every_program_prints_its_stored_output() {
    let faults = program::faults(&book::root()).expect("cargo can be run");
    let faults: Vec<_> = faults.iter().map(|fault| fault.to_string()).collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}
