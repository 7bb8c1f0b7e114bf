//! Misuse is told clearly, and does no harm beyond itself.

mod common;

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;
use std::time::Duration;

use kettle::net::{TcpListener, TcpStream};
use kettle::runtime::{Builder, Handle, Runtime};
use kettle::task::{spawn_local, yield_now};
use kettle::time::{sleep, timeout};

use common::watchdog::watched;

fn bare() -> Runtime {
    Builder::new_current_thread()
        .build()
        .expect("it needs nothing")
}

/// What `misuse` panics with.
#[track_caller]
fn panic_of<R>(misuse: impl FnOnce() -> R) -> String {
    match catch_unwind(AssertUnwindSafe(misuse)) {
        Ok(_) => panic!("misuse went through"),
        Err(panic) => words_of(&*panic),
    }
}

fn words_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|it| (*it).to_owned());
    let said = text.or_else(|| panic.downcast_ref::<String>().cloned());
    let said = said.expect("a panic of misuse says so in words");
    assert!(
        !said.contains("  "),
        "a line break went into the message: {said}"
    );
    said
}

#[test]
fn b13_block_on_inside_of_block_on_panics_and_the_outer_one_goes_on() {
    watched(|| {
        let (outer, inner) = (bare(), bare());
        let said = outer.block_on(async {
            let other = panic_of(|| inner.block_on(async {}));
            let same = panic_of(|| outer.block_on(async {}));
            assert_eq!(other, same);
            let task = spawn_local(async {
                yield_now().await;
                "the outer goes on"
            });
            assert_eq!(task.await.expect("it does not panic"), "the outer goes on");
            same
        });
        assert!(said.starts_with("block_on was called inside"), "{said}");
        assert!(said.contains("await the future instead"), "{said}");
        inner.block_on(async { yield_now().await });
        assert!(Handle::try_current().is_err());
    });
}

#[test]
fn b13_block_on_inside_of_a_task_is_that_tasks_panic() {
    let (outer, inner) = (bare(), bare());
    let task = outer.spawn_local(async move { inner.block_on(async {}) });
    let error = outer.block_on(task).expect_err("it is misuse");
    let said = words_of(&*error.into_panic());
    assert!(said.starts_with("block_on was called inside"), "{said}");
}

#[test]
fn block_on_works_again_after_a_panic_inside_of_it() {
    let runtime = bare();
    for _ in 0..3 {
        let said = panic_of(|| runtime.block_on(async { panic!("boiled over") }));
        assert_eq!(said, "boiled over");
        assert!(Handle::try_current().is_err());
    }
    assert_eq!(runtime.block_on(async { 5 }), 5);
}

#[test]
fn b14_enter_guards_dropped_out_of_order_panic_and_leave_no_runtime_current() {
    let (one, two) = (bare(), bare());
    let first = one.enter();
    let second = two.enter();
    let said = panic_of(|| drop(first));
    assert!(said.contains("reverse order"), "{said}");
    assert!(
        Handle::try_current().is_err(),
        "what was before the first is current"
    );
    drop(second);
    assert!(Handle::try_current().is_err());
    let again = one.enter();
    let id = kettle::spawn(async { 1 });
    drop(again);
    assert_eq!(one.block_on(id).expect("it does not panic"), 1);
}

#[test]
fn b14_a_guard_left_over_from_such_a_drop_does_not_end_one_that_came_later() {
    let [one, two, three, four] = [bare(), bare(), bare(), bare()];
    let first = one.enter();
    let left_over = two.enter();
    panic_of(|| drop(first));
    let _third = three.enter();
    let fourth = four.enter();
    drop(left_over);
    let current = || Handle::current().id();
    assert_eq!(current(), four.handle().id());
    drop(fourth);
    assert_eq!(current(), three.handle().id());
}

#[test]
fn b14_guards_dropped_in_any_order_leave_what_was_before_the_outermost() {
    // Every order in which five guards can be dropped, with a sixth entered halfway.
    let runtimes: Vec<_> = (0..6).map(|_| bare()).collect();
    for mut order in 0..120 {
        let base = runtimes[5].enter();
        let mut guards: Vec<_> =
            runtimes[..5].iter().map(|it| it.enter()).collect();
        let mut late = None;
        while !guards.is_empty() {
            let guard = guards.remove(order % guards.len());
            order /= guards.len() + 1;
            // In the wrong order it panics, and has done its work all the same.
            let _ = catch_unwind(AssertUnwindSafe(|| drop(guard)));
            if guards.len() == 2 {
                late = Some(runtimes[0].enter());
            }
        }
        let _ = catch_unwind(AssertUnwindSafe(|| drop(late)));
        assert_eq!(Handle::current().id(), runtimes[5].handle().id());
        drop(base);
        assert!(Handle::try_current().is_err());
    }
}

