//! `spawn_blocking` where the operating system refuses to start a thread.
//!
//! A shell bounds the address space of the test's own process, and a stack of two
//! mebibytes no longer fits.

mod common;

use std::sync::mpsc::channel;
use std::sync::{Arc, Condvar, Mutex};

use kettle::runtime::Builder;

use common::alone::alone_after;
use common::watchdog::watched;

/// More threads than fit into the address space that is left.
const JOBS: usize = 3_000;

#[test]
fn f2_closures_without_a_thread_of_their_own_run_later() {
    const NAME: &str = "f2_closures_without_a_thread_of_their_own_run_later";
    alone_after(NAME, "ulimit -v 1000000", || {
        watched(|| {
            let runtime = Builder::new_current_thread()
                .max_blocking_threads(2 * JOBS)
                .build()
                .expect("a runtime");
            let gate = Arc::new((Mutex::new(false), Condvar::new()));
            let handles: Vec<_> = (0..JOBS)
                .map(|n| {
                    let gate = Arc::clone(&gate);
                    runtime.spawn_blocking(move || {
                        let open = gate.0.lock().expect("no panic under it");
                        let wait = gate.1.wait_while(open, |open| !*open);
                        drop(wait.expect("no panic under it"));
                        n
                    })
                })
                .collect();
            let threads = common::baseline::threads();
            assert!(threads < JOBS, "{threads} threads: none was refused");
            *gate.0.lock().expect("no panic under it") = true;
            gate.1.notify_all();
            runtime.block_on(async {
                for (n, handle) in handles.into_iter().enumerate() {
                    assert_eq!(handle.await.expect("it runs later"), n);
                }
            });
        });
    });
}

/// Differs: Where the system refuses the pool's first thread, the handle of `spawn_blocking`
/// gives the error. In tokio the call panics.
#[test]
fn f2_a_closure_without_any_thread_fails_and_a_later_one_runs() {
    const NAME: &str = "f2_a_closure_without_any_thread_fails_and_a_later_one_runs";
    alone_after(NAME, "ulimit -v 1000000", || {
        watched(|| {
            let runtime = Builder::new_current_thread().build().expect("a runtime");
            let (dropped, was_dropped) = channel::<()>();
            let hoard = fill_the_address_space();
            let handle = runtime.spawn_blocking(move || drop(dropped));
            let finished = handle.is_finished();
            let error = runtime.block_on(handle);
            drop(hoard);
            let error = error.expect_err("there is no thread");
            assert!(finished);
            assert!(error.is_panic());
            let text = error.to_string();
            assert!(text.contains("refused"), "{text}");
            assert!(was_dropped.recv().is_err(), "the closure was dropped");
            let next = runtime.spawn_blocking(|| 7);
            assert_eq!(runtime.block_on(next).expect("there is room again"), 7);
        });
    });
}

/// Takes all but some hundred kibibytes of what the process may map.
fn fill_the_address_space() -> Vec<Vec<u8>> {
    const SMALLEST: usize = 256 * 1024;
    let mut hoard: Vec<Vec<u8>> = Vec::with_capacity(1024);
    let mut size = 256 * 1024 * 1024;
    while size >= SMALLEST {
        let mut piece = Vec::new();
        match piece.try_reserve_exact(size) {
            Ok(()) => hoard.push(piece),
            Err(_) => size /= 2,
        }
    }
    // Room for what the test itself needs.
    hoard.pop();
    hoard
}
