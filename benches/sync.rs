//! Rows 5a to 8b: the primitives beside tokio's and the peers'.
//!
//! `cargo bench -p kettle-benches --bench sync` prints counts first, then the table of
//! ratios. Under `cargo test` each arm runs once.

use kettle_benches::{blocks, sync};

fn main() {
    blocks::run("sync", &sync::rows());
}
