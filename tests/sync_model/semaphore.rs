//! `Semaphore` against a queue of numbers.

use std::collections::{BTreeMap, VecDeque};
use std::task::Poll;

use proptest::prelude::*;

use super::EXACT;
use super::sync::{AcquireError, Semaphore, SemaphorePermit, TryAcquireError};
use crate::waiting::Waiting;

#[derive(Debug, Clone)]
enum Op {
    Acquire(u32),
    Poll(usize),
    Cancel(usize),
    Return(usize),
    Try(u32),
    Add(usize),
    Forget(usize),
    Close,
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        4 => (0..5u32).prop_map(Op::Acquire),
        6 => any::<usize>().prop_map(Op::Poll),
        3 => any::<usize>().prop_map(Op::Cancel),
        4 => any::<usize>().prop_map(Op::Return),
        2 => (0..5u32).prop_map(Op::Try),
        2 => (0..4usize).prop_map(Op::Add),
        1 => (0..4usize).prop_map(Op::Forget),
        1 => Just(Op::Close),
    ]
}

/// The obviously right semaphore.
#[derive(Default)]
pub(super) struct Model {
    pub(super) free: usize,
    closed: bool,
    queue: VecDeque<(usize, usize)>,
    granted: BTreeMap<usize, usize>,
}

impl Model {
    pub(super) fn new(free: usize) -> Model {
        Model {
            free,
            ..Model::default()
        }
    }

    /// How many are granted and not taken yet.
    pub(super) fn granted(&self) -> usize {
        self.granted.values().sum()
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed
    }

    pub(super) fn close(&mut self) {
        self.closed = true;
        self.queue.clear();
    }

    pub(super) fn available(&self) -> usize {
        if self.queue.is_empty() { self.free } else { 0 }
    }

    /// Whether it got them at once; nothing if closed.
    pub(super) fn take(&mut self, need: usize) -> Option<bool> {
        let fits = need == 0 || need <= self.available();
        let taken = !self.closed && fits;
        self.free -= if taken { need } else { 0 };
        if self.closed { None } else { Some(taken) }
    }

    pub(super) fn add(&mut self, n: usize) {
        self.free += n;
        while let Some(&(id, need)) = self.queue.front()
            && need <= self.free
        {
            self.queue.pop_front();
            self.free -= need;
            self.granted.insert(id, need);
        }
    }

    pub(super) fn poll(&mut self, id: usize, need: usize) -> Poll<Result<(), ()>> {
        if let Some(granted) = self.granted.remove(&id) {
            if self.closed {
                self.add(granted);
                return Poll::Ready(Err(()));
            }
            return Poll::Ready(Ok(()));
        }
        if self.is_queued(id) {
            return Poll::Pending;
        }
        match self.take(need) {
            None => Poll::Ready(Err(())),
            Some(true) => Poll::Ready(Ok(())),
            Some(false) => {
                self.queue.push_back((id, need));
                Poll::Pending
            }
        }
    }

    /// Whether the one that was polled and waited is to be awake.
    pub(super) fn is_queued(&self, id: usize) -> bool {
        self.queue.iter().any(|&(other, _)| other == id)
    }

    pub(super) fn cancel(&mut self, id: usize) {
        self.queue.retain(|&(other, _)| other != id);
        let granted = self.granted.remove(&id).unwrap_or(0);
        self.add(granted);
    }
}

type Acquired<'a> = Result<SemaphorePermit<'a>, AcquireError>;

fn run(permits: usize, ops: Vec<Op>) {
    let semaphore = Semaphore::new(permits);
    let mut model = Model::new(permits);
    let mut waiting: Vec<(usize, usize, Waiting<'_, Acquired<'_>>)> = Vec::new();
    let mut held = Vec::new();
    for (id, op) in ops.into_iter().enumerate() {
        match op {
            Op::Acquire(n) => {
                let future = Waiting::new(semaphore.acquire_many(n));
                waiting.push((id, n as usize, future));
            }
            Op::Poll(i) if !waiting.is_empty() => {
                let i = i % waiting.len();
                let (id, need, future) = &mut waiting[i];
                let expected = model.poll(*id, *need);
                let polled = future.poll();
                let need = *need;
                assert_eq!(expected, polled_as_model(&polled), "a poll differs");
                if let Poll::Ready(result) = polled {
                    held.extend(result.ok().map(|permit| (need, permit)));
                    waiting.remove(i);
                }
            }
            Op::Cancel(i) if !waiting.is_empty() => {
                let (id, _, mut future) = waiting.remove(i % waiting.len());
                future.end();
                model.cancel(id);
            }
            Op::Return(i) if !held.is_empty() => {
                let (n, permit) = held.remove(i % held.len());
                drop(permit);
                model.add(n);
            }
            Op::Try(n) => {
                match (semaphore.try_acquire_many(n), model.take(n as usize)) {
                    (Ok(permit), Some(true)) => held.push((n as usize, permit)),
                    (Err(TryAcquireError::NoPermits), Some(false))
                    | (Err(TryAcquireError::Closed), None) => {}
                    (got, expected) => panic!("try {n}: {got:?}, not {expected:?}"),
                }
            }
            Op::Add(n) => {
                semaphore.add_permits(n);
                model.add(n);
            }
            // What it finds after a close, tokio says only when the waiters have left.
            Op::Forget(n) if EXACT || !model.closed => {
                let gone = n.min(model.available());
                model.free -= gone;
                assert_eq!(semaphore.forget_permits(n), gone);
            }
            Op::Close => {
                semaphore.close();
                model.close();
            }
            _ => {}
        }
        assert_eq!(
            semaphore.is_closed(),
            model.closed,
            "c5: closed is for ever"
        );
        if EXACT || !model.closed {
            assert_eq!(semaphore.available_permits(), model.available());
        }
        for (id, need, future) in &mut waiting {
            let awake = future.was_polled() && !model.is_queued(*id);
            assert_eq!(future.wakes(), usize::from(awake), "c8: who wants {need}");
        }
    }
    // Permits are conserved: with everybody gone, all that was added is there.
    for (id, _, mut future) in waiting {
        future.end();
        model.cancel(id);
    }
    for (n, permit) in held {
        drop(permit);
        model.add(n);
    }
    assert_eq!(
        semaphore.available_permits(),
        model.free,
        "a permit is lost"
    );
}

fn polled_as_model(polled: &Poll<Acquired<'_>>) -> Poll<Result<(), ()>> {
    match polled {
        Poll::Pending => Poll::Pending,
        Poll::Ready(Ok(_)) => Poll::Ready(Ok(())),
        Poll::Ready(Err(_)) => Poll::Ready(Err(())),
    }
}

proptest! {
    #![proptest_config(crate::config())]

    #[test]
    fn c1_c2_c5_c8_a_semaphore_does_what_its_model_does(
        permits in 0..6usize,
        ops in prop::collection::vec(op(), 0..60),
    ) {
        run(permits, ops);
    }
}
