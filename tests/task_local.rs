//! Task-locals: where a value is seen, where it is not, and when it is dropped.

mod common;

use std::cell::RefCell;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::Poll;

use kettle::runtime::{Builder, Runtime};
use kettle::task::yield_now;

use common::count::poll;
use common::life::{DropProbe, Life, OnDrop};

kettle::task_local! {
    static CUPS: u32;
    /// With a comment, and for all to see.
    pub static GUEST: String;
    static PROBE: DropProbe
}

kettle::task_local! {}

fn runtime() -> Runtime {
    Builder::new_current_thread().build().expect("a runtime")
}

#[test]
fn a_value_is_there_in_each_poll_of_its_scope_and_nowhere_else() {
    runtime().block_on(async {
        let scoped = CUPS.scope(7, async {
            assert_eq!(CUPS.get(), 7);
            yield_now().await;
            CUPS.with(|cups| *cups)
        });
        let mut scoped = pin!(scoped);
        assert!(poll(scoped.as_mut()).is_pending());
        assert!(CUPS.try_get().is_err(), "between two polls");
        assert_eq!(poll(scoped), Poll::Ready(7));
        assert!(CUPS.try_with(|_| ()).is_err());
    });
}

#[test]
fn tasks_that_take_turns_see_each_its_own_value() {
    runtime().block_on(async {
        let handles: Vec<_> = (0..10)
            .map(|n| {
                kettle::spawn(CUPS.scope(n, async {
                    let first = CUPS.get();
                    yield_now().await;
                    (first, CUPS.get())
                }))
            })
            .collect();
        for (n, handle) in (0..).zip(handles) {
            assert_eq!(handle.await.expect("by itself"), (n, n));
        }
    });
}

#[test]
fn a_scope_inside_of_a_scope_hides_the_outer_value_and_gives_it_back() {
    runtime().block_on(CUPS.scope(1, async {
        CUPS.scope(2, async {
            yield_now().await;
            assert_eq!(CUPS.get(), 2);
        })
        .await;
        assert_eq!(CUPS.get(), 1);
        assert_eq!(CUPS.sync_scope(3, || CUPS.get()), 3);
        assert_eq!(CUPS.get(), 1);
    }));
}

#[test]
fn a_spawned_task_is_outside_of_the_scope_that_spawned_it() {
    runtime().block_on(CUPS.scope(1, async {
        let inside = kettle::spawn(async { CUPS.try_get() });
        assert!(inside.await.expect("by itself").is_err());
    }));
}

#[test]
fn two_task_locals_do_not_meet() {
    runtime().block_on(CUPS.scope(
        1,
        GUEST.scope("Ada".to_owned(), async {
            assert_eq!((CUPS.get(), GUEST.get()), (1, "Ada".to_owned()));
        }),
    ));
}

#[test]
fn a_panic_in_the_scope_ends_it() {
    runtime().block_on(async {
        let broken = CUPS.scope(1, async { panic!("no tea") });
        let mut broken = Box::pin(broken);
        let panic = catch_unwind(AssertUnwindSafe(|| poll(broken.as_mut())));
        assert!(panic.is_err());
        assert!(CUPS.try_get().is_err());
        let panic = catch_unwind(|| CUPS.sync_scope(1, || panic!("no tea")));
        assert!(panic.is_err());
        assert!(CUPS.try_get().is_err());
    });
}

#[test]
fn the_future_is_dropped_inside_of_its_scope() {
    let seen = Rc::new(RefCell::new(Vec::new()));
    let log = |seen: &Rc<RefCell<Vec<u32>>>| {
        let seen = Rc::clone(seen);
        OnDrop(move || seen.borrow_mut().push(CUPS.get()))
    };
    // Never polled, waiting, and ready: each is dropped where its value is seen.
    let in_drop = log(&seen);
    drop(CUPS.scope(1, async move { drop(in_drop) }));
    let in_drop = log(&seen);
    {
        let mut waiting = pin!(CUPS.scope(2, async move {
            let _in_drop = in_drop;
            std::future::pending::<()>().await;
        }));
        assert!(poll(waiting.as_mut()).is_pending());
    }
    let in_drop = log(&seen);
    let mut ready = pin!(CUPS.scope(
        3,
        poll_fn(move |_| {
            let _held = &in_drop;
            Poll::Ready(())
        })
    ));
    assert!(poll(ready.as_mut()).is_ready());
    assert_eq!(*seen.borrow(), [1, 2, 3]);
    assert!(CUPS.try_get().is_err());
}

#[test]
fn the_value_goes_with_the_future_or_is_taken_out() {
    let life = Life::here();
    drop(PROBE.scope(DropProbe::new(&life), async {}));
    assert_eq!(life.drops(), 1);
    let scoped = PROBE.scope(DropProbe::new(&life), std::future::pending::<()>());
    let mut scoped = pin!(scoped);
    let value = Pin::as_mut(&mut scoped).take_value();
    assert_eq!(life.drops(), 1);
    drop(value);
    assert_eq!(life.drops(), 2);
    assert!(scoped.as_mut().take_value().is_none());
}

#[test]
fn misuse_panics_and_says_what_to_do() {
    let said = |act: &dyn Fn()| {
        let panic = catch_unwind(AssertUnwindSafe(act)).expect_err("misuse");
        let said = panic.downcast_ref::<String>().cloned();
        said.or_else(|| panic.downcast_ref::<&str>().map(|it| (*it).to_owned()))
            .expect("it says what")
    };
    let outside = said(&|| assert_eq!(CUPS.get(), 0));
    assert!(outside.contains("outside of its scope"), "{outside}");
    let inside = said(&|| {
        CUPS.sync_scope(1, || CUPS.with(|_| CUPS.sync_scope(2, || ())));
    });
    assert!(inside.contains("inside of with()"), "{inside}");
    let again = said(&|| {
        let mut scoped = pin!(CUPS.scope(1, async {}));
        assert!(poll(scoped.as_mut()).is_ready());
        assert!(poll(scoped.as_mut()).is_pending());
    });
    assert!(again.contains("polled again"), "{again}");
    assert!(CUPS.try_get().is_err(), "the scopes have ended");
}
