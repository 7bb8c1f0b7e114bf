// Builds its runtime by hand and reaches it from everywhere.

use std::thread;
use std::time::Duration;

use rt::runtime::{Builder, Handle};

pub(super) fn main() -> String {
    let runtime = Builder::new_current_thread()
        .enable_all()
        .thread_name("scullery")
        .max_blocking_threads(2)
        .thread_keep_alive(Duration::from_millis(100))
        .build()
        .expect("a runtime");
    assert!(Handle::try_current().is_err());
    let handle = runtime.handle().clone();

    let elsewhere = thread::spawn({
        let handle = handle.clone();
        move || {
            let _entered = handle.enter();
            rt::spawn(async { 7 })
        }
    });
    let seven = elsewhere.join().expect("no panic");
    let eight = handle.spawn_blocking(|| {
        assert_eq!(thread::current().name(), Some("scullery"));
        8
    });
    let nine = runtime.spawn_blocking(|| {
        let nine = rt::spawn(async { 9 });
        Handle::current().block_on(nine).expect("by itself")
    });
    let (seven, eight, nine) = runtime.block_on(async {
        let ids = (seven.id(), eight.id(), nine.id());
        assert!(ids.0 != ids.1 && ids.1 != ids.2);
        rt::try_join!(seven, eight, nine).expect("each by itself")
    });
    runtime.shutdown_timeout(Duration::from_secs(60));

    let late = handle.spawn(async { 10 });
    let late = thread::spawn(move || {
        let runtime = Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(late)
    });
    let late = late
        .join()
        .expect("no panic")
        .expect_err("there is no runtime");
    assert!(late.is_cancelled());
    format!(
        "{seven} from a thread, {eight} from the pool, {nine} spawned by a closure, \
         nothing after the end"
    )
}
