//! Starting tasks: on the runtime that is current, or on one that is named.
//!
//! # Layer
//! 4: uses tasks, bodies, addresses and seats.

use std::marker::PhantomData;
use std::panic::Location;
use std::pin::Pin;

use super::address::Address;
use super::body::{Life, Local, MOST_SPARE, Shared};
use super::id::draw_one;
use super::local_set::Group;
use super::seat::{Promise, Seat};
use super::slot::BoxedBody;
use super::{Body, HOMES, Id, JoinHandle, Tasks, quietly};
use crate::waker::{Homes, Key, Order, RuntimeId, current, inbox_of};

/// Starts `future` as a task of the current runtime.
///
/// The task runs on the runtime's thread, at its next turn; it is not polled inside of
/// `spawn`. It asks for `Send`, as tokio's does, so that a program can move to a runtime
/// of many threads; [`spawn_local`] does not. Where the runtime is current by
/// [`Handle::enter`](crate::runtime::Handle::enter) on another thread than its own, the
/// future travels there.
///
/// Once the runtime's end has begun, `future` is dropped and the handle says cancelled.
///
/// # Panics
/// Where no runtime is current, and at 268 million tasks alive.
///
/// ```
/// # let runtime = kettle::runtime::Builder::new_current_thread().build()?;
/// # runtime.block_on(async {
/// let whistle = kettle::spawn(async { "it boils" });
/// assert_eq!(whistle.await.unwrap(), "it boils");
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
// Inlined, as all on the way to the slot: the handle is then built where the caller keeps
// it. Returned through memory, its six words are copied in pairs right after they were
// written one by one, and waiting for that is a quarter of a spawn and await.
#[inline(always)]
#[track_caller]
pub fn spawn<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    spawn_on(current_for("spawn"), future)
}

/// Starts `future`, which need not be `Send`, as a task of the current runtime.
///
/// It needs no `LocalSet` as in tokio: a Kettle runtime stays on one thread anyway. Inside
/// of a [`LocalSet`](super::LocalSet) the task is one of the set's.
///
/// # Panics
/// Where no runtime is current, or the one that is belongs to another thread.
///
/// ```
/// use std::rc::Rc;
///
/// # let runtime = kettle::runtime::Builder::new_current_thread().build()?;
/// # runtime.block_on(async {
/// let cup = Rc::new("tea");
/// let mine = cup.clone();
/// let drink = kettle::task::spawn_local(async move { mine.len() });
/// assert_eq!(drink.await.unwrap(), 3);
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
#[inline(always)]
#[track_caller]
pub fn spawn_local<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + 'static,
    F::Output: 'static,
{
    match Group::current() {
        Some(group) => group.spawn(future),
        None => spawn_local_on(current_for("spawn_local"), future),
    }
}

/// The current runtime, for the function `what`.
///
/// # Panics
/// Where there is none.
#[track_caller]
pub(crate) fn current_for(what: &str) -> RuntimeId {
    current().unwrap_or_else(|| {
        panic!(
            "kettle::task::{what} was called where no Kettle runtime is current; call \
             it inside block_on or #[kettle::main], or enter a runtime's Handle first"
        )
    })
}

/// Starts `future` as a task of `runtime`, from any thread.
#[inline(always)]
#[track_caller]
pub(crate) fn spawn_on<F>(runtime: RuntimeId, future: F) -> JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let start = starter::<F, Shared>();
    match start(runtime, future, Location::caller()) {
        Ok((id, key)) => JoinHandle::new(Address::slot(runtime, id, key), false),
        Err(body) if is_home(runtime) => *refuse(runtime, body),
        Err(body) => *send(runtime, body),
    }
}

/// Where a future has got to: into a slot, or, elsewhere than at home and once the
/// runtime's end has begun, no further than into its body.
type Started<F, R> = Result<(Id, Key), Pin<Box<Life<F, R>>>>;

/// What starts a future where its runtime is at home.
type Starter<F, R> = fn(RuntimeId, F, &'static Location<'static>) -> Started<F, R>;

/// The starter for a future of this size.
// A function is picked, and not called here, because without optimisation each call that
// a future is handed to has room for it on the stack.
#[inline]
fn starter<F: Future, R>() -> Starter<F, R>
where
    Life<F, R>: Body + 'static,
{
    match size_of::<Life<F, R>>() {
        ..=MOST_SPARE => start_small,
        _ => start_large,
    }
}

