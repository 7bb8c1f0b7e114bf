//! The body of a task: its future until it ends, its output from then on.
//!
//! Both take turns in one allocation, and the allocation is the only one a task costs. When
//! the output is fetched from the slot, the empty body stays there, and the next task moves
//! in if it is of the same kind: it costs none.
//! The slot sees the body as a trait object, because a slab holds futures of all types.
//!
//! # Layer
//! 4: uses ids and errors.

use std::any::Any;
use std::marker::PhantomData;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::join_error::Payload;
use super::slot::BoxedBody;
use super::{Id, JoinError, quietly};
use crate::trace::{self, Event};

/// A body that can leave its thread, if its output can; see [`Body::take_away`].
pub(crate) type Parcel = Result<Box<dyn Any + Send>, JoinError>;

/// What a slot holds of a task. A panic of the future's never gets out of here.
pub(crate) trait Body {
    /// Polls the future. When it is `Ready`, the future has been dropped in place and
    /// the output, or the panic, is kept.
    fn poll(self: Pin<&mut Self>, id: Id, cx: &mut Context<'_>) -> Poll<()>;

    /// Reads a word of it, for nothing but to have it near when it is polled.
    fn look_at(&self) -> bool;

    /// Drops the future where it is. The output is "cancelled", or the panic of the
    /// future's own drop.
    fn cancel(self: Pin<&mut Self>, id: Id);

    /// Moves the output to `into`, an `Option<Result<T, JoinError>>` of the body's own
    /// output type `T`, which is `None`. The body is empty then.
    fn take(self: Pin<&mut Self>, into: &mut dyn Any);

    /// Takes the content of `life`, an `Option` of the body's own type, if it is one: a
    /// body that is empty is furnished for another task.
    fn furnish(self: Pin<&mut Self>, life: &mut dyn Any);

    /// The output, boxed for a journey to another thread; `None` if it is not there, or
    /// must not travel.
    fn take_away(self: Pin<&mut Self>) -> Option<Parcel>;
}

/// Whether outputs of a task may leave the thread: [`Shared`] or [`Local`].
pub(crate) trait Reach<T> {
    /// `output`, boxed for the journey.
    fn pack(output: T) -> Option<Box<dyn Any + Send>>;
}

/// The reach of `spawn`: its outputs are `Send`.
pub(crate) struct Shared;

/// The reach of `spawn_local`: its outputs stay.
pub(crate) struct Local;

impl<T: Send + 'static> Reach<T> for Shared {
    fn pack(output: T) -> Option<Box<dyn Any + Send>> {
        Some(Box::new(output))
    }
}

impl<T> Reach<T> for Local {
    fn pack(_: T) -> Option<Box<dyn Any + Send>> {
        None
    }
}

/// The most bytes of a body that is kept empty for another task. A larger future goes to
/// the heap at once, for it would have to be moved once more to get into an old body.
pub(super) const MOST_SPARE: usize = 1024;

/// Puts `life` into `body`: into the empty body there, if it is of the same kind, or as a
/// new one.
#[inline(always)]
pub(super) fn house<L: Body + 'static>(
    body: &mut Option<BoxedBody>,
    life: &mut Option<L>,
) {
    if let Some(spare) = body {
        spare.as_mut().furnish(life);
    }
    if let Some(life) = life.take() {
        *body = Some(Box::pin(life));
    }
}

pin_project_lite::pin_project! {
    /// The one implementation of [`Body`].
    #[project = LifeProjection]
    pub(crate) enum Life<F: Future, R> {
        Running { #[pin] future: F, reach: PhantomData<fn() -> R> },
        Done { output: Option<Result<F::Output, JoinError>> },
    }
}

impl<F: Future, R> Life<F, R> {
    /// The body of a new task.
    pub(crate) fn new(future: F) -> Self {
        let reach = PhantomData;
        Life::Running { future, reach }
    }

    /// Polls the future, and puts its output in its place when it is ready.
    #[inline]
    fn turn(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if let LifeProjection::Running { future, .. } = self.as_mut().project() {
            let output = Some(Ok(ready!(future.poll(cx))));
            // This drops the future, and writes the output even if that panics.
            self.set(Life::Done { output });
        }
        Poll::Ready(())
    }

    /// The future has panicked: in its poll, or as it was dropped, whatever it returned
    /// before; only then is there an output, which nobody gets any more.
    #[cold]
    fn panicked(mut self: Pin<&mut Self>, id: Id, payload: Payload) {
        match *self {
            Life::Running { .. } => {
                trace::emit(|_| Event::Panic { task: id.traced() });
                self.end(id, JoinError::panic(id, payload));
            }
            Life::Done { .. } => {
                let output = Some(Err(JoinError::panic(id, payload)));
                quietly(|| self.set(Life::Done { output }));
            }
        }
    }

    /// Drops the future, and puts `error` in its place, or what the drop panics with.
    #[cold]
    fn end(mut self: Pin<&mut Self>, id: Id, error: JoinError) {
        let output = Some(Err(error));
        let swap = || self.as_mut().set(Life::Done { output });
        if let Err(payload) = catch_unwind(AssertUnwindSafe(swap)) {
            self.panicked(id, payload);
        }
    }

    fn take_output(self: Pin<&mut Self>) -> Option<Result<F::Output, JoinError>> {
        match self.project() {
            LifeProjection::Done { output } => output.take(),
            LifeProjection::Running { .. } => None,
        }
    }
}

impl<F, R> Body for Life<F, R>
where
    F: Future + 'static,
    F::Output: 'static,
    R: Reach<F::Output> + 'static,
{
    fn poll(mut self: Pin<&mut Self>, id: Id, cx: &mut Context<'_>) -> Poll<()> {
        let turn = || self.as_mut().turn(cx);
        match catch_unwind(AssertUnwindSafe(turn)) {
            Ok(polled) => polled,
            Err(payload) => {
                self.panicked(id, payload);
                Poll::Ready(())
            }
        }
    }

    fn look_at(&self) -> bool {
        matches!(self, Life::Running { .. })
    }

    fn cancel(self: Pin<&mut Self>, id: Id) {
        if matches!(*self, Life::Running { .. }) {
            trace::emit(|_| Event::Cancel { task: id.traced() });
            self.end(id, JoinError::cancelled(id));
        }
    }

    fn take(self: Pin<&mut Self>, into: &mut dyn Any) {
        if let Some(into) =
            into.downcast_mut::<Option<Result<F::Output, JoinError>>>()
        {
            // There is nothing to be dropped there, and so there need be no code for it.
            debug_assert!(into.is_none(), "nothing has been fetched yet");
            mem::forget(mem::replace(into, self.take_output()));
        }
    }

    fn furnish(mut self: Pin<&mut Self>, life: &mut dyn Any) {
        if let Some(life) = life.downcast_mut::<Option<Self>>()
            && let Some(life) = life.take()
        {
            self.set(life);
        }
    }

    fn take_away(self: Pin<&mut Self>) -> Option<Parcel> {
        match self.take_output()? {
            Ok(output) => R::pack(output).map(Ok),
            Err(error) => Some(Err(error)),
        }
    }
}
