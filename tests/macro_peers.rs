//! The same tests of `join!`, `try_join!` and `select!` on Kettle, tokio and `futures`,
//! so that a difference in meaning is seen; and the differences, each as a test.
//!
//! | | Kettle | tokio | futures |
//! |---|---|---|---|
//! | who begins a poll of `join!` | another branch each time | the same | always the first |
//! | a branch of `join!` | `IntoFuture` | `IntoFuture` | `Future` |
//! | losers of `select!` | dropped before the handler | the same | only borrowed: they live on |
//! | a branch of `select!` | any future | any future | fused and `Unpin` |
//! | `if`, `else`, refutable patterns, `biased;` | yes | yes | `complete`, `default`, `select_biased!` |
//! | `&` inside a pattern, edition 2024 | yes | refused by the compiler | yes |
//! | a won `select!` costs a unit of the budget | yes | no | no budget |

mod common;

mod join_kettle {
    use kettle::{join, try_join};
    include!("peers/join.rs");
}

mod join_tokio {
    use tokio::{join, try_join};
    include!("peers/join.rs");
}

mod join_futures {
    use futures::{join, try_join};
    include!("peers/join.rs");
}

mod select_kettle {
    use kettle::select;
    include!("peers/select.rs");
}

mod select_tokio {
    use tokio::select;
    include!("peers/select.rs");
}

#[allow(unused_mut, reason = "`futures` borrows its branches mutably")]
mod select_of_three_kettle {
    use kettle::select;
    include!("peers/select_of_three.rs");
}

#[allow(unused_mut, reason = "`futures` borrows its branches mutably")]
mod select_of_three_tokio {
    use tokio::select;
    include!("peers/select_of_three.rs");
}

mod select_of_three_futures {
    use futures::select;
    include!("peers/select_of_three.rs");
}

mod differences {
    use std::cell::RefCell;
    use std::future::{pending, poll_fn, ready};
    use std::pin::pin;
    use std::task::Poll;

    use futures::FutureExt;

    use crate::common::count::poll;
    use crate::common::probe::{probe, ready_probe};

    /// The branches that began three polls of a join of two.
    macro_rules! beginners {
        ($join:path) => {{
            let polls = RefCell::new(vec![]);
            let branch = |number| {
                let polls = &polls;
                poll_fn(move |_| {
                    polls.borrow_mut().push(number);
                    Poll::<()>::Pending
                })
            };
            let mut future = pin!(async { $join!(branch(0), branch(1)) });
            [0; 3].map(|_| {
                assert!(poll(future.as_mut()).is_pending());
                polls.take()[0]
            })
        }};
    }

    #[test]
    fn kettle_and_tokio_rotate_a_join_and_futures_does_not() {
        assert_eq!(beginners!(kettle::join), [0, 1, 0]);
        assert_eq!(beginners!(tokio::join), [0, 1, 0]);
        assert_eq!(beginners!(futures::join), [0, 0, 0]);
    }

    #[test]
    fn kettle_and_tokio_drop_the_losers_and_futures_only_borrows_them() {
        let winner = || ready(());
        for peer in ["kettle", "tokio", "futures"] {
            let (hand, loser) = probe::<()>();
            futures::executor::block_on(async {
                let drops = || hand.drops();
                let in_handler = match peer {
                    "kettle" => kettle::select! {
                        () = loser => unreachable!(),
                        () = winner() => drops(),
                    },
                    "tokio" => tokio::select! {
                        () = loser => unreachable!(),
                        () = winner() => drops(),
                    },
                    _ => {
                        let mut loser = pin!(loser.fuse());
                        let mut winner = winner().fuse();
                        futures::select! {
                            () = loser => unreachable!(),
                            () = winner => drops(),
                        }
                    }
                };
                assert_eq!(in_handler, usize::from(peer != "futures"), "{peer}");
            });
        }
    }

    #[test]
    fn a_reference_inside_a_pattern_is_fine() {
        futures::executor::block_on(async {
            let x = kettle::select! { Some(&x) = ready(Some(&7)) => x, else => 0 };
            assert_eq!(x, 7);
        });
    }

    #[test]
    fn the_future_of_a_kettle_macro_is_not_much_larger_than_tokios() {
        // Pinning without `unsafe` costs a pointer a branch; more would be a mistake.
        const POINTER: usize = size_of::<usize>();
        let big = || async {
            let bytes = [0_u8; 1_000];
            pending::<()>().await;
            std::hint::black_box(bytes);
        };
        let ours = size_of_val(&async { kettle::join!(big(), big(), big()) });
        let theirs = size_of_val(&async { tokio::join!(big(), big(), big()) });
        assert!(
            ours <= theirs + 4 * POINTER,
            "join: {ours} against {theirs}"
        );
        let ours = size_of_val(&async {
            kettle::select! { () = big() => 1, () = big() => 2, () = big() => 3 }
        });
        let theirs = size_of_val(&async {
            tokio::select! { () = big() => 1, () = big() => 2, () = big() => 3 }
        });
        assert!(
            ours <= theirs + 4 * POINTER,
            "select: {ours} against {theirs}"
        );
    }

    #[test]
    fn a_won_select_costs_kettles_budget_and_not_tokios() {
        // Seen from outside: in one poll of a Kettle task, 128 of ours may be won, and
        // any number of tokio's.
        let rounds = |kettles: bool| {
            let runtime = kettle::runtime::Runtime::new().expect("a runtime");
            runtime.block_on(async {
                let mut future = pin!(async move {
                    for _ in 0..1_000 {
                        if kettles {
                            kettle::select! { () = ready(()) => {} }
                        } else {
                            tokio::select! { () = ready(()) => {} }
                        }
                    }
                });
                let mut polls = 0;
                poll_fn(|cx| {
                    polls += 1;
                    future.as_mut().poll(cx)
                })
                .await;
                polls
            })
        };
        assert_eq!((rounds(true), rounds(false)), (8, 1));
    }

    #[test]
    fn a_probe_counts_what_the_peers_do() {
        // The oracle of this file, looked at once itself.
        let (hand, future) = ready_probe(1);
        let mut future = Box::pin(future);
        assert_eq!(poll(future.as_mut()), Poll::Ready(1));
        drop(future);
        assert_eq!((hand.polls(), hand.drops()), (1, 1));
    }
}
