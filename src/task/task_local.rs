//! Values that belong to a task as a thread-local belongs to a thread.
//!
//! Every function that a task calls can read them, and none has to pass them on: the id
//! of a request, for logging. A thread-local would not do, since all tasks share the
//! thread.
//!
//! # How it works
//! The value lies in the future that [`LocalKey::scope`] makes. At each poll it changes
//! places with what is in a thread-local, and back again afterwards; scopes inside of
//! scopes do the same, one level in.
//!
//! # Invariants
//! 1. Outside of polls and drops of the scope, the thread-local holds what it held before.
//!
//! # Layer
//! 4: uses nothing of Kettle.

use std::cell::RefCell;
use std::error::Error;
use std::fmt;
use std::marker::PhantomPinned;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::thread;

/// Declares task-locals: statics of the type [`LocalKey`].
///
/// ```
/// kettle::task_local! {
///     /// Who is served.
///     static GUEST: &'static str;
///     pub static CUPS: u32;
/// }
///
/// # let runtime = kettle::runtime::Builder::new_current_thread().build()?;
/// # runtime.block_on(async {
/// let served = GUEST.scope("Ada", async { format!("tea for {}", GUEST.get()) });
/// assert_eq!(served.await, "tea for Ada");
/// assert!(CUPS.try_with(|cups| *cups).is_err());
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
#[macro_export]
macro_rules! task_local {
    () => {};
    ($(#[$attribute:meta])* $vis:vis static $name:ident: $type:ty; $($rest:tt)*) => {
        $crate::task_local! { $(#[$attribute])* $vis static $name: $type }
        $crate::task_local! { $($rest)* }
    };
    ($(#[$attribute:meta])* $vis:vis static $name:ident: $type:ty) => {
        $(#[$attribute])*
        $vis static $name: $crate::task::LocalKey<$type> = {
            ::std::thread_local! {
                static PLACE: ::std::cell::RefCell<
                    ::std::option::Option<$type>,
                > = const { ::std::cell::RefCell::new(::std::option::Option::None) };
            }
            $crate::task::LocalKey::new(PLACE)
        };
    };
}

/// A task-local, made by [`task_local!`](crate::task_local!).
///
/// It has a value inside of a [`scope`](LocalKey::scope), and none elsewhere. Tasks that
/// are spawned inside of a scope are outside of it.
pub struct LocalKey<T: 'static> {
    place: thread::LocalKey<RefCell<Option<T>>>,
}

impl<T: 'static> LocalKey<T> {
    /// For the macro.
    #[doc(hidden)]
    pub const fn new(place: thread::LocalKey<RefCell<Option<T>>>) -> LocalKey<T> {
        LocalKey { place }
    }

    /// Runs `future` with `value` in this task-local.
    ///
    /// The value is there while `future` is polled and while it is dropped.
    ///
    /// # Panics
    /// The future panics if it is polled inside of [`with`](LocalKey::with) of the same
    /// task-local.
    ///
    /// ```
    /// kettle::task_local! { static CUPS: u32; }
    ///
    /// # let runtime = kettle::runtime::Builder::new_current_thread().build()?;
    /// # runtime.block_on(async {
    /// let sum = CUPS.scope(1, async {
    ///     let inner = CUPS.scope(2, async { CUPS.get() }).await;
    ///     CUPS.get() + inner
    /// });
    /// assert_eq!(sum.await, 3);
    /// # });
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn scope<F: Future>(
        &'static self,
        value: T,
        future: F,
    ) -> TaskLocalFuture<T, F> {
        TaskLocalFuture {
            key: self,
            value: Some(value),
            future: Some(future),
            pinned: PhantomPinned,
        }
    }

    /// Calls `act` with `value` in this task-local.
    ///
    /// # Panics
    /// Inside of [`with`](LocalKey::with) of the same task-local.
    #[track_caller]
    pub fn sync_scope<R>(&'static self, value: T, act: impl FnOnce() -> R) -> R {
        let mut value = Some(value);
        let scope = self.enter(&mut value);
        let output = scope.map(|_scope| act());
        output.unwrap_or_else(|error| error.panic())
    }

    /// Calls `act` with the value.
    ///
    /// # Panics
    /// Outside of a scope.
    #[track_caller]
    pub fn with<R>(&'static self, act: impl FnOnce(&T) -> R) -> R {
        self.try_with(act).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Calls `act` with the value.
    ///
    /// # Errors
    /// Outside of a scope.
    pub fn try_with<R>(
        &'static self,
        act: impl FnOnce(&T) -> R,
    ) -> Result<R, AccessError> {
        let act = |place: &RefCell<Option<T>>| place.borrow().as_ref().map(act);
        let found = self.place.try_with(act);
        found.ok().flatten().ok_or(AccessError(()))
    }

    /// A copy of the value.
    ///
    /// # Panics
    /// Outside of a scope.
    #[track_caller]
    pub fn get(&'static self) -> T
    where
        T: Clone,
    {
        self.with(T::clone)
    }

    /// A copy of the value.
    ///
    /// # Errors
    /// Outside of a scope.
    pub fn try_get(&'static self) -> Result<T, AccessError>
    where
        T: Clone,
    {
        self.try_with(T::clone)
    }

    /// Lets `value` and the thread-local change places until the scope is dropped.
    fn enter<'a>(
        &'static self,
        value: &'a mut Option<T>,
    ) -> Result<Scope<'a, T>, NoEntry> {
        self.swap(value)?;
        Ok(Scope { key: self, value })
    }

    fn swap(&'static self, value: &mut Option<T>) -> Result<(), NoEntry> {
        let swap = |place: &RefCell<Option<T>>| {
            let mut inside =
                place.try_borrow_mut().map_err(|_| NoEntry::Borrowed)?;
            mem::swap(&mut *inside, value);
            Ok(())
        };
        self.place.try_with(swap).unwrap_or(Err(NoEntry::Destroyed))
    }
}

impl<T> fmt::Debug for LocalKey<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalKey").finish_non_exhaustive()
    }
}

/// Why a scope cannot be entered.
enum NoEntry {
    /// Somebody is looking at the value.
    Borrowed,
    /// The thread is past its thread-locals.
    Destroyed,
}

impl NoEntry {
    #[track_caller]
    fn panic(self) -> ! {
        match self {
            NoEntry::Borrowed => panic!(
                "a scope of a task-local was entered inside of with() of the same \
                 task-local; take a copy with get() first"
            ),
            NoEntry::Destroyed => panic!(
                "a scope of a task-local was entered while the thread's locals were \
                 being destroyed; end the task before its thread"
            ),
        }
    }
}

/// While it lives, the value is in the thread-local.
struct Scope<'a, T: 'static> {
    key: &'static LocalKey<T>,
    value: &'a mut Option<T>,
}

impl<T> Drop for Scope<'_, T> {
    fn drop(&mut self) {
        // It was entered, so the place is there, and who looks has looked by now.
        let _ended = self.key.swap(self.value);
    }
}

pin_project_lite::pin_project! {
    /// The future of [`LocalKey::scope`].
    #[must_use = "a future does nothing until it is polled"]
    pub struct TaskLocalFuture<T: 'static, F> {
        key: &'static LocalKey<T>,
        value: Option<T>,
        #[pin] future: Option<F>,
        // Never `Unpin`, as tokio's is not.
        #[pin] pinned: PhantomPinned,
    }

    impl<T: 'static, F> PinnedDrop for TaskLocalFuture<T, F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if this.future.is_some() {
                // Where the scope cannot be entered, the future is dropped without it.
                let _scope = this.key.enter(this.value).ok();
                this.future.set(None);
            }
        }
    }
}

impl<T: 'static, F> TaskLocalFuture<T, F> {
    /// Takes the value out; the future runs on without it.
    pub fn take_value(self: Pin<&mut Self>) -> Option<T> {
        self.project().value.take()
    }
}

impl<T: 'static, F: Future> Future for TaskLocalFuture<T, F> {
    type Output = F::Output;

    #[track_caller]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let mut this = self.project();
        let scope = this.key.enter(this.value);
        let _scope = scope.unwrap_or_else(|error| error.panic());
        let Some(future) = this.future.as_mut().as_pin_mut() else {
            panic!("a TaskLocalFuture was polled again after it was ready");
        };
        let polled = future.poll(cx);
        if polled.is_ready() {
            this.future.set(None);
        }
        polled
    }
}

impl<T, F> fmt::Debug for TaskLocalFuture<T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskLocalFuture").finish_non_exhaustive()
    }
}

/// A task-local was read where no scope of it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct AccessError(());

impl fmt::Display for AccessError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "a task-local was read outside of its scope; run the future, or a task that \
             it spawns, inside of scope()",
        )
    }
}

impl fmt::Debug for AccessError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessError").finish_non_exhaustive()
    }
}

impl Error for AccessError {}
