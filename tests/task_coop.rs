//! The budget of a poll, for a future of one's own: counted, given way to, lifted.

mod common;

use std::future::poll_fn;
use std::task::Poll;

use kettle::runtime::{Builder, Runtime};
use kettle::task::coop::{cooperative, has_budget_remaining};
use kettle::task::{consume_budget, unconstrained, yield_now};

use common::watchdog::watched;

/// What one poll may do, as the documentation says.
const BUDGET: usize = 128;

fn runtime() -> Runtime {
    Builder::new_current_thread().build().expect("a runtime")
}

/// How often `operation` is ready before the poll has to give way.
async fn in_one_poll<F: Future>(operation: impl Fn() -> F) -> usize {
    let mut done = 0;
    let mut run = Box::pin(async {
        loop {
            operation().await;
            done += 1;
        }
    });
    // It starts with a full budget.
    yield_now().await;
    poll_fn(|cx| {
        let polled: Poll<()> = run.as_mut().poll(cx);
        assert!(polled.is_pending());
        Poll::Ready(())
    })
    .await;
    drop(run);
    done
}

#[test]
fn a_poll_gives_way_after_128_operations() {
    watched(|| {
        runtime().block_on(async {
            assert_eq!(in_one_poll(consume_budget).await, BUDGET);
            let operation = || cooperative(std::future::ready(()));
            assert_eq!(in_one_poll(operation).await, BUDGET);
        });
    });
}

#[test]
fn an_operation_that_waits_spends_nothing() {
    watched(|| {
        runtime().block_on(async {
            yield_now().await;
            poll_fn(|cx| {
                for _ in 0..2 * BUDGET {
                    let mut waiting =
                        Box::pin(cooperative(std::future::pending::<()>()));
                    assert!(waiting.as_mut().poll(cx).is_pending());
                }
                assert!(has_budget_remaining());
                Poll::Ready(())
            })
            .await;
        });
    });
}

#[test]
fn a_spent_budget_is_full_again_in_the_next_poll() {
    watched(|| {
        runtime().block_on(async {
            while has_budget_remaining() {
                consume_budget().await;
            }
            consume_budget().await;
            assert!(has_budget_remaining());
        });
    });
}

#[test]
fn an_unconstrained_future_has_no_limit_and_the_one_around_it_keeps_its_own() {
    watched(|| {
        runtime().block_on(async {
            while has_budget_remaining() {
                consume_budget().await;
            }
            poll_fn(|cx| {
                // Spent by now, or it would not have come here in this poll.
                let mut free = Box::pin(unconstrained(async {
                    for _ in 0..10 * BUDGET {
                        consume_budget().await;
                    }
                    has_budget_remaining()
                }));
                while has_budget_remaining() {
                    let mut spend = Box::pin(consume_budget());
                    assert!(spend.as_mut().poll(cx).is_ready());
                }
                assert_eq!(free.as_mut().poll(cx), Poll::Ready(true));
                assert!(!has_budget_remaining(), "what was left is left");
                Poll::Ready(())
            })
            .await;
        });
    });
}

#[test]
fn without_a_runtime_there_is_no_limit() {
    watched(|| {
        kettle::block_on(async {
            for _ in 0..10 * BUDGET {
                consume_budget().await;
            }
            assert!(has_budget_remaining());
        });
    });
}
