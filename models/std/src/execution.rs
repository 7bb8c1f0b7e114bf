//! A scene, and its executions: one for each order of events.
//!
//! Statics outlive an execution, and loom's objects must not. So what is made when it is
//! first used is made anew in each execution.

use std::fmt;
use std::mem::ManuallyDrop;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use loom::model::Builder;

/// As many atomics as a scene may have.
const WORDS: usize = 64;

/// An atomic. loom asks that its making comes before each use, in the order of its memory
/// model, and the first use in a scene may come on any thread; so they are made before
/// the first thread is. They are never dropped, for that would be a use as well.
pub(crate) type Word = ManuallyDrop<loom::sync::atomic::AtomicU64>;

/// The number of the execution under way.
static NUMBER: AtomicU64 = AtomicU64::new(0);
/// Atomics of this execution that nothing has asked for yet.
static UNUSED: Mutex<Vec<Word>> = Mutex::new(Vec::new());
/// Held by the model under way: Kettle's statics are there once.
static ALONE: Mutex<()> = Mutex::new(());

/// Runs `scene` in every order of its events.
pub fn model(scene: impl Fn() + Sync + Send + 'static) {
    explore(Builder::new(), scene);
}

/// Runs `scene` in every order in which at most `preemptions` times a thread that could
/// go on is stopped. Most known races need two.
pub fn model_within(preemptions: usize, scene: impl Fn() + Sync + Send + 'static) {
    let mut builder = Builder::new();
    builder.preemption_bound = Some(preemptions);
    explore(builder, scene);
}

fn explore(builder: Builder, scene: impl Fn() + Sync + Send + 'static) {
    let _alone = lock(&ALONE);
    let before = NUMBER.load(Ordering::Relaxed);
    builder.check(move || {
        NUMBER.fetch_add(1, Ordering::Relaxed);
        let word = || ManuallyDrop::new(loom::sync::atomic::AtomicU64::new(0));
        *lock(&UNUSED) = (0..WORDS).map(|_| word()).collect();
        scene();
    });
    println!("{} executions", NUMBER.load(Ordering::Relaxed) - before);
}

/// An atomic that is 0.
pub(crate) fn new_word() -> Word {
    lock(&UNUSED)
        .pop()
        .expect("WORDS is as many atomics as a scene may have")
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Something that each execution has one of, made when it is first used.
pub(crate) struct PerExecution<T> {
    made: Mutex<Option<(u64, Arc<T>)>>,
}

impl<T> PerExecution<T> {
    pub(crate) const fn new() -> Self {
        let made = Mutex::new(None);
        PerExecution { made }
    }

    pub(crate) fn get(&self, make: impl FnOnce() -> T) -> Arc<T> {
        let now = NUMBER.load(Ordering::Relaxed);
        let mut made = lock(&self.made);
        if let Some((number, it)) = &*made
            && *number == now
        {
            return Arc::clone(it);
        }
        let it = Arc::new(make());
        *made = Some((now, Arc::clone(&it)));
        it
    }
}

impl<T> fmt::Debug for PerExecution<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PerExecution")
    }
}
