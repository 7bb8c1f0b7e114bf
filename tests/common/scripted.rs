//! A future that does what a list says, one step a poll.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use super::life::{DropProbe, Life};

/// What one poll does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// Is `Pending`, and keeps nothing.
    Pend,
    /// Wakes itself, then is `Pending`.
    WakeSelf,
    /// Puts its waker on the tray, then is `Pending`.
    HandOut,
    /// Panics with `"poll"`.
    Panic,
}

/// Where wakers are handed out.
pub(crate) type Tray = Arc<Mutex<Vec<Waker>>>;

/// Takes all wakers from the tray.
pub(crate) fn take(tray: &Tray) -> Vec<Waker> {
    std::mem::take(&mut tray.lock().expect("no panic under the lock"))
}

/// The future: the steps, one a poll, and then `output`.
pub(crate) struct Scripted<T> {
    steps: VecDeque<Step>,
    tray: Tray,
    output: Option<T>,
    life: Arc<Life>,
    probe: DropProbe,
}

impl<T> Unpin for Scripted<T> {}

impl<T> Scripted<T> {
    /// A future that reports to `life`.
    pub(crate) fn new(
        life: &Arc<Life>,
        steps: impl IntoIterator<Item = Step>,
        output: T,
    ) -> Scripted<T> {
        Scripted {
            steps: steps.into_iter().collect(),
            tray: Tray::default(),
            output: Some(output),
            life: Arc::clone(life),
            probe: DropProbe::new(life),
        }
    }

    /// Where its wakers go.
    pub(crate) fn tray(&self) -> Tray {
        Arc::clone(&self.tray)
    }

    /// Sends its wakers to `tray`, and panics in its drop if `panics`.
    pub(crate) fn with(mut self, tray: &Tray, panics: bool) -> Scripted<T> {
        self.tray = Arc::clone(tray);
        self.probe.panics = panics;
        self
    }
}

impl<T> Future for Scripted<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        self.life.polled();
        match self.steps.pop_front() {
            None => {
                let output = self.output.take();
                return Poll::Ready(
                    output.expect("polled again after it was ready"),
                );
            }
            Some(Step::Pend) => {}
            Some(Step::WakeSelf) => cx.waker().wake_by_ref(),
            Some(Step::HandOut) => {
                let waker = cx.waker().clone();
                self.tray
                    .lock()
                    .expect("no panic under the lock")
                    .push(waker);
            }
            Some(Step::Panic) => panic!("poll"),
        }
        Poll::Pending
    }
}
