//! Every primitive against an automaton of twenty lines that is obviously right: random
//! operations on both, and after each step the same answers, and awake exactly those whom
//! the step concerns.
//!
//! The same models are run against tokio's primitives, so that a wrong model cannot agree
//! with wrong code, and "tokio's behaviour" is more than a phrase. `EXACT` is what Kettle
//! promises beyond that.
#![allow(
    clippy::duplicate_mod,
    reason = "each model runs on two implementations"
)]

mod common;

/// No files with seeds: a failing case is printed in full.
fn config() -> proptest::test_runner::Config {
    proptest::test_runner::Config {
        failure_persistence: None,
        ..Default::default()
    }
}

#[path = "sync_model/waiting.rs"]
mod waiting;

#[path = "sync_model"]
mod on_kettle {
    pub(crate) use kettle::sync::{self, CancellationToken};
    pub(crate) const EXACT: bool = true;

    mod barrier;
    mod broadcast;
    mod lock;
    mod mpsc;
    mod notify;
    mod oneshot;
    mod semaphore;
    mod token;
    mod watch;
}

#[path = "sync_model"]
mod on_tokio {
    pub(crate) use tokio::sync;
    pub(crate) use tokio_util::sync::CancellationToken;
    pub(crate) const EXACT: bool = false;

    mod barrier;
    mod broadcast;
    mod lock;
    mod mpsc;
    mod notify;
    mod oneshot;
    mod semaphore;
    mod token;
    mod watch;
}
