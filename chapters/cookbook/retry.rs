//! Asking again, with longer and longer pauses; until it works, until it is pointless, or
//! until it was often enough. What is tried is an async closure, so it may hold on to a
//! client and change it.

use std::iter;

use kettle::time::{Duration, Instant, sleep};

// ANCHOR: retry
/// How long to wait after the first failure, how long at most, and how often.
#[derive(Clone, Copy)]
struct Backoff {
    first: Duration,
    longest: Duration,
    retries: usize,
}

impl Backoff {
    /// Each pause is twice the one before.
    fn pauses(self) -> impl Iterator<Item = Duration> {
        let doubled = move |pause: &Duration| Some((*pause * 2).min(self.longest));
        iter::successors(Some(self.first), doubled).take(self.retries)
    }
}

/// Tries until it works. Gives the last error, or the first that `is_passing` refuses.
async fn retry<T, E>(
    backoff: Backoff,
    is_passing: impl Fn(&E) -> bool,
    mut attempt: impl AsyncFnMut() -> Result<T, E>,
) -> Result<T, E> {
    for pause in backoff.pauses() {
        match attempt().await {
            Err(error) if is_passing(&error) => sleep(pause).await,
            done => return done,
        }
    }
    attempt().await
}
// ANCHOR_END: retry

#[derive(Debug, PartialEq, Eq)]
enum Refused {
    Busy,
    Closed,
}

/// A shop that answers by the script, and a client who remembers how often he asked.
struct Client {
    script: Vec<Result<&'static str, Refused>>,
    asked: usize,
}

impl Client {
    fn of(mut script: Vec<Result<&'static str, Refused>>) -> Client {
        script.reverse();
        Client { script, asked: 0 }
    }

    async fn order(&mut self, since: Instant) -> Result<&'static str, Refused> {
        self.asked += 1;
        sleep(Duration::from_millis(10)).await; // on the way
        let answer = self.script.pop().unwrap_or(Err(Refused::Busy));
        println!("  {:>5} ms: {answer:?}", since.elapsed().as_millis());
        answer
    }
}

async fn visit(name: &str, script: Vec<Result<&'static str, Refused>>) {
    println!("{name}:");
    let backoff = Backoff {
        first: Duration::from_millis(100),
        longest: Duration::from_millis(500),
        retries: 5,
    };
    let (mut client, start) = (Client::of(script), Instant::now());
    // The closure borrows the client, and its futures borrow from the closure. With
    // `FnMut() -> impl Future` this would not compile.
    let cup = retry(
        backoff,
        |error| *error == Refused::Busy,
        async || client.order(start).await,
    )
    .await;
    println!("  {cup:?} after {} orders", client.asked);
}

#[kettle::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    use Refused::{Busy, Closed};
    let busy_twice = vec![Err(Busy), Err(Busy), Ok("tea")];
    visit("busy twice", busy_twice).await;
    visit("closed", vec![Err(Busy), Err(Closed)]).await;
    visit("busy all day", Vec::new()).await;
}
