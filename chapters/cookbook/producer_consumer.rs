//! Two bakers and one eater. The table has room for three cakes; who bakes faster than
//! he eats waits with the cake in hand.

use kettle::sync::mpsc::{self, Sender};
use kettle::task::yield_now;

// ANCHOR: bake
async fn bake(baker: &str, table: Sender<String>) {
    for number in 1..=3 {
        let cake = format!("{baker}'s cake {number}");
        let full = table.capacity() == 0;
        let waits = if full {
            ", and waits: the table is full"
        } else {
            ""
        };
        println!("{baker} has baked cake {number}{waits}");
        table.send(cake).await.expect("the eater is there");
    }
    println!("{baker} goes home");
}
// ANCHOR_END: bake

// ANCHOR: main
#[kettle::main(flavor = "current_thread")]
async fn main() {
    let (table, mut cakes) = mpsc::channel(3);
    kettle::spawn(bake("Ada", table.clone()));
    kettle::spawn(bake("Ben", table));
    // Both senders are with the bakers: when they go home, the channel ends.
    while let Some(cake) = cakes.recv().await {
        println!("eaten: {cake}");
        yield_now().await;
    }
    println!("no more cakes");
}
// ANCHOR_END: main
