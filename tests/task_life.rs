//! A4: the life of a task, exhaustively. Every sequence of up to six of the things that
//! can happen to a task is played, and compared after each step with a model of a few
//! lines: exact counts of polls and drops.
//!
//! A sequence of six covers the shorter ones, for everything is compared at every step.
//! What a sequence cannot do (wake without a waker) is left out with all that follows.

mod common;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::thread;

use kettle::runtime::{Builder, Runtime};
use kettle::task::{AbortHandle, JoinHandle};

use common::life::{DropProbe, Life};
use common::scripted::{Tray, take};
use common::watchdog::watched;

/// How long the sequences are.
const LENGTH: usize = 6;

/// What can happen to a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Op {
    /// Its waker is cloned.
    Clone,
    /// A waker of it is woken by value.
    Wake,
    /// A waker of it is woken by reference.
    WakeByRef,
    /// A waker of it is dropped.
    DropWaker,
    /// The executor gives every scheduled task a turn.
    Turn,
    /// It is aborted.
    Abort,
    /// Its handle is dropped.
    DropHandle,
}

const OPS: [Op; 7] = [
    Op::Clone,
    Op::Wake,
    Op::WakeByRef,
    Op::DropWaker,
    Op::Turn,
    Op::Abort,
    Op::DropHandle,
];

/// What the future does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Manner {
    /// The poll in which it ends, counted from one.
    ends_in_poll: usize,
    /// It ends by a panic.
    panics: bool,
    /// It wakes itself in its first poll.
    wakes_itself: bool,
}

/// The future: hands out one waker in its first poll, and ends where it is told to.
struct Subject {
    manner: Manner,
    tray: Tray,
    life: Arc<Life>,
    out: Arc<Life>,
    _probe: DropProbe,
}

impl Future for Subject {
    type Output = DropProbe;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<DropProbe> {
        self.life.polled();
        let polls = self.life.polls();
        if polls == 1 {
            let waker = cx.waker().clone();
            self.tray
                .lock()
                .expect("no panic under the lock")
                .push(waker);
            if self.manner.wakes_itself {
                cx.waker().wake_by_ref();
            }
        }
        if polls < self.manner.ends_in_poll {
            return Poll::Pending;
        }
        assert!(!self.manner.panics, "the subject panics");
        Poll::Ready(DropProbe::new(&self.out))
    }
}

/// Why a task is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Ready,
    Panicked,
    Cancelled,
}

/// The obviously correct task.
#[derive(Debug, Clone, Copy)]
struct Model {
    manner: Manner,
    scheduled: bool,
    aborted: bool,
    polls: usize,
    wakers: usize,
    has_handle: bool,
    end: Option<End>,
}

impl Model {
    fn new(manner: Manner) -> Model {
        Model {
            manner,
            scheduled: true,
            aborted: false,
            polls: 0,
            wakers: 0,
            has_handle: true,
            end: None,
        }
    }

    fn allows(&self, op: Op) -> bool {
        match op {
            Op::Clone | Op::Wake | Op::WakeByRef | Op::DropWaker => self.wakers > 0,
            Op::Turn | Op::Abort => true,
            Op::DropHandle => self.has_handle,
        }
    }

    fn step(&mut self, op: Op) {
        match op {
            Op::Clone => self.wakers += 1,
            Op::Wake => {
                self.wakers -= 1;
                self.scheduled = true;
            }
            Op::WakeByRef => self.scheduled = true,
            Op::DropWaker => self.wakers -= 1,
            Op::Turn => self.turn(),
            Op::Abort => {
                self.aborted = true;
                self.scheduled = true;
            }
            Op::DropHandle => self.has_handle = false,
        }
    }

    fn turn(&mut self) {
        if !self.scheduled || self.end.is_some() {
            return;
        }
        self.scheduled = false;
        if self.aborted {
            self.end = Some(End::Cancelled);
            return;
        }
        self.polls += 1;
        if self.polls == 1 {
            self.wakers += 1;
            self.scheduled = self.manner.wakes_itself;
        }
        if self.polls == self.manner.ends_in_poll {
            let panics = self.manner.panics;
            self.end = Some(if panics { End::Panicked } else { End::Ready });
        }
    }

    fn output_drops(&self) -> usize {
        usize::from(self.end == Some(End::Ready) && !self.has_handle)
    }
}

/// The real task, and what is held of it.
struct Real<'a> {
    runtime: &'a Runtime,
    wakers: Vec<Waker>,
    tray: Tray,
    handle: Option<JoinHandle<DropProbe>>,
    abort: AbortHandle,
    life: Arc<Life>,
    out: Arc<Life>,
}

