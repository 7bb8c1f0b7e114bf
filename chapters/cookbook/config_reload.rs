//! A configuration that is changed while the server runs. Who uses it looks at the latest
//! one, and needs to see no other.

use kettle::sync::{mpsc, watch};
use kettle::task::yield_now;

#[derive(Debug)]
struct Config {
    greeting: &'static str,
    version: u32,
}

// ANCHOR: serve
async fn serve(
    mut config: watch::Receiver<Config>,
    mut guests: mpsc::Receiver<&str>,
) {
    loop {
        kettle::select! {
            biased;
            Ok(()) = config.changed() => {
                // The lock of `borrow` ends with the statement: it is never held
                // across an await.
                println!("reloaded: version {}", config.borrow_and_update().version);
            }
            Some(guest) = guests.recv() => {
                println!("{}, {guest}", config.borrow().greeting);
            }
            else => break println!("no operator, no guests: closed"),
        }
    }
}
// ANCHOR_END: serve

#[kettle::main(flavor = "current_thread")]
async fn main() {
    let (operator, config) = watch::channel(Config {
        greeting: "Hello",
        version: 1,
    });
    let (door, guests) = mpsc::channel(8);
    let server = kettle::spawn(serve(config, guests));

    door.send("Ada").await.expect("it is open");
    yield_now().await;
    operator.send_modify(|config| {
        config.greeting = "Good evening";
        config.version += 1;
    });
    // Nobody has seen version 2 when version 3 comes. Nobody ever will.
    operator.send_modify(|config| config.version += 1);
    door.send("Ben").await.expect("it is open");
    yield_now().await;
    // A change that is none wakes nobody.
    let changed = operator.send_if_modified(|config| config.version > 9);
    println!("changed? {changed}");
    drop((operator, door));
    server.await.expect("the server did not panic");
}
