//! Row 11, to come.
fn main() {}