impl<'a> Real<'a> {
    fn spawn(
        runtime: &'a Runtime,
        manner: Manner,
        from_elsewhere: bool,
    ) -> Real<'a> {
        let (life, out, tray) = (Life::here(), Life::here(), Tray::default());
        let subject = Subject {
            manner,
            tray: Arc::clone(&tray),
            life: Arc::clone(&life),
            out: Arc::clone(&out),
            _probe: DropProbe::new(&life),
        };
        let handle = match from_elsewhere {
            false => runtime.spawn(subject),
            true => {
                let handle = runtime.handle().clone();
                let spawn = move || handle.spawn(subject);
                let task = thread::scope(|scope| scope.spawn(spawn).join());
                // The last turn is used up, so this looks outside first: it brings the
                // task home, behind the main future, and does not poll it.
                runtime.block_on(async {});
                task.expect("spawning does not panic")
            }
        };
        let wakers = Vec::new();
        Real {
            runtime,
            wakers,
            tray,
            abort: handle.abort_handle(),
            handle: Some(handle),
            life,
            out,
        }
    }

    fn step(&mut self, op: Op) {
        match op {
            Op::Clone => self.wakers.push(self.wakers[0].clone()),
            Op::Wake => self.wakers.remove(0).wake(),
            Op::WakeByRef => self.wakers[0].wake_by_ref(),
            Op::DropWaker => drop(self.wakers.pop()),
            Op::Turn => {
                self.runtime.block_on(async {});
                self.wakers.extend(take(&self.tray));
            }
            Op::Abort => self.abort.abort(),
            Op::DropHandle => drop(self.handle.take()),
        }
    }

    fn compare(&self, model: &Model) {
        let future_drops = usize::from(model.end.is_some());
        let lived = (self.life.polls(), self.life.drops(), self.life.elsewhere());
        assert_eq!(
            lived,
            (model.polls, future_drops, 0),
            "polls, drops, elsewhere"
        );
        let out = (self.out.drops(), self.out.elsewhere());
        assert_eq!(
            out,
            (model.output_drops(), 0),
            "the output's drops, elsewhere"
        );
        assert_eq!(self.wakers.len(), model.wakers);
        assert_eq!(self.abort.is_finished(), model.end.is_some(), "is_finished");
    }

    /// Ends the task and its handle; what is left are wakers of a task that is gone.
    fn finish(mut self, model: &mut Model) -> Vec<Waker> {
        for op in [Op::Abort, Op::Turn] {
            self.step(op);
            model.step(op);
            self.compare(model);
        }
        if let Some(handle) = self.handle.take() {
            let result = self.runtime.block_on(handle);
            let end = match &result {
                Ok(_) => End::Ready,
                Err(error) if error.is_panic() => End::Panicked,
                Err(_) => End::Cancelled,
            };
            assert_eq!(Some(end), model.end, "what the handle gave");
        }
        self.wakers
    }
}

/// Plays one sequence. Gives the wakers that outlive it, to be woken into the next one.
fn play(
    runtime: &Runtime,
    manner: Manner,
    from_elsewhere: bool,
    sequence: &[Op],
    stale: Vec<Waker>,
) -> Vec<Waker> {
    let mut model = Model::new(manner);
    let mut real = Real::spawn(runtime, manner, from_elsewhere);
    // The next tenant of their slot must not notice them.
    stale.into_iter().for_each(Waker::wake);
    for op in sequence {
        real.step(*op);
        model.step(*op);
        real.compare(&model);
    }
    real.finish(&mut model)
}

/// All sequences of `left` more operations that the model allows, each played whole.
fn every(
    model: Model,
    left: usize,
    sequence: &mut Vec<Op>,
    play: &mut impl FnMut(&[Op]),
) {
    if left == 0 {
        return play(sequence);
    }
    for op in OPS.into_iter().filter(|op| model.allows(*op)) {
        let mut next = model;
        next.step(op);
        sequence.push(op);
        every(next, left - 1, sequence, play);
        sequence.pop();
    }
}

fn check(manner: Manner, length: usize, from_elsewhere: bool, at_least: usize) {
    watched(move || {
        let runtime = Builder::new_current_thread().event_interval(1).build();
        let runtime = runtime.expect("it needs nothing");
        runtime.block_on(async {});
        let mut played = 0;
        let mut stale = Vec::new();
        every(
            Model::new(manner),
            length,
            &mut Vec::new(),
            &mut |sequence| {
                played += 1;
                let told = PrintOnPanic(manner, sequence);
                let before = std::mem::take(&mut stale);
                stale = play(&runtime, manner, from_elsewhere, sequence, before);
                std::mem::forget(told);
            },
        );
        println!("{played} sequences of {manner:?}");
        assert!(
            played >= at_least,
            "only {played} sequences: the model is too narrow"
        );
    });
}

/// Says which sequence it was, if one fails.
struct PrintOnPanic<'a>(Manner, &'a [Op]);

impl Drop for PrintOnPanic<'_> {
    fn drop(&mut self) {
        println!("{:?}: {:?}", self.0, self.1);
    }
}

#[test]
fn a4_every_life_of_a_task_that_never_ends() {
    let manner = Manner {
        ends_in_poll: usize::MAX,
        panics: false,
        wakes_itself: false,
    };
    check(manner, LENGTH, false, 5_000);
}

#[test]
fn a4_every_life_of_a_task_that_ends_in_its_second_poll() {
    let manner = Manner {
        ends_in_poll: 2,
        panics: false,
        wakes_itself: false,
    };
    check(manner, LENGTH, false, 5_000);
}

#[test]
fn a4_every_life_of_a_task_that_ends_in_its_first_poll_and_wakes_itself_there() {
    let manner = Manner {
        ends_in_poll: 1,
        panics: false,
        wakes_itself: true,
    };
    check(manner, LENGTH, false, 5_000);
}

#[test]
fn a4_every_life_of_a_task_that_wakes_itself_and_panics_in_its_second_poll() {
    let manner = Manner {
        ends_in_poll: 2,
        panics: true,
        wakes_itself: true,
    };
    // Its panics are part of the play.
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if info.payload().downcast_ref() != Some(&"the subject panics") {
            hook(info);
        }
    }));
    check(manner, LENGTH, false, 5_000);
}

#[test]
fn a4_every_life_of_a_task_in_a_seat() {
    let manner = Manner {
        ends_in_poll: 2,
        panics: false,
        wakes_itself: false,
    };
    check(manner, LENGTH - 2, true, 100);
}
