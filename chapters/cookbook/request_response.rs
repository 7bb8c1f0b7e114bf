//! Questions to a task that owns what they are about, each with a oneshot for its answer.

use std::collections::BTreeMap;

use kettle::sync::{mpsc, oneshot};

// ANCHOR: request
/// What can be asked of the larder.
enum Request {
    Put(&'static str, u32),
    Take(&'static str, oneshot::Sender<Option<u32>>),
}

/// The task that owns the larder. Nobody else has it, so nothing is locked.
async fn larder(mut requests: mpsc::Receiver<Request>) {
    let mut stock = BTreeMap::new();
    while let Some(request) = requests.recv().await {
        match request {
            Request::Put(what, number) => *stock.entry(what).or_default() += number,
            Request::Take(what, reply) => {
                // Who asked may be gone; then the answer comes back.
                if let Err(Some(number)) = reply.send(stock.remove(what)) {
                    println!("nobody came for the {what}; {number} go back");
                    stock.insert(what, number);
                }
            }
        }
    }
    println!("left in the larder: {stock:?}");
}

async fn take(larder: &mpsc::Sender<Request>, what: &'static str) -> Option<u32> {
    let (reply, answer) = oneshot::channel();
    let request = Request::Take(what, reply);
    larder.send(request).await.expect("the larder is open");
    answer.await.expect("the larder answers")
}
// ANCHOR_END: request

#[kettle::main(flavor = "current_thread")]
async fn main() {
    let (door, requests) = mpsc::channel(8);
    let keeper = kettle::spawn(larder(requests));
    for (what, number) in [("eggs", 6), ("lemons", 3), ("eggs", 2)] {
        let put = Request::Put(what, number);
        door.send(put).await.expect("the larder is open");
    }
    println!("eggs: {:?}", take(&door, "eggs").await);
    println!("eggs again: {:?}", take(&door, "eggs").await);

    // A guest who asks and leaves before the answer: dropping the future is all it takes.
    kettle::select! {
        biased;
        lemons = take(&door, "lemons") => println!("lemons: {lemons:?}"),
        () = std::future::ready(()) => println!("the guest has left"),
    }
    drop(door);
    keeper.await.expect("the keeper did not panic");
}
