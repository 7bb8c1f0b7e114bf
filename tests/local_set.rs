//! `LocalSet`: when its members begin, who waits for them, and what ends with it.

mod common;

use std::cell::{Cell, RefCell};
use std::future::pending;
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;
use std::thread;

use kettle::runtime::{Builder, Runtime};
use kettle::task::{LocalSet, spawn_local, yield_now};

use common::count::{Count, poll, poll_with};
use common::life::{DropProbe, Life, OnDrop};
use common::watchdog::watched;

fn runtime() -> Runtime {
    Builder::new_current_thread().build().expect("a runtime")
}

type Log = Rc<RefCell<Vec<&'static str>>>;

#[test]
fn members_wait_until_the_set_is_polled_and_keep_their_order() {
    watched(|| {
        let set = LocalSet::new();
        let log = Log::default();
        for name in ["first", "second"] {
            let log = Rc::clone(&log);
            set.spawn_local(async move { log.borrow_mut().push(name) });
        }
        let runtime = runtime();
        runtime.block_on(async {
            for _ in 0..3 {
                yield_now().await;
            }
            assert!(log.borrow().is_empty(), "nobody has polled the set");
            set.await;
        });
        assert_eq!(*log.borrow(), ["first", "second"]);
    });
}

#[test]
fn a_handle_made_before_the_runtime_gives_the_output() {
    watched(|| {
        let set = LocalSet::new();
        let handle = set.spawn_local(async { Rc::new(7) });
        assert!(!handle.is_finished());
        let id = handle.id();
        let runtime = runtime();
        let (output, inside) = set.block_on(&runtime, async {
            let inside = spawn_local(async { kettle::task::id() });
            (
                handle.await.expect("by itself"),
                inside.await.expect("by itself"),
            )
        });
        assert_eq!(*output, 7);
        assert_ne!(inside, id);
    });
}

#[test]
fn a_task_that_awaits_a_waiting_member_is_woken_when_it_is_done() {
    watched(|| {
        let set = LocalSet::new();
        let member = set.spawn_local(async {
            yield_now().await;
            Rc::new("tea")
        });
        runtime().block_on(async {
            let waiter = spawn_local(member);
            yield_now().await;
            assert!(!waiter.is_finished());
            set.await;
            let output = waiter.await.expect("by itself").expect("by itself");
            assert_eq!(*output, "tea");
        });
    });
}

#[test]
fn awaiting_the_set_waits_for_what_its_members_spawn() {
    watched(|| {
        let runtime = runtime();
        let done = Rc::new(Cell::new(0));
        let set = LocalSet::new();
        let count = Rc::clone(&done);
        set.spawn_local(async move {
            let inner = Rc::clone(&count);
            spawn_local(async move {
                let innermost = Rc::clone(&inner);
                spawn_local(async move {
                    yield_now().await;
                    innermost.set(innermost.get() + 1);
                });
                yield_now().await;
                inner.set(inner.get() + 1);
            });
            count.set(count.get() + 1);
        });
        runtime.block_on(set);
        assert_eq!(done.get(), 3);
    });
}

#[test]
fn run_until_ends_with_its_future_and_members_run_on() {
    watched(|| {
        let runtime = runtime();
        let set = LocalSet::new();
        let done = Rc::new(Cell::new(false));
        let seen = Rc::clone(&done);
        runtime.block_on(async {
            let said = set.run_until(async move {
                spawn_local(async move {
                    yield_now().await;
                    seen.set(true);
                });
                "first"
            });
            assert_eq!(said.await, "first");
            assert!(!done.get());
            set.await;
        });
        assert!(done.get());
    });
}

#[test]
fn outside_of_the_set_spawn_local_is_the_runtimes() {
    watched(|| {
        let runtime = runtime();
        let set = LocalSet::new();
        runtime.block_on(async {
            set.run_until(async {}).await;
            let handle = spawn_local(pending::<()>());
            // If it were a member, the set would wait for ever.
            set.await;
            assert!(!handle.is_finished());
        });
    });
}

#[test]
fn an_entered_set_takes_what_spawn_local_spawns_until_the_guard_goes() {
    watched(|| {
        let runtime = runtime();
        let (outer, inner) = (LocalSet::new(), LocalSet::new());
        {
            let _outer = outer.enter();
            {
                let _inner = inner.enter();
                spawn_local(pending::<()>());
            }
            spawn_local(async {});
        }
        runtime.block_on(outer);
        let (_count, waker) = Count::new();
        let _entered = runtime.enter();
        assert!(poll_with(pin!(inner), &waker).is_pending());
    });
}

#[test]
fn a_dropped_set_drops_waiting_members_here_and_aborts_the_others() {
    watched(|| {
        let runtime = runtime();
        let (waiting, running) = (Life::here(), Life::here());
        let set = LocalSet::new();
        let probe = DropProbe::new(&waiting);
        let handle = set.spawn_local(async move { drop(probe) });
        drop(set);
        waiting.assert_ended_at_home();
        assert!(handle.is_finished());
        assert!(
            kettle::block_on(handle)
                .expect_err("dropped")
                .is_cancelled()
        );

        runtime.block_on(async {
            let set = LocalSet::new();
            let probe = DropProbe::new(&running);
            let handle = set.spawn_local(async move {
                let _probe = probe;
                pending::<()>().await;
            });
            set.run_until(yield_now()).await;
            drop(set);
            assert!(handle.await.expect_err("aborted").is_cancelled());
            running.assert_ended_at_home();
        });
    });
}