#[test]
fn enter_guards_nest() {
    let (one, two) = (bare(), bare());
    let on_one;
    {
        let _one = one.enter();
        {
            let _two = two.enter();
            drop(kettle::spawn(async {}));
        }
        on_one = kettle::spawn(async { "on one" });
    }
    assert!(Handle::try_current().is_err());
    assert_eq!(one.block_on(on_one).expect("it does not panic"), "on one");
}

#[test]
fn spawning_without_a_runtime_panics_and_says_what_to_do() {
    let said = panic_of(|| kettle::spawn(async {}));
    assert!(said.contains("no Kettle runtime is current"), "{said}");
    assert!(
        said.contains("spawn") && said.contains("block_on"),
        "{said}"
    );
    let said = panic_of(|| spawn_local(async {}));
    assert!(said.contains("spawn_local"), "{said}");
    let said = panic_of(Handle::current);
    assert!(said.contains("no Kettle runtime is current"), "{said}");
    let error = Handle::try_current().expect_err("there is none");
    assert_eq!(error.to_string(), said);
}

#[test]
fn spawn_local_in_a_runtime_of_another_thread_panics_and_spawn_travels() {
    watched(|| {
        let runtime = bare();
        let handle = runtime.handle().clone();
        let elsewhere = thread::spawn(move || {
            let _current = handle.enter();
            let said = panic_of(|| spawn_local(async {}));
            assert!(said.contains("another thread"), "{said}");
            kettle::spawn(async { "travelled" })
        });
        let task = elsewhere.join().expect("the assertions hold");
        assert_eq!(
            runtime.block_on(task).expect("it does not panic"),
            "travelled"
        );
    });
}

#[test]
fn a_sleep_without_timers_panics_and_says_what_to_do() {
    let without = Builder::new_current_thread().enable_io().build().unwrap();
    let wait = || sleep(Duration::from_secs(1));
    let said = panic_of(|| without.block_on(async { wait().await }));
    assert!(said.contains("enable_time"), "{said}");
    let said = panic_of(|| kettle::block_on(async { wait().await }));
    assert!(said.contains("no Kettle runtime with timers"), "{said}");
    let never = std::future::pending::<()>();
    let said = panic_of(|| {
        without.block_on(async { timeout(Duration::from_secs(1), never).await })
    });
    assert!(said.contains("enable_time"), "{said}");
}

#[test]
fn a_socket_without_a_reactor_is_an_error_that_says_what_to_do() {
    let without = Builder::new_current_thread().enable_time().build().unwrap();
    let listener = without.block_on(TcpListener::bind("127.0.0.1:0"));
    let error = listener.expect_err("there is no reactor").to_string();
    assert!(
        error.contains("enable_io") && !error.contains("  "),
        "{error}"
    );
    let stream = kettle::block_on(TcpStream::connect("127.0.0.1:9"));
    let error = stream.expect_err("there is no runtime").to_string();
    assert!(error.contains("enable_io"), "{error}");
    let stream = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    assert!(TcpListener::from_std(stream).is_err());
}

#[test]
fn an_event_interval_of_zero_panics_and_says_why() {
    let said = panic_of(|| {
        Builder::new_current_thread().event_interval(0);
    });
    assert!(said.contains("event_interval(0)"), "{said}");
}

#[test]
fn task_id_outside_of_a_task_panics_and_names_try_id() {
    let said = panic_of(kettle::task::id);
    assert!(said.contains("try_id"), "{said}");
}

#[test]
fn a_guard_that_outlives_block_on_is_told_and_the_runtime_goes_on() {
    let runtime = bare();
    let mut kept = None;
    let said = panic_of(|| {
        runtime.block_on(async { kept = Some(Handle::current().enter()) });
    });
    assert!(said.contains("enter guard"), "{said}");
    drop(kept);
    assert!(Handle::try_current().is_err());
    assert_eq!(runtime.block_on(async { 5 }), 5);
}
