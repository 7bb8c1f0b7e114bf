// Each request's log lines carry its number, however deep the function that writes them.

use std::sync::{Arc, Mutex};

rt::task_local! {
    static REQUEST: u32;
    static LOG: Arc<Mutex<Vec<String>>>;
}

fn log(line: &str) {
    let number = REQUEST.try_with(|number| number.to_string());
    let number = number.unwrap_or_else(|_| "-".to_owned());
    let said = format!("[{number}] {line}");
    LOG.with(|log| log.lock().expect("nobody panics").push(said));
}

async fn serve(spills: bool) -> Result<(), &'static str> {
    log("open");
    rt::task::yield_now().await;
    if spills {
        log("spill");
        return Err("spilt");
    }
    log("pour");
    Ok(())
}

#[rt::main(flavor = "current_thread")]
pub(super) async fn main() -> String {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let served = LOG.scope(Arc::clone(&lines), async {
        for (number, spills) in [(1, false), (2, true)] {
            // A task is outside of the scope that spawns it, so it takes the log along.
            let request = REQUEST.scope(number, serve(spills));
            let task = rt::spawn(LOG.scope(LOG.get(), request));
            let served = task.await.expect("a request does not panic");
            assert_eq!(served.is_err(), spills);
        }
        log("closed");
    });
    served.await;
    lines.lock().expect("nobody panics").join(", ")
}
