//! The barrier against a list of who has arrived.

use std::task::Poll;

use proptest::prelude::*;

use super::EXACT;
use super::sync::{Barrier, BarrierWaitResult};
use crate::waiting::Waiting;

#[derive(Debug, Clone)]
enum Op {
    Make,
    Poll(usize),
    Cancel(usize),
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        4 => Just(Op::Make),
        8 => any::<usize>().prop_map(Op::Poll),
        2 => any::<usize>().prop_map(Op::Cancel),
    ]
}

/// Where a waiter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Made,
    Arrived,
    Passed,
}

fn run(all: usize, ops: Vec<Op>) {
    let barrier = Barrier::new(all);
    let mut waiting: Vec<(Stage, Waiting<'_, BarrierWaitResult>)> = Vec::new();
    for op in ops {
        let n = waiting.len();
        match op {
            Op::Make => waiting.push((Stage::Made, Waiting::new(barrier.wait()))),
            Op::Poll(i) if n > 0 => {
                let arrived = |one: &&(Stage, _)| one.0 == Stage::Arrived;
                let arrived = waiting.iter().filter(arrived).count();
                let (stage, future) = &mut waiting[i % n];
                let leader = *stage == Stage::Made && arrived + 1 == all.max(1);
                let want = match stage {
                    Stage::Passed => Poll::Ready(false),
                    Stage::Made if leader => Poll::Ready(true),
                    Stage::Made | Stage::Arrived => Poll::Pending,
                };
                assert_eq!(future.poll().map(|result| result.is_leader()), want);
                *stage = Stage::Arrived;
                if want.is_ready() {
                    waiting.remove(i % n);
                }
                for (stage, _) in waiting.iter_mut().filter(|_| leader) {
                    if *stage == Stage::Arrived {
                        *stage = Stage::Passed;
                    }
                }
            }
            // In tokio, who has gone has arrived all the same.
            Op::Cancel(i)
                if n > 0 && (EXACT || waiting[i % n].0 != Stage::Arrived) =>
            {
                waiting.remove(i % n).1.end();
            }
            _ => {}
        }
        for (stage, future) in &waiting {
            let due = *stage == Stage::Passed;
            assert_eq!(future.wakes(), usize::from(due), "awake or not");
        }
    }
}

proptest! {
    #![proptest_config(crate::config())]

    #[test]
    fn a_barrier_does_what_its_model_does(
        all in 0..4usize,
        ops in prop::collection::vec(op(), 0..60),
    ) {
        run(all, ops);
    }
}
