//! Guards that cancel when they are dropped: one aborts its task, one asks it to stop and
//! lets it clean up. A future that is dropped takes its guards with it, so whoever gives
//! up on the future need not know of the tasks behind it.

use kettle::sync::oneshot;
use kettle::task::JoinHandle;
use kettle::time::{Duration, sleep, timeout};

const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

// ANCHOR: abort
/// A task that lives no longer than this.
struct AbortOnDrop<T>(JoinHandle<T>);

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl<T: 'static> AbortOnDrop<T> {
    async fn join(mut self) -> T {
        (&mut self.0).await.expect("it does not panic")
    }
}
// ANCHOR_END: abort

// ANCHOR: ask
/// Asks a task to stop when it is dropped: the channel closes. Nothing is ever sent.
struct StopOnDrop(#[expect(dead_code, reason = "it is there to be dropped")] Stop);

type Stop = oneshot::Sender<()>;

/// Heats until it is asked to stop, and then tidies up, which takes time.
async fn kettle_on_a_fire(mut stop: oneshot::Receiver<()>) {
    for minute in 1.. {
        kettle::select! {
            biased;
            _ = &mut stop => break,
            () = sleep(ms(100)) => println!("  the fire burns, minute {minute}"),
        }
    }
    println!("  raking out the fire");
    sleep(ms(50)).await;
    println!("  the fire is out");
}

fn light() -> (StopOnDrop, JoinHandle<()>) {
    let (stop, stopped) = oneshot::channel();
    (StopOnDrop(stop), kettle::spawn(kettle_on_a_fire(stopped)))
}
// ANCHOR_END: ask

/// Says what becomes of a task: whether it came to its end or was dropped before.
struct Watched(&'static str);

impl Drop for Watched {
    fn drop(&mut self) {
        println!("  {} is dropped", self.0);
    }
}

async fn heat(name: &'static str) -> &'static str {
    let _watched = Watched(name);
    sleep(ms(300)).await;
    println!("  {name} has boiled");
    name
}

#[kettle::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    println!("a handle that is dropped lets its task go on:");
    let patience = timeout(ms(100), async { kettle::spawn(heat("pot")).await });
    println!("  in time: {}", patience.await.is_ok());
    sleep(ms(400)).await;

    println!("with a guard, giving up reaches the task:");
    let guarded = async { AbortOnDrop(kettle::spawn(heat("pan"))).join().await };
    println!("  in time: {}", timeout(ms(100), guarded).await.is_ok());
    sleep(ms(400)).await;

    println!("who waits long enough notices no guard:");
    let guarded = async { AbortOnDrop(kettle::spawn(heat("cup"))).join().await };
    println!("  in time: {}", timeout(ms(400), guarded).await.is_ok());

    println!("a task that is asked cleans up:");
    let (guard, fire) = light();
    let guarded = async move {
        let _guard = guard;
        sleep(ms(1_000)).await;
    };
    println!("  in time: {}", timeout(ms(250), guarded).await.is_ok());
    fire.await.expect("it does not panic");
}
