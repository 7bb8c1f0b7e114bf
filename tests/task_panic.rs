//! Panics in a future, in its drop, in its output's drop: contained, told to whom it
//! concerns, and everybody else goes on.

mod common;

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use kettle::runtime::{Builder, Runtime};
use kettle::task::{JoinError, JoinHandle, spawn_local, yield_now};

use common::count::poll;
use common::hostile::{Happening, hostile};
use common::life::{DropProbe, Life, OnDrop};
use common::scripted::Step::{HandOut, Panic, Pend};
use common::scripted::{Scripted, take};

fn bare() -> Runtime {
    Builder::new_current_thread()
        .build()
        .expect("it needs nothing")
}

fn turn(runtime: &Runtime) {
    runtime.block_on(async {});
}

/// Whether the runtime still does what a runtime does.
fn assert_well(runtime: &Runtime) {
    let task = runtime.spawn_local(async {
        yield_now().await;
        "well"
    });
    assert_eq!(runtime.block_on(task).expect("it does not panic"), "well");
}

fn words_of(payload: &(dyn Any + Send)) -> &'static str {
    payload
        .downcast_ref::<&'static str>()
        .copied()
        .unwrap_or("no words")
}

#[test]
fn a_panic_in_a_poll_is_told_to_the_handle() {
    let (runtime, life) = (bare(), Life::here());
    let task = runtime.spawn_local(Scripted::new(&life, [Pend, Panic], ()).woken());
    let id = task.id();
    let error = runtime.block_on(task).expect_err("it panicked");
    assert!(error.is_panic() && !error.is_cancelled());
    assert_eq!(error.id(), id);
    assert_eq!(
        error.to_string(),
        format!("task {id} panicked with \"poll\"")
    );
    assert_eq!(
        format!("{error:?}"),
        format!("JoinError::Panic(Id({id}), \"poll\")")
    );
    assert_eq!(words_of(&*error.into_panic()), "poll");
    life.assert_ended_at_home();
    assert_well(&runtime);
}

#[test]
fn a_panic_with_a_string_is_quoted_and_another_payload_is_handed_on() {
    let runtime = bare();
    let said = runtime.spawn_local(async { panic!("the {} is empty", "kettle") });
    let error: JoinError = runtime.block_on(said).expect_err("it panicked");
    assert!(
        error
            .to_string()
            .ends_with("panicked with \"the kettle is empty\"")
    );
    let odd = runtime.spawn_local(async { panic_any(77_u8) });
    let error: JoinError = runtime.block_on(odd).expect_err("it panicked");
    assert!(error.to_string().ends_with(" panicked"));
    let payload = error.try_into_panic().expect("it panicked");
    assert_eq!(payload.downcast_ref::<u8>(), Some(&77));
}

#[test]
fn a_cancelled_error_has_no_panic_to_give() {
    let runtime = bare();
    let task = runtime.spawn_local(std::future::pending::<()>());
    task.abort();
    let error = runtime.block_on(task).expect_err("it was aborted");
    assert!(error.is_cancelled() && !error.is_panic());
    assert_eq!(
        error.to_string(),
        format!("task {} was cancelled", error.id())
    );
    let error = error.try_into_panic().expect_err("nobody panicked");
    let asked = catch_unwind(AssertUnwindSafe(|| error.into_panic()));
    assert!(asked.is_err(), "into_panic without a panic is misuse");
}

#[test]
fn a_panic_of_the_main_future_comes_out_of_block_on_and_the_runtime_goes_on() {
    let runtime = bare();
    let waits = runtime.spawn_local(async {
        yield_now().await;
        yield_now().await;
        "there"
    });
    let life = Life::here();
    let main = Scripted::new(&life, [Panic], ());
    let result = catch_unwind(AssertUnwindSafe(|| runtime.block_on(main)));
    assert_eq!(words_of(&*result.expect_err("main panicked")), "poll");
    life.assert_ended_at_home();
    assert_eq!(runtime.block_on(waits).expect("it does not panic"), "there");
    assert!(kettle::task::try_id().is_none(), "no task is being polled");
    assert!(
        kettle::runtime::Handle::try_current().is_err(),
        "none is current"
    );
}

