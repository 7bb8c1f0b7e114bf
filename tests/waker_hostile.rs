//! C4, A12, C18: wakers that call back into the runtime, or panic, as they are cloned,
//! woken or dropped, against everything of the runtime that keeps a waker.

mod common;

use std::cell::RefCell;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::task::{Poll, Waker};
use std::time::Duration;

use futures::FutureExt;
use kettle::io::{AsyncRead, AsyncWriteExt, ReadBuf};
use kettle::net::{TcpListener, TcpStream};
use kettle::runtime::{Handle, Runtime};
use kettle::task::yield_now;
use kettle::time::{Instant, Sleep, sleep};

use common::count::{poll, poll_with};
use common::hostile::{HAPPENINGS, Happening, hostile};
use common::life::Life;
use common::scripted::Step::HandOut;
use common::scripted::{Scripted, take};
use common::watchdog::watched;

/// Something that waits, and what makes it ready. None of them is an `async` block,
/// which a panic would end for good.
struct Waits {
    future: Pin<Box<dyn Future<Output = ()>>>,
    make_ready: Box<dyn FnOnce()>,
}

type Case = (&'static str, fn(&Runtime) -> Waits);

const CASES: [Case; 5] = [
    ("a join at home", join_at_home),
    ("a join in a seat", join_in_a_seat),
    ("a sleep", a_sleep),
    ("a read", a_read),
    ("an accept", an_accept),
];

fn join_at_home(runtime: &Runtime) -> Waits {
    let task = Scripted::new(&Life::here(), [HandOut], ());
    let tray = task.tray();
    let handle = runtime.spawn(task);
    some_turns(runtime);
    Waits {
        future: Box::pin(handle.map(|it| it.expect("it does not panic"))),
        make_ready: Box::new(move || take(&tray).into_iter().for_each(Waker::wake)),
    }
}

fn join_in_a_seat(runtime: &Runtime) -> Waits {
    let task = Scripted::new(&Life::here(), [HandOut], ());
    let (tray, handle) = (task.tray(), runtime.handle().clone());
    let spawning = std::thread::spawn(move || handle.spawn(task));
    let handle = spawning.join().expect("spawning does not panic");
    some_turns(runtime);
    Waits {
        future: Box::pin(handle.map(|it| it.expect("it does not panic"))),
        make_ready: Box::new(move || take(&tray).into_iter().for_each(Waker::wake)),
    }
}

fn a_sleep(_: &Runtime) -> Waits {
    // Its deadline comes by `make_ready`, so that it cannot come too early.
    let it = Rc::new(RefCell::new(Box::pin(sleep(Duration::from_secs(3_600)))));
    let near = Rc::clone(&it);
    let reset = move || {
        let mut it = near.borrow_mut();
        let it: Pin<&mut Sleep> = it.as_mut();
        it.reset(Instant::now());
    };
    Waits {
        future: Box::pin(poll_fn(move |cx| it.borrow_mut().as_mut().poll(cx))),
        make_ready: Box::new(reset),
    }
}

fn a_read(runtime: &Runtime) -> Waits {
    let (mut client, mut server) = runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let client = TcpStream::connect(address).await.unwrap();
        (client, listener.accept().await.unwrap().0)
    });
    let read = poll_fn(move |cx| {
        let mut room = [0; 4];
        let mut buf = ReadBuf::new(&mut room);
        let read = Pin::new(&mut server).poll_read(cx, &mut buf);
        read.map(|it| it.expect("the peer is well"))
    });
    let write = move || {
        let written = poll(Box::pin(client.write_all(b"tea")).as_mut());
        assert!(written.is_ready(), "the buffer is empty");
    };
    Waits {
        future: Box::pin(read),
        make_ready: Box::new(write),
    }
}

fn an_accept(runtime: &Runtime) -> Waits {
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap();
    let accept = poll_fn(move |cx| {
        let accepted = listener.poll_accept(cx);
        accepted.map(|it| drop(it.expect("a client came")))
    });
    let connect = move || drop(std::net::TcpStream::connect(address).unwrap());
    Waits {
        future: Box::pin(accept),
        make_ready: Box::new(connect),
    }
}

/// Turns enough for mail, timers and sockets to be looked at.
fn some_turns(runtime: &Runtime) {
    runtime.block_on(async {
        for _ in 0..300 {
            yield_now().await;
        }
    });
}

/// Polls inside of a turn, and says whether the poll panicked.
fn poll_once(
    runtime: &Runtime,
    waits: &mut Waits,
    waker: &Waker,
) -> Result<(), ()> {
    let polling = AssertUnwindSafe(|| {
        runtime.block_on(async {
            assert!(poll_with(waits.future.as_mut(), waker).is_pending());
        });
    });
    catch_unwind(polling).map_err(drop)
}

