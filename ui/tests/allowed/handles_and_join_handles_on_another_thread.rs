use std::cell::Cell;

use kettle::runtime::Runtime;
use kettle::task::yield_now;

fn main() {
    let runtime = Runtime::new().unwrap();
    let handle = runtime.handle().clone();
    // Send, though it is not Sync.
    let task = runtime.spawn(async { Cell::new(1) });
    let thread = std::thread::spawn(move || {
        handle.spawn(async {});
        kettle::block_on(task).unwrap().get()
    });
    runtime.block_on(async {
        while !thread.is_finished() {
            yield_now().await;
        }
    });
    assert_eq!(thread.join().unwrap(), 1);
}
