// Counts primes in pieces on the pool, takes the first of several answers, and gives way
// while it computes.

use std::future::pending;

use rt::task::{self, JoinSet};

fn primes(range: std::ops::Range<u32>) -> usize {
    let is_prime = |n: &u32| *n > 1 && (2..*n).all(|it| !n.is_multiple_of(it));
    range.filter(is_prime).count()
}

async fn first_prime() -> u32 {
    let mut candidate = 1_u32;
    loop {
        candidate += 1;
        task::consume_budget().await;
        if (2..candidate).all(|it| !candidate.is_multiple_of(it)) {
            return candidate;
        }
    }
}

async fn too_slow() -> u32 {
    task::unconstrained(pending()).await
}

#[rt::main(flavor = "current_thread")]
pub(super) async fn main() -> String {
    let mut pieces = JoinSet::new();
    for start in (0..1000).step_by(100) {
        pieces.spawn_blocking(move || primes(start..start + 100));
    }
    let count = async { pieces.join_all().await.into_iter().sum::<usize>() };
    let first = async {
        rt::select! {
            biased;
            slow = too_slow() => slow,
            quick = first_prime() => quick,
        }
    };
    let (count, first) = rt::join!(count, first);

    let mut slow: JoinSet<u32> = (0..3).map(|_| too_slow()).collect();
    let left = slow.len();
    slow.abort_all();
    while let Some(joined) = slow.join_next().await {
        assert!(joined.expect_err("it never ends").is_cancelled());
    }
    format!(
        "{count} primes below 1000; the first answer is {first}, {left} are too slow"
    )
}
