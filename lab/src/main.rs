//! The command `cargo kettle`.

fn main() {}