/// A small future moves into the empty body that lies in its slot, if one does.
#[inline(always)]
fn start_small<F: Future, R>(
    runtime: RuntimeId,
    future: F,
    at: &'static Location<'static>,
) -> Started<F, R>
where
    Life<F, R>: Body + 'static,
{
    let mut life = Some(Life::new(future));
    let start = |tasks: &Tasks| tasks.start(&mut life, at);
    let started = HOMES.with(|homes| homes.with(runtime, start)).flatten();
    started.ok_or_else(|| boxed(&mut life))
}

/// A large future goes to the heap at once, so that it is not moved about.
fn start_large<F: Future, R>(
    runtime: RuntimeId,
    future: F,
    at: &'static Location<'static>,
) -> Started<F, R>
where
    Life<F, R>: Body + 'static,
{
    let reach = PhantomData;
    let mut body = Some(Box::pin(Life::Running { future, reach }));
    let start = |tasks: &Tasks| tasks.start_boxed(&mut body, at);
    let started = HOMES.with(|homes| homes.with(runtime, start)).flatten();
    started.ok_or_else(|| body.expect("only who starts it takes it"))
}

#[cold]
fn boxed<L>(life: &mut Option<L>) -> Pin<Box<L>> {
    Box::pin(life.take().expect("only who starts it takes it"))
}

#[cold]
fn is_home(runtime: RuntimeId) -> bool {
    HOMES.with(|homes| homes.is_home(runtime))
}

/// Starts `future` as a task of `runtime`, at home.
///
/// # Panics
/// Elsewhere.
#[inline(always)]
#[track_caller]
pub(crate) fn spawn_local_on<F>(
    runtime: RuntimeId,
    future: F,
) -> JoinHandle<F::Output>
where
    F: Future + 'static,
    F::Output: 'static,
{
    let start = starter::<F, Local>();
    match start(runtime, future, Location::caller()) {
        Ok((id, key)) => JoinHandle::new(Address::slot(runtime, id, key), true),
        Err(body) if is_home(runtime) => *refuse(runtime, body),
        Err(_) => panic!(
            "spawn_local was called on another thread than the current runtime's; a \
             future that is not Send cannot travel there, so use spawn, or call it at \
             home"
        ),
    }
}

/// The end has begun: drops the future, and the seat's promise with it, so that the
/// handle says cancelled.
// In a box, as from `send`: a handle that is written in one place only is built where it
// will stay, and not copied there.
#[cold]
fn refuse<T>(runtime: RuntimeId, body: BoxedBody) -> Box<JoinHandle<T>> {
    let id = draw_one();
    cancel(id, body);
    let seat = Seat::new(id, None);
    drop(Promise::new(&seat));
    Box::new(JoinHandle::seated(Address::seat(runtime, id, seat)))
}

/// Drops a body that has no slot.
pub(super) fn cancel(id: Id, mut body: BoxedBody) {
    Pin::as_mut(&mut body).cancel(id);
    quietly(|| drop(body));
}

/// Sends a future home. If there is none any more, it is dropped here.
#[cold]
#[track_caller]
fn send<F>(
    runtime: RuntimeId,
    body: Pin<Box<Life<F, Shared>>>,
) -> Box<JoinHandle<F::Output>>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let (id, at) = (draw_one(), Location::caller());
    let seat = Seat::new(id, None);
    let promise = Promise::new(&seat);
    let order: Order = Box::new(move || {
        if let Some(tasks) = HOMES.with(|homes| Homes::of(homes, runtime)) {
            arrive(&tasks, id, body, promise, at);
        }
    });
    let back = match inbox_of(runtime) {
        Some(inbox) => inbox.post(order),
        None => Err(order),
    };
    quietly(|| drop(back));
    Box::new(JoinHandle::seated(Address::seat(runtime, id, seat)))
}

/// A future has arrived at home.
fn arrive(
    tasks: &Tasks,
    id: Id,
    body: BoxedBody,
    promise: Promise,
    at: &'static Location<'static>,
) {
    let seat = promise.seat().clone();
    match tasks.start_seated(id, body, promise, at) {
        Ok(key) if seat.moved_in(tasks.place(key)) => tasks.abort(key, id),
        Ok(_) => {}
        Err((body, promise)) => {
            cancel(id, body);
            quietly(|| drop(promise));
        }
    }
}
