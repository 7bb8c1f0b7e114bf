//! One bell, several ears: each subscriber hears every stroke, and one that dozes is told
//! how many it missed.

use kettle::sync::broadcast::error::RecvError;
use kettle::sync::broadcast::{self, Receiver};
use kettle::sync::oneshot;
use kettle::task::yield_now;

// ANCHOR: listen
async fn listen(name: &str, mut bell: Receiver<u32>) {
    loop {
        match bell.recv().await {
            Ok(stroke) => println!("{name} hears stroke {stroke}"),
            Err(RecvError::Lagged(missed)) => println!("{name} missed {missed}"),
            Err(RecvError::Closed) => break println!("{name} hears no more"),
        }
    }
}
// ANCHOR_END: listen

#[kettle::main(flavor = "current_thread")]
async fn main() {
    let (bell, ear) = broadcast::channel(4);
    let waiter = kettle::spawn(listen("the waiter", ear));
    let (shake, awake) = oneshot::channel();
    let ear = bell.subscribe();
    let dozer = kettle::spawn(async move {
        awake.await.expect("somebody shakes him");
        listen("the dozer", ear).await;
    });

    for stroke in 1..=6 {
        let ears = bell.send(stroke).expect("somebody listens");
        println!("stroke {stroke} goes to {ears}");
        yield_now().await;
    }
    drop(bell);
    waiter.await.expect("the waiter did not panic");
    shake.send(()).expect("the dozer waits");
    dozer.await.expect("the dozer did not panic");
}