/// Everything that a waker might do to the runtime from inside of it.
fn meddle(handle: &Handle, life: &Arc<Life>) {
    let task = handle.spawn(Scripted::new(life, [], ()));
    assert!(!task.is_finished());
    let abort = task.abort_handle();
    if life.polls().is_multiple_of(2) {
        drop(task);
    }
    abort.abort();
    let mut timer = Box::pin(sleep(Duration::from_secs(3_600)));
    let _current = handle.enter();
    assert!(poll(timer.as_mut()).is_pending());
    timer.as_mut().reset(Instant::now());
    let _ = poll(timer.as_mut());
    drop(kettle::spawn(async {}));
    assert!(poll(Box::pin(TcpListener::bind("127.0.0.1:0")).as_mut()).is_ready());
}

#[test]
fn c4_a_waker_may_call_back_into_the_runtime_at_any_time() {
    watched(|| {
        for (name, make) in CASES {
            for at in HAPPENINGS {
                let runtime = Runtime::new().expect("there are descriptors");
                let (handle, life) = (runtime.handle().clone(), Life::here());
                let calls = Arc::new(AtomicUsize::new(0));
                let counter = Arc::clone(&calls);
                let waker = hostile(move |happening| {
                    if happening == at {
                        counter.fetch_add(1, SeqCst);
                        meddle(&handle, &life);
                    }
                });
                let mut waits = make(&runtime);
                let told = format!("{name}, {at:?}");
                for waker in [&waker, &waker, Waker::noop(), &waker] {
                    let polled = poll_once(&runtime, &mut waits, waker);
                    assert_eq!(polled, Ok(()), "{told}");
                    some_turns(&runtime);
                }
                (waits.make_ready)();
                some_turns(&runtime);
                runtime.block_on(waits.future);
                drop(waker);
                some_turns(&runtime);
                assert!(calls.load(SeqCst) > 0, "{told}: it was not asked");
            }
        }
    });
}

#[test]
fn a12_a_waker_that_panics_leaves_what_it_waited_for_in_order() {
    watched(|| {
        for (name, make) in CASES {
            for at in HAPPENINGS {
                let runtime = Runtime::new().expect("there are descriptors");
                let waker = hostile(move |happening| {
                    if happening == at && !std::thread::panicking() {
                        std::panic::resume_unwind(Box::new("angry"));
                    }
                });
                let mut waits = make(&runtime);
                // A panic in the clone comes out of the poll; the others are contained.
                let first = poll_once(&runtime, &mut waits, &waker);
                assert_eq!(
                    first.is_err(),
                    at == Happening::Clone,
                    "{name}, {at:?}"
                );
                let _ = poll_once(&runtime, &mut waits, &waker);
                some_turns(&runtime);
                if at != Happening::Wake {
                    let _ = poll_once(&runtime, &mut waits, Waker::noop());
                }
                (waits.make_ready)();
                some_turns(&runtime);
                runtime.block_on(waits.future);
                let task = runtime.spawn(async { yield_now().await });
                runtime.block_on(task).expect("it does not panic");
                drop(catch_unwind(AssertUnwindSafe(|| drop(waker))));
            }
        }
    });
}

#[test]
fn c4_a_waker_may_call_back_into_a_runtime_that_ends() {
    watched(|| {
        for (name, make) in CASES {
            for at in HAPPENINGS {
                let runtime = Runtime::new().expect("there are descriptors");
                let (handle, life) = (runtime.handle().clone(), Life::here());
                let waker = hostile(move |happening| {
                    if happening == at {
                        let task = handle.spawn(Scripted::new(&life, [], ()));
                        task.abort();
                        task.is_finished();
                        let _current = handle.enter();
                        drop(kettle::spawn(async {}));
                    }
                });
                let mut waits = make(&runtime);
                let polled = poll_once(&runtime, &mut waits, &waker);
                assert_eq!(polled, Ok(()), "{name}, {at:?}");
                drop(runtime);
                drop(waits);
                drop(waker);
            }
        }
    });
}

#[test]
fn b15_a_waker_that_wakes_its_own_future_again_and_again_is_one_wake() {
    let runtime = Runtime::new().expect("there are descriptors");
    let life = Life::here();
    let task = Scripted::new(&life, [HandOut, HandOut], ());
    let tray = task.tray();
    let handle = runtime.spawn(task);
    some_turns(&runtime);
    let inner = take(&tray).pop().expect("it was polled");
    let echo = hostile(move |_| (0..10).for_each(|_| inner.wake_by_ref()));
    let clones = vec![echo; 10];
    clones.iter().for_each(Waker::wake_by_ref);
    drop(clones);
    let second = runtime.block_on(poll_fn(|_| Poll::Ready(life.polls())));
    assert_eq!(second, 2);
    handle.abort();
}