#[test]
fn a_panic_of_a_detached_task_is_swallowed() {
    let (runtime, life) = (bare(), Life::here());
    drop(runtime.spawn_local(Scripted::new(&life, [Panic], ())));
    turn(&runtime);
    life.assert_ended_at_home();
    assert_well(&runtime);
}

#[test]
fn a_payload_that_panics_in_its_own_drop_is_contained() {
    struct Grudge;
    impl Drop for Grudge {
        fn drop(&mut self) {
            panic!("a payload panics, too");
        }
    }
    let runtime = bare();
    drop(runtime.spawn_local(async { panic_any(Grudge) }));
    turn(&runtime);
    let abandoned = runtime.spawn_local(async { panic_any(Grudge) });
    turn(&runtime);
    drop(abandoned);
    let aborted = runtime.spawn_local(async {
        let _drop = OnDrop(|| panic_any(Grudge));
        std::future::pending::<()>().await;
    });
    turn(&runtime);
    aborted.abort();
    drop(aborted);
    turn(&runtime);
    assert_well(&runtime);
    drop(runtime.spawn_local(async { panic_any(Grudge) }));
    drop(runtime);
}

#[test]
fn a_waker_that_panics_does_not_harm_the_task_that_ended() {
    let runtime = bare();
    let mut task = Box::pin(
        runtime.spawn_local(Scripted::new(&Life::here(), [Pend], 4).woken()),
    );
    let angry = hostile(|happening| assert_ne!(happening, Happening::Wake, "no"));
    assert!(common::count::poll_with(task.as_mut(), &angry).is_pending());
    turn(&runtime);
    turn(&runtime);
    assert_eq!(runtime.block_on(task).expect("only the waker panicked"), 4);
    assert_well(&runtime);
}

#[test]
fn a12_a_waker_that_panics_with_a_payload_that_panics_harms_nobody() {
    struct Grudge;
    impl Drop for Grudge {
        fn drop(&mut self) {
            panic!("a payload panics, too");
        }
    }
    let mut builder = Builder::new_current_thread();
    let runtime = builder.enable_time().start_paused(true).build();
    let runtime = runtime.expect("it needs nothing of the system");
    let angry = hostile(|happening| {
        if happening == Happening::Wake {
            panic_any(Grudge);
        }
    });
    runtime.block_on(async {
        let millis = std::time::Duration::from_millis;
        let mut sleep = Box::pin(kettle::time::sleep(millis(2)));
        assert!(common::count::poll_with(sleep.as_mut(), &angry).is_pending());
        kettle::time::sleep(millis(10)).await;
        assert!(sleep.is_elapsed());
    });
    assert_well(&runtime);
}

#[test]
fn a_panic_in_the_drop_at_completion_counts_as_the_tasks_panic() {
    let runtime = bare();
    let (life, out) = (Life::here(), Life::here());
    let output = DropProbe::new(&out);
    let task = Scripted::new(&life, [], output);
    let tray = task.tray();
    let task = runtime.spawn_local(task.with(&tray, true));
    let error = runtime.block_on(task).expect_err("its drop panicked");
    assert_eq!(words_of(&*error.into_panic()), "drop");
    life.assert_ended_at_home();
    out.assert_ended_at_home();
    assert_well(&runtime);
}

/// A10. One row of the product.
#[derive(Debug, Clone, Copy)]
struct Row {
    panics_in_poll: bool,
    panics_in_drop: bool,
    output_panics: bool,
    joiner_polled: bool,
    handle: HandleEnd,
    abort: Abort,
}

/// When the handle goes.
#[derive(Debug, Clone, Copy, PartialEq)]
enum HandleEnd {
    BeforeTheFirstPoll,
    WhileItWaits,
    AfterTheEnd,
    Awaited,
}

/// When the task is aborted.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Abort {
    Never,
    BeforeTheFirstPoll,
    WhileItWaits,
    WhileScheduledAgain,
    AfterTheEnd,
}

fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    let yes_no = [false, true];
    use {Abort as A, HandleEnd as H};
    let handles = [
        H::BeforeTheFirstPoll,
        H::WhileItWaits,
        H::AfterTheEnd,
        H::Awaited,
    ];
    let aborts = [
        A::Never,
        A::BeforeTheFirstPoll,
        A::WhileItWaits,
        A::WhileScheduledAgain,
        A::AfterTheEnd,
    ];
    for bits in 0..16_u8 {
        let bit = |n: u8| yes_no[usize::from(bits >> n & 1)];
        for handle in handles {
            for abort in aborts {
                rows.push(Row {
                    panics_in_poll: bit(0),
                    panics_in_drop: bit(1),
                    output_panics: bit(2),
                    joiner_polled: bit(3),
                    handle,
                    abort,
                });
            }
        }
    }
    rows
}

impl Row {
    /// Whether the abort comes before the end.
    fn is_cut_short(self) -> bool {
        !matches!(self.abort, Abort::Never | Abort::AfterTheEnd)
    }

    fn polls(self) -> usize {
        match self.abort {
            Abort::BeforeTheFirstPoll => 0,
            Abort::WhileItWaits | Abort::WhileScheduledAgain => 1,
            Abort::Never | Abort::AfterTheEnd => 2,
        }
    }

    /// What the handle must say: a panic's word, or `None` for cancelled, or `Ok`.
    fn verdict(self) -> Result<(), Option<&'static str>> {
        match (self.is_cut_short(), self.panics_in_drop) {
            (_, true) => Err(Some("drop")),
            (true, false) => Err(None),
            (false, false) if self.panics_in_poll => Err(Some("poll")),
            (false, false) => Ok(()),
        }
    }

    fn run(self, runtime: &Runtime, spawn: Spawn) {
        let (life, out) = (Life::here(), Life::here());
        let steps = if self.panics_in_poll {
            vec![HandOut, Panic]
        } else {
            vec![HandOut]
        };
        let inner = Scripted::new(&life, steps, ());
        let tray = inner.tray();
        let task = Making {
            inner: inner.with(&tray, self.panics_in_drop),
            out: Arc::clone(&out),
            output_panics: self.output_panics,
        };
        let mut handle = Some(spawn(runtime, task));
        let stop = handle.as_ref().expect("it is there").abort_handle();
        if self.joiner_polled {
            let handle = handle.as_mut().expect("it is there");
            assert!(poll(Pin::new(handle)).is_pending());
        }
        let abort_at = |now| {
            if now == self.abort {
                stop.abort()
            }
        };
        let drop_at = |now, handle: &mut Option<JoinHandle<_>>| {
            if now == self.handle {
                let handle = handle.take();
                let dropped = catch_unwind(AssertUnwindSafe(|| drop(handle)));
                assert!(dropped.is_ok(), "a panic came out of the handle's drop");
            }
        };
        abort_at(Abort::BeforeTheFirstPoll);
        drop_at(HandleEnd::BeforeTheFirstPoll, &mut handle);
        turn(runtime);
        drop_at(HandleEnd::WhileItWaits, &mut handle);
        abort_at(Abort::WhileItWaits);
        take(&tray).into_iter().for_each(std::task::Waker::wake);
        abort_at(Abort::WhileScheduledAgain);
        turn(runtime);
        abort_at(Abort::AfterTheEnd);
        assert!(stop.is_finished());
        drop_at(HandleEnd::AfterTheEnd, &mut handle);
        if let Some(handle) = handle {
            self.judge(runtime.block_on(handle));
        }
        life.assert_ended_at_home();
        assert_eq!(life.polls(), self.polls());
        let made = usize::from(!self.is_cut_short() && !self.panics_in_poll);
        assert_eq!(
            (out.drops(), out.elsewhere()),
            (made, 0),
            "the output's drop"
        );
        turn(runtime);
    }

    /// Compares what the handle gave with what it must give.
    fn judge(self, result: Result<DropProbe, JoinError>) {
        let said = match &result {
            Ok(_) => Ok(()),
            Err(error) if error.is_cancelled() => Err(None),
            Err(error) => Err(Some(error.to_string())),
        };
        // An output that panics in its drop is the caller's now.
        let dropped = catch_unwind(AssertUnwindSafe(|| drop(result)));
        assert_eq!(dropped.is_err(), said.is_ok() && self.output_panics);
        match (said, self.verdict()) {
            (Err(Some(said)), Err(Some(word))) => {
                assert!(
                    said.ends_with(&format!("panicked with {word:?}")),
                    "{said}"
                );
            }
            (Ok(()), Ok(())) | (Err(None), Err(None)) => {}
            (said, verdict) => panic!("{said:?}, but it should be {verdict:?}"),
        }
    }
}