#[test]
fn an_abort_of_a_waiting_member_means_no_poll() {
    watched(|| {
        let set = LocalSet::new();
        let life = Life::here();
        let probe = DropProbe::new(&life);
        let handle = set.spawn_local(async move {
            let _probe = probe;
            panic!("an aborted member is polled");
        });
        handle.abort_handle().abort();
        runtime().block_on(async {
            set.await;
            life.assert_ended_at_home();
            assert!(handle.is_finished());
            let error = handle.await.expect_err("it was aborted");
            assert!(error.is_cancelled(), "{error:?}");
        });
    });
}

#[test]
fn the_abort_handle_of_a_waiting_member_finds_it_later_too() {
    watched(|| {
        let set = LocalSet::new();
        let handle = set.spawn_local(pending::<()>());
        let stop = handle.abort_handle();
        runtime().block_on(async {
            set.run_until(yield_now()).await;
            assert!(!stop.is_finished());
            stop.abort();
            set.await;
            assert!(stop.is_finished());
            assert!(handle.await.expect_err("aborted").is_cancelled());
        });
    });
}

#[test]
fn the_output_of_a_waiting_member_whose_handle_is_gone_is_dropped_when_it_comes() {
    watched(|| {
        let runtime = runtime();
        let set = LocalSet::new();
        let life = Life::here();
        let probe = DropProbe::new(&life);
        drop(set.spawn_local(async move { probe }));
        assert_eq!(life.drops(), 0);
        runtime.block_on(set);
        life.assert_ended_at_home();
    });
}

#[test]
fn a_member_may_spawn_into_its_set_as_the_set_is_dropped() {
    watched(|| {
        let set = LocalSet::new();
        let life = Life::here();
        let refused = Rc::new(RefCell::new(None));
        let (seen, probe) = (Rc::clone(&refused), DropProbe::new(&life));
        let mut probe = Some(probe);
        let guard = set.enter();
        let in_drop = OnDrop(move || {
            let probe = probe.take();
            *seen.borrow_mut() = Some(spawn_local(async move { drop(probe) }));
        });
        set.spawn_local(async move { drop(in_drop) });
        drop(set);
        life.assert_ended_at_home();
        let handle = refused.borrow_mut().take().expect("it was spawned");
        assert!(
            kettle::block_on(handle)
                .expect_err("refused")
                .is_cancelled()
        );
        drop(guard);
    });
}

#[test]
fn a_member_ends_with_the_runtime_and_the_set_serves_another() {
    watched(|| {
        let set = LocalSet::new();
        let life = Life::here();
        let probe = DropProbe::new(&life);
        let first = runtime();
        let handle = set.spawn_local(async move {
            let _probe = probe;
            pending::<()>().await;
        });
        set.block_on(&first, yield_now());
        drop(first);
        life.assert_ended_at_home();
        assert!(kettle::block_on(handle).expect_err("ended").is_cancelled());
        let later = set.spawn_local(async { "tea" });
        let second = runtime();
        let output = set.block_on(&second, later);
        assert_eq!(output.expect("by itself"), "tea");
        second.block_on(set);
    });
}

#[test]
fn the_set_is_polled_again_only_when_its_last_member_is_gone() {
    watched(|| {
        let runtime = runtime();
        let mut set = LocalSet::new();
        let stops: Vec<_> = (0..3)
            .map(|_| set.spawn_local(pending::<()>()).abort_handle())
            .collect();
        let (count, waker) = Count::new();
        let entered = runtime.enter();
        assert!(poll_with(pin!(&mut set), &waker).is_pending());
        drop(entered);
        for stop in &stops {
            assert_eq!(count.wakes(), 0);
            stop.abort();
            runtime.block_on(yield_now());
        }
        assert_eq!(count.wakes(), 1);
        assert_eq!(count.others(), 0, "the waker is not kept");
        let _entered = runtime.enter();
        assert_eq!(poll(pin!(&mut set)), Poll::Ready(()));
    });
}

#[test]
fn a_set_polled_without_a_runtime_panics_and_says_what_to_do() {
    watched(|| {
        let panic = thread::spawn(|| kettle::block_on(LocalSet::new()))
            .join()
            .expect_err("there is no runtime");
        let said = panic.downcast_ref::<&str>().expect("it says why");
        assert!(said.contains("LocalSet::block_on"), "{said}");
    });
}

#[test]
fn the_handle_of_a_member_panics_when_it_is_polled_elsewhere() {
    watched(|| {
        let set = LocalSet::new();
        let handle = set.spawn_local(async { 7 });
        let runtime = runtime();
        runtime.block_on(set);
        let panic = thread::spawn(move || kettle::block_on(handle))
            .join()
            .expect_err("the output stays at home");
        let said = panic.downcast_ref::<&str>().expect("it says why");
        assert!(said.contains("spawn_local"), "{said}");
    });
}
