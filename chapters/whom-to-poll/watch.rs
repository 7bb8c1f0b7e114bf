//! One cup of tea on Kettle's own runtime, with everything that happened.

use std::time::Duration;

use kettle::runtime::Builder;
use kettle::sync::oneshot;
use kettle::time::sleep;
use kettle::trace::{self, name_task};

// ANCHOR: main
fn main() {
    let runtime = Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    let (_, recording) = trace::record(|| {
        runtime.block_on(async {
            name_task("cook");
            let (whistle, tea) = oneshot::channel();
            kettle::spawn(async {
                name_task("stove");
                sleep(Duration::from_secs(180)).await;
                whistle.send("tea").unwrap();
            });
            tea.await.unwrap()
        })
    });
    for event in recording.events() {
        println!("{event}");
    }
}
// ANCHOR_END: main
