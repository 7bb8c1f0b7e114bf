//! The runtimes that this thread is home to.
//!
//! A wake, a join or a dropped timer must find its runtime, and on the runtime's own
//! thread it may do so without a lock. Each layer that keeps something per runtime (the
//! tasks, the timers, the reactor) has a list of its own, so that no layer sees another's
//! things and there is no bag that holds them all.
//!
//! # How it works
//! A thread is home to one runtime nearly always, so the list is searched from the
//! front. It has no destructor: a thread-local with one is unusable while the thread's
//! other thread-locals are dropped, and a waker or a whole runtime may be dropped there.
//! The list gives its memory back when the last entry leaves.
//!
//! # Layer
//! 3: uses [`RuntimeId`] only.

use std::cell::RefCell;
use std::fmt;
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::rc::Rc;
use std::thread::LocalKey;

use super::RuntimeId;

/// This thread's `T`s, one for each runtime at home here: a `thread_local!` holds it.
pub(crate) struct Homes<T> {
    list: ManuallyDrop<RefCell<List<T>>>,
}

type List<T> = Vec<(RuntimeId, Rc<T>)>;

impl<T> Homes<T> {
    /// No runtime is at home here.
    pub(crate) const fn new() -> Self {
        Homes {
            list: ManuallyDrop::new(RefCell::new(Vec::new())),
        }
    }

    /// What `runtime` keeps here, if this thread is its home.
    pub(crate) fn of(&self, runtime: RuntimeId) -> Option<Rc<T>> {
        let list = self.list.borrow();
        find(&list, |id| id == runtime).map(Rc::clone)
    }

    /// Whether this thread is the home of `runtime`.
    #[inline]
    pub(crate) fn is_home(&self, runtime: RuntimeId) -> bool {
        self.with(runtime, |_| ()).is_some()
    }

    /// What `act` makes of what `runtime` keeps here, if this thread is its home. `act`
    /// runs no foreign code, for the list is borrowed meanwhile.
    #[inline]
    pub(crate) fn with<R>(
        &self,
        runtime: RuntimeId,
        act: impl FnOnce(&T) -> R,
    ) -> Option<R> {
        let list = self.list.borrow();
        find(&list, |id| id == runtime).map(|it| act(it))
    }

    /// Does `act`, which runs no foreign code, for the runtime with this executor id;
    /// false if this thread is not its home.
    pub(crate) fn with_executor(
        &self,
        executor: u16,
        act: impl FnOnce(&T),
    ) -> bool {
        let list = self.list.borrow();
        let home = find(&list, |id| id.executor() == executor);
        home.map(|it| act(it)).is_some()
    }

    fn remove(&self, runtime: RuntimeId) -> Option<Rc<T>> {
        let mut list = self.list.borrow_mut();
        let at = list.iter().position(|(id, _)| *id == runtime)?;
        let (_, it) = list.remove(at);
        if list.is_empty() {
            *list = Vec::new();
        }
        Some(it)
    }
}

/// The entry that `is_it` picks. Nearly always it is the first, so that one is asked
/// outside of the loop.
#[inline]
fn find<T>(
    list: &[(RuntimeId, Rc<T>)],
    is_it: impl Fn(RuntimeId) -> bool,
) -> Option<&Rc<T>> {
    let (first, others) = list.split_first()?;
    if is_it(first.0) {
        return Some(&first.1);
    }
    let other = others.iter().find(|(id, _)| is_it(*id))?;
    Some(&other.1)
}

impl<T> fmt::Debug for Homes<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Homes").finish_non_exhaustive()
    }
}

/// While it lives, `runtime` is at home on this thread, as far as `place` is concerned.
pub(crate) struct AtHome<T: 'static> {
    place: &'static LocalKey<Homes<T>>,
    runtime: RuntimeId,
    here_only: PhantomData<*const ()>,
}

impl<T> AtHome<T> {
    /// Makes this thread the home of `runtime`'s `it`.
    pub(crate) fn new(
        place: &'static LocalKey<Homes<T>>,
        runtime: RuntimeId,
        it: Rc<T>,
    ) -> Self {
        place.with(|homes| homes.list.borrow_mut().push((runtime, it)));
        AtHome {
            place,
            runtime,
            here_only: PhantomData,
        }
    }
}

impl<T> Drop for AtHome<T> {
    fn drop(&mut self) {
        // The `Rc` is dropped after the borrow: what it holds may call back.
        drop(self.place.with(|homes| homes.remove(self.runtime)));
    }
}

impl<T> fmt::Debug for AtHome<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AtHome")
            .field("runtime", &self.runtime)
            .finish_non_exhaustive()
    }
}
