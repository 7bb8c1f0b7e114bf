//! One thread of a pool: errands while there are some, then sleep, then the end.
//!
//! # Layer
//! 5: uses the pool, the clock and the parker.

use std::io;
use std::sync::Arc;
use std::thread::{Builder, JoinHandle};

use super::Pool;
use crate::clock::Instant;
use crate::waker::{Park, ThreadParker, enter};

/// Starts the worker `number` of `pool`.
///
/// # Errors
/// Where the operating system has no thread to give.
pub(super) fn start(pool: Arc<Pool>, number: usize) -> io::Result<JoinHandle<()>> {
    let name = pool.settings.name.clone();
    Builder::new().name(name).spawn(move || work(&pool, number))
}

fn work(pool: &Pool, number: usize) {
    // So that `spawn` and `Handle::current` in an errand mean the errand's runtime.
    let _current = enter(pool.runtime);
    let parker = ThreadParker::current();
    loop {
        while let Ok(errand) = pool.queue.try_recv() {
            errand.run();
        }
        if !rest(pool, &parker, number) {
            return;
        }
    }
}

/// Sleeps until there is something to do. False if the worker has left instead, because
/// its time was up or the pool's end has come.
fn rest(pool: &Pool, parker: &Arc<ThreadParker>, number: usize) -> bool {
    let mut state = pool.lock();
    if !pool.queue.is_empty() {
        return true;
    }
    if state.closed {
        pool.leave(state, number);
        return false;
    }
    state.idle.push(Arc::clone(parker));
    drop(state);
    let deadline = Instant::from_now(pool.settings.keep_alive);
    loop {
        parker.park(Some(deadline));
        let mut state = pool.lock();
        let place = state.idle.iter().position(|it| Arc::ptr_eq(it, parker));
        let Some(place) = place else {
            // Somebody has called this worker, for an errand or for the end.
            return true;
        };
        if Instant::now() >= deadline {
            state.idle.remove(place);
            pool.leave(state, number);
            return false;
        }
    }
}
