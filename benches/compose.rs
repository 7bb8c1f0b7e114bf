//! Rows 9a to 9d: what waits for several futures, beside tokio's and the peers'.
//!
//! `cargo bench -p kettle-benches --bench compose` prints counts first, then the table of
//! ratios. Under `cargo test` each arm runs once.

use kettle_benches::{blocks, compose};

fn main() {
    blocks::run("compose", &compose::rows());
}