/// Makes its output only when it is ready, so that it is not dropped with the future.
struct Making {
    inner: Scripted<()>,
    out: Arc<Life>,
    output_panics: bool,
}

impl Future for Making {
    type Output = DropProbe;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<DropProbe> {
        let ready = Pin::new(&mut self.inner).poll(cx);
        ready.map(|()| DropProbe::panicking(&self.out, self.output_panics))
    }
}

type Spawn = fn(&Runtime, Making) -> JoinHandle<DropProbe>;

#[test]
fn a10_every_combination_of_panics_drops_and_aborts_ends_well() {
    std::panic::set_hook(Box::new(|_| {}));
    let at_home: Spawn = |runtime, task| runtime.spawn_local(task);
    let from_elsewhere: Spawn = |runtime, task| {
        let handle = runtime.handle().clone();
        let spawn = std::thread::spawn(move || handle.spawn(task));
        let task = spawn.join().expect("spawning does not panic");
        // The last turn is used up, so the mail is opened first, and then the main future
        // is polled before the task.
        runtime.block_on(async {});
        task
    };
    for (name, spawn) in [("at home", at_home), ("in a seat", from_elsewhere)] {
        let runtime = Builder::new_current_thread().event_interval(1).build();
        let runtime = runtime.expect("it needs nothing");
        runtime.block_on(async {});
        for row in rows() {
            let result =
                catch_unwind(AssertUnwindSafe(|| row.run(&runtime, spawn)));
            if let Err(panic) = result {
                let _ = std::panic::take_hook();
                let said = panic.downcast_ref::<String>().cloned();
                let said = said.unwrap_or_else(|| words_of(&*panic).to_owned());
                panic!("{name}, {row:?}: {said}");
            }
        }
        assert_well(&runtime);
    }
    let _ = std::panic::take_hook();
}

#[test]
fn a_panic_of_one_task_leaves_its_siblings_alone() {
    let runtime = bare();
    let lives: Vec<_> = (0..20).map(|_| Life::here()).collect();
    let sum = runtime.block_on(async {
        let tasks: Vec<_> = lives
            .iter()
            .enumerate()
            .map(|(number, life)| {
                let steps = if number % 2 == 0 { vec![Panic] } else { vec![] };
                spawn_local(Scripted::new(life, steps, number))
            })
            .collect();
        let mut sum = 0;
        for task in tasks {
            sum += task.await.unwrap_or(0);
        }
        sum
    });
    assert_eq!(sum, (0..20).filter(|it| it % 2 == 1).sum::<usize>());
    lives.iter().for_each(|it| it.assert_ended_at_home());
}

/// A future that wakes itself before each step, so that nobody else must.
trait Woken: Future + Sized {
    fn woken(self) -> impl Future<Output = Self::Output>;
}

impl<F: Future + Unpin> Woken for F {
    async fn woken(mut self) -> F::Output {
        std::future::poll_fn(move |cx| {
            cx.waker().wake_by_ref();
            Pin::new(&mut self).poll(cx)
        })
        .await
    }
}

#[test]
fn the_panic_of_a_task_drops_what_it_held_before_the_handle_is_told() {
    let runtime = bare();
    let (life, seen) = (Life::here(), Life::here());
    let held = DropProbe::new(&life);
    let task = runtime.spawn_local(async move {
        let _held = held;
        panic!("poll");
    });
    let (life, seen) = (Arc::clone(&life), Arc::clone(&seen));
    let result: Result<(), _> = runtime.block_on(async {
        let result = task.await;
        seen.polled();
        assert_eq!(life.drops(), 1);
        result
    });
    assert!(result.expect_err("it panicked").is_panic());
    assert_eq!(seen.polls(), 1);
}
