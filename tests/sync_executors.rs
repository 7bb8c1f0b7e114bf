//! The primitives know no runtime: one tour through all of them, on four executors.

use std::sync::Arc;

use kettle::sync::{
    Barrier, CancellationToken, Mutex, Notify, OnceCell, RwLock, Semaphore,
    broadcast, mpsc, oneshot, watch,
};

/// What the two sides of the tour share.
#[derive(Default)]
struct Place {
    log: std::sync::Mutex<Vec<&'static str>>,
    whistle: Notify,
    cell: OnceCell<u8>,
    token: CancellationToken,
    count: Mutex<u32>,
    menu: RwLock<u32>,
}

impl Place {
    fn log(&self, what: &'static str) {
        self.log.lock().unwrap().push(what);
    }
}

/// Two futures that wait for each other at every primitive. Whoever drives both drives
/// them to their end.
fn tour() -> (
    Arc<Place>,
    impl Future<Output = ()> + Send,
    impl Future<Output = ()> + Send,
) {
    let place = Arc::new(Place::default());
    let gate = Arc::new(Semaphore::new(0));
    let table = Arc::new(Barrier::new(2));
    let (orders, mut kitchen) = mpsc::channel(1);
    let (notes, mut pile) = mpsc::unbounded_channel();
    let (bell, mut ear) = broadcast::channel(1);
    let (dial, mut gauge) = watch::channel(0);
    let (reply, answer) = oneshot::channel();
    let (here, there) = (place.clone(), place.clone());
    let (opens, waits) = (gate.clone(), table.clone());
    let guest = async move {
        gate.acquire().await.expect("it stays open").forget();
        here.log("semaphore");
        for dish in 0..3 {
            orders.send(dish).await.expect("the kitchen is open");
        }
        notes.send("thanks").expect("somebody reads");
        assert_eq!(ear.recv().await, Ok("ding"));
        here.log("broadcast");
        gauge
            .wait_for(|degrees| *degrees == 100)
            .await
            .expect("it heats");
        here.log("watch");
        assert_eq!(answer.await, Ok("tea"));
        here.log("oneshot");
        here.whistle.notified().await;
        here.log("notify");
        *here.count.lock().await += 1;
        assert_eq!(*here.menu.read().await, 1);
        assert_eq!(here.cell.get_or_init(async || 1).await, &2);
        here.log("once cell");
        waits.wait().await;
        here.token.cancelled().await;
        here.log("token");
    };
    let cook = async move {
        let held = there.count.lock().await;
        let mut changing = there.menu.write().await;
        let making = there.cell.get_or_init(|| async {
            opens.add_permits(1);
            for dish in 0..3 {
                assert_eq!(kitchen.recv().await, Some(dish));
            }
            assert_eq!(pile.recv().await, Some("thanks"));
            there.log("mpsc");
            2
        });
        assert_eq!(making.await, &2);
        bell.send("ding").expect("somebody hears");
        dial.send_replace(100);
        reply.send("tea").expect("the guest waits");
        there.whistle.notify_one();
        *changing += 1;
        drop((changing, held));
        table.wait().await;
        there.token.cancel();
    };
    (place, guest, cook)
}

fn check(place: &Place) {
    let log = place.log.lock().unwrap();
    let expected = [
        "semaphore",
        "mpsc",
        "broadcast",
        "watch",
        "oneshot",
        "notify",
        "once cell",
        "token",
    ];
    assert_eq!(*log, expected);
}

#[test]
fn they_run_on_kettle() {
    let (place, guest, cook) = tour();
    let runtime = kettle::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let guest = kettle::spawn(guest);
        cook.await;
        guest.await.expect("the guest is served");
    });
    check(&place);
}

#[test]
fn they_run_on_tokio() {
    let (place, guest, cook) = tour();
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a runtime").block_on(async {
        let guest = tokio::spawn(guest);
        cook.await;
        guest.await.expect("the guest is served");
    });
    check(&place);
}

#[test]
fn they_run_on_futures_local_pool() {
    use futures::task::LocalSpawnExt;
    let (place, guest, cook) = tour();
    let mut pool = futures::executor::LocalPool::new();
    pool.spawner().spawn_local(guest).expect("the pool is open");
    pool.spawner().spawn_local(cook).expect("the pool is open");
    pool.run();
    check(&place);
}

#[test]
fn they_run_on_two_threads_with_nothing_but_std() {
    let (place, guest, cook) = tour();
    std::thread::scope(|scope| {
        // Each thread parks until its waker unparks it: no runtime, no executor.
        scope.spawn(|| kettle::block_on(guest));
        scope.spawn(|| futures::executor::block_on(cook));
    });
    check(&place);
}
