//! `Mutex` and `RwLock` against the model of a semaphore: a reader takes one permit, a
//! writer all.

use std::sync::Arc;
use std::task::Poll;

use proptest::prelude::*;

use super::semaphore::Model;
use super::sync::{
    Mutex, OwnedMutexGuard, OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock,
};
use crate::waiting::Waiting;

/// Readers at a time.
const ALL: usize = 3;

#[derive(Debug, Clone)]
enum Op {
    Ask { write: bool },
    Poll(usize),
    Cancel(usize),
    Unlock(usize),
    Downgrade(usize),
    Try { write: bool },
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        4 => any::<bool>().prop_map(|write| Op::Ask { write }),
        6 => any::<usize>().prop_map(Op::Poll),
        3 => any::<usize>().prop_map(Op::Cancel),
        4 => any::<usize>().prop_map(Op::Unlock),
        2 => any::<usize>().prop_map(Op::Downgrade),
        2 => any::<bool>().prop_map(|write| Op::Try { write }),
    ]
}

/// What the run needs of a lock.
trait Lock: 'static {
    type Guard: Guard;
    const ALL: usize;
    fn new() -> Arc<Self>;
    fn ask(
        self: Arc<Self>,
        write: bool,
    ) -> impl Future<Output = Self::Guard> + 'static;
    fn try_ask(self: Arc<Self>, write: bool) -> Option<Self::Guard>;
}

trait Guard: Sized {
    /// How many permits it stands for.
    fn weight(&self) -> usize;
    /// Counts up, if it may.
    fn write(&mut self);
    /// The value.
    fn read(&self) -> usize;
    fn downgrade(self) -> Self;
}

enum Either {
    Read(OwnedRwLockReadGuard<usize>),
    Write(OwnedRwLockWriteGuard<usize>),
}

impl Lock for RwLock<usize> {
    type Guard = Either;
    const ALL: usize = ALL;

    fn new() -> Arc<Self> {
        Arc::new(RwLock::with_max_readers(0, ALL as u32))
    }

    async fn ask(self: Arc<Self>, write: bool) -> Either {
        if write {
            Either::Write(self.write_owned().await)
        } else {
            Either::Read(self.read_owned().await)
        }
    }

    fn try_ask(self: Arc<Self>, write: bool) -> Option<Either> {
        if write {
            self.try_write_owned().ok().map(Either::Write)
        } else {
            self.try_read_owned().ok().map(Either::Read)
        }
    }
}

impl Guard for Either {
    fn weight(&self) -> usize {
        match self {
            Either::Read(_) => 1,
            Either::Write(_) => ALL,
        }
    }

    fn write(&mut self) {
        if let Either::Write(guard) = self {
            **guard += 1;
        }
    }

    fn read(&self) -> usize {
        match self {
            Either::Read(guard) => **guard,
            Either::Write(guard) => **guard,
        }
    }

    fn downgrade(self) -> Either {
        match self {
            Either::Read(guard) => Either::Read(guard),
            Either::Write(guard) => Either::Read(guard.downgrade()),
        }
    }
}

impl Lock for Mutex<usize> {
    type Guard = OwnedMutexGuard<usize>;
    const ALL: usize = 1;

    fn new() -> Arc<Self> {
        Arc::new(Mutex::new(0))
    }

    async fn ask(self: Arc<Self>, _write: bool) -> OwnedMutexGuard<usize> {
        self.lock_owned().await
    }

    fn try_ask(self: Arc<Self>, _write: bool) -> Option<OwnedMutexGuard<usize>> {
        self.try_lock_owned().ok()
    }
}

impl Guard for OwnedMutexGuard<usize> {
    fn weight(&self) -> usize {
        1
    }

    fn write(&mut self) {
        **self += 1;
    }

    fn read(&self) -> usize {
        **self
    }

    fn downgrade(self) -> Self {
        self
    }
}

fn run<L: Lock>(ops: Vec<Op>) {
    let lock = L::new();
    let mut model = Model::new(L::ALL);
    let need = |write: bool| if write { L::ALL } else { 1 };
    let mut waiting: Vec<(usize, bool, Waiting<'_, L::Guard>)> = Vec::new();
    let mut held: Vec<L::Guard> = Vec::new();
    let mut written = 0;
    for (id, op) in ops.into_iter().enumerate() {
        let mut got = None;
        match op {
            Op::Ask { write } => {
                let future = Waiting::new(lock.clone().ask(write));
                waiting.push((id, write, future));
            }
            Op::Poll(i) if !waiting.is_empty() => {
                let i = i % waiting.len();
                let (id, write, future) = &mut waiting[i];
                let expected = model.poll(*id, need(*write));
                match (future.poll(), expected) {
                    (Poll::Ready(guard), Poll::Ready(Ok(()))) => {
                        got = Some(guard);
                        waiting.remove(i);
                    }
                    (Poll::Pending, Poll::Pending) => {}
                    (polled, expected) => {
                        panic!("ready: {}, {expected:?}", polled.is_ready())
                    }
                }
            }
            Op::Cancel(i) if !waiting.is_empty() => {
                let (id, _, mut future) = waiting.remove(i % waiting.len());
                future.end();
                model.cancel(id);
            }
            Op::Unlock(i) if !held.is_empty() => {
                let guard = held.remove(i % held.len());
                model.add(guard.weight());
                drop(guard);
            }
            Op::Downgrade(i) if !held.is_empty() => {
                let guard = held.remove(i % held.len());
                let before = guard.weight();
                let guard = guard.downgrade();
                model.add(before - guard.weight());
                held.push(guard);
            }
            Op::Try { write } => {
                got = lock.clone().try_ask(write);
                assert_eq!(model.take(need(write)), Some(got.is_some()));
            }
            _ => {}
        }
        if let Some(mut guard) = got {
            assert_eq!(guard.read(), written, "a write is not seen");
            written += usize::from(guard.weight() == L::ALL);
            if guard.weight() == L::ALL {
                guard.write();
            }
            held.push(guard);
        }
        for (id, _, future) in &waiting {
            let awake = future.was_polled() && !model.is_queued(*id);
            assert_eq!(future.wakes(), usize::from(awake), "c7: awake or not");
        }
    }
    // With everybody gone, the lock is free.
    for (_, _, mut future) in waiting {
        future.end();
    }
    drop(held);
    let guard = lock.try_ask(true).expect("c1: the lock is lost");
    assert_eq!(guard.read(), written);
}

proptest! {
    #![proptest_config(crate::config())]

    #[test]
    fn c1_c2_c7_a_rwlock_does_what_its_model_does(
        ops in prop::collection::vec(op(), 0..60),
    ) {
        run::<RwLock<usize>>(ops);
    }

    #[test]
    fn c1_c2_a_mutex_does_what_its_model_does(
        ops in prop::collection::vec(op(), 0..60),
    ) {
        run::<Mutex<usize>>(ops);
    }
}
