//! The inbox: what other threads want of a runtime, until it looks.
//!
//! A runtime's tasks, timers and sockets belong to its thread alone, so another thread
//! cannot touch them; it leaves word. There are two kinds: *keys* of tasks to wake, and
//! *orders*, closures that are run at home (abort this, cancel that, spawn this future).
//! The inbox knows nothing of what an order does.
//!
//! # How it works
//! Sleeping and posting must not miss each other: a runtime that looks, finds nothing
//! and then parks would sleep through what was posted in between.
//!
//! ```text
//!      home: fall_asleep            elsewhere: post, ring
//!      -----------------            ---------------------
//!      asleep = true                has_mail = true
//!      fence(SeqCst)                fence(SeqCst)
//!      has_mail? then do not park   asleep? then unpark
//! ```
//! Each side writes its flag before it reads the other's, and the fences forbid both
//! reads to come too early. So at least one of the two sees the other.
//!
//! # Invariants
//! 1. `has_mail` is written under the lock and true while the lists are not empty.
//! 2. A key stands in the list once. It is a whole key: one bit for each slot would let
//!    the wake of a task that is gone hide the wake of the one that lives.
//! 3. Once closed it stays closed, and takes nothing more.
//!
//! # Layer
//! 3: uses keys and `Unpark`.

use std::collections::HashSet;
use std::fmt;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release, SeqCst};
use std::sync::atomic::{AtomicBool, AtomicUsize, fence};
use std::sync::{Arc, Mutex, MutexGuard};

use super::census::{Census, Published};
use super::{Key, RuntimeId, Unpark};

/// What is to be done at home: run there once, unlocked, and dropped unrun where the
/// runtime is gone.
pub(crate) type Order = Box<dyn FnOnce() + Send>;

/// The way into a runtime from other threads.
pub(crate) struct Inbox {
    runtime: RuntimeId,
    unpark: Arc<dyn Unpark>,
    mail: Mutex<Mail>,
    /// Whether there is mail. Release in `ring`'s caller, under the lock; Acquire in
    /// `has_mail` makes nothing visible but the flag: the mail itself is under the lock.
    has_mail: AtomicBool,
    /// Whether home is asleep or about to be. Paired with `has_mail` by the `SeqCst`
    /// fences above: acquire and release alone let both sides read the old value.
    asleep: AtomicBool,
    /// How many pieces of work are under way outside. Release when one ends, Acquire
    /// when the count is read: what it has posted is seen by who no longer counts it.
    outside: AtomicUsize,
    /// What home tells of its tasks.
    census: Published,
}

/// What has been posted, in order of arrival.
#[derive(Default)]
pub(crate) struct Mail {
    /// Tasks to wake.
    pub(crate) keys: Vec<Key>,
    /// Orders to carry out.
    pub(crate) orders: Vec<Order>,
    posted: HashSet<Key>,
    closed: bool,
}

impl Inbox {
    /// An empty inbox of `runtime`, whose thread `unpark` wakes.
    pub(crate) fn new(runtime: RuntimeId, unpark: Arc<dyn Unpark>) -> Inbox {
        Inbox {
            runtime,
            unpark,
            mail: Mutex::default(),
            has_mail: AtomicBool::new(false),
            asleep: AtomicBool::new(false),
            outside: AtomicUsize::new(0),
            census: Published::default(),
        }
    }

    /// The runtime whose inbox this is.
    pub(crate) fn runtime(&self) -> RuntimeId {
        self.runtime
    }

    /// Leaves word that the task of `key` is to be woken. After closing there is no task
    /// to wake, so nothing is lost by doing nothing.
    pub(crate) fn wake(&self, key: Key) {
        let mut mail = self.lock();
        if mail.closed || !mail.posted.insert(key) {
            return;
        }
        mail.keys.push(key);
        self.ring(mail);
    }

    /// Leaves an order.
    ///
    /// # Errors
    /// After closing the order comes back.
    pub(crate) fn post(&self, order: Order) -> Result<(), Order> {
        let mut mail = self.lock();
        if mail.closed {
            return Err(order);
        }
        mail.orders.push(order);
        self.ring(mail);
        Ok(())
    }

    /// Whether there is something to take: one load, so that a turn can afford to ask.
    pub(crate) fn has_mail(&self) -> bool {
        self.has_mail.load(Acquire)
    }

    /// How much mail there is.
    pub(crate) fn len(&self) -> usize {
        let mail = self.lock();
        mail.keys.len() + mail.orders.len()
    }

    /// Lets other threads know how many tasks there are; only home does.
    pub(crate) fn publish(&self, census: Census) {
        self.census.show(census);
    }

    /// How many tasks there are, as home has last said.
    pub(crate) fn census(&self) -> Census {
        self.census.read()
    }

    /// Takes all that was posted.
    pub(crate) fn take(&self) -> Mail {
        let mut mail = self.lock();
        self.has_mail.store(false, Relaxed);
        let closed = mail.closed;
        let taken = std::mem::take(&mut *mail);
        mail.closed = closed;
        taken
    }

    /// Takes what was posted and lets nothing more in.
    pub(crate) fn close(&self) -> Mail {
        self.lock().closed = true;
        self.take()
    }

    /// Home is about to park. False if there is mail after all: then it must not.
    #[must_use]
    pub(crate) fn fall_asleep(&self) -> bool {
        self.asleep.store(true, Relaxed);
        // SeqCst: the store above must be seen before the load below is done, and
        // Release with Acquire orders no store before a later load.
        fence(SeqCst);
        let nothing = !self.has_mail();
        if !nothing {
            self.awake();
        }
        nothing
    }

    /// Home is no longer parked.
    pub(crate) fn awake(&self) {
        self.asleep.store(false, Relaxed);
    }

    /// A piece of work begins outside of the runtime.
    pub(super) fn outside_begins(&self) {
        self.outside.fetch_add(1, Relaxed);
    }

    /// A piece of work has ended, and has posted what it had to say.
    pub(super) fn outside_ends(&self) {
        if self.outside.fetch_sub(1, Release) == 1 {
            // A paused clock has waited for the last one, which may have said nothing.
            // SeqCst: the other half of the fence in `fall_asleep`, behind which home
            // reads the count.
            fence(SeqCst);
            self.unpark_if_asleep();
        }
    }

    /// How many pieces of work are under way outside.
    pub(crate) fn outside_work(&self) -> usize {
        self.outside.load(Acquire)
    }

    fn ring(&self, mail: MutexGuard<'_, Mail>) {
        self.has_mail.store(true, Release);
        drop(mail);
        // SeqCst: the other half of the fence in `fall_asleep`.
        fence(SeqCst);
        self.unpark_if_asleep();
    }

    fn unpark_if_asleep(&self) {
        // The swap lets one of many posters pay for the system call.
        if self.asleep.load(Relaxed) && self.asleep.swap(false, Relaxed) {
            self.unpark.unpark();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Mail> {
        self.mail
            .lock()
            .expect("nothing that can panic runs under the inbox's lock")
    }
}

impl fmt::Debug for Inbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inbox")
            .field("runtime", &self.runtime)
            .field("has_mail", &self.has_mail)
            .field("asleep", &self.asleep)
            .field("outside_work", &self.outside_work())
            .finish_non_exhaustive()
    }
}
