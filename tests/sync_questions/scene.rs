//! What the questions are asked of: for each primitive, a way to wait, a way to make who
//! waits ready, and a way to touch it from a waker.

use std::cell::RefCell;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use kettle::sync::{Mutex, Notify, RwLock, Semaphore, mpsc, oneshot};

type Boxed = Pin<Box<dyn Future<Output = ()>>>;

/// One way to wait.
pub(crate) struct Scene {
    name: &'static str,
    wait: Box<dyn Fn() -> Boxed>,
    enable: Box<dyn Fn()>,
    reset: Box<dyn Fn()>,
    touch: Arc<dyn Fn() + Send + Sync>,
    wakes_all: bool,
}

impl Scene {
    fn new<F: Future + 'static>(
        name: &'static str,
        wait: impl Fn() -> F + 'static,
        enable: impl Fn() + 'static,
        touch: impl Fn() + Send + Sync + 'static,
    ) -> Scene {
        Scene {
            name,
            wait: Box::new(move || {
                let future = wait();
                Box::pin(async move {
                    future.await;
                })
            }),
            enable: Box::new(enable),
            reset: Box::new(|| {}),
            touch: Arc::new(touch),
            wakes_all: false,
        }
    }

    /// It is not as it was after an `enable`, unless this is done.
    fn reset_by(mut self, reset: impl Fn() + 'static) -> Scene {
        self.reset = Box::new(reset);
        self
    }

    /// `enable` is for all who wait.
    fn for_all(mut self) -> Scene {
        self.wakes_all = true;
        self
    }

    /// A future that waits, if nothing was enabled before.
    pub(crate) fn wait(&self) -> Boxed {
        (self.wait)()
    }

    /// Makes it ready.
    pub(crate) fn enable(&self) {
        (self.enable)();
    }

    /// Makes the next future wait again.
    pub(crate) fn reset(&self) {
        (self.reset)();
    }

    /// Uses the primitive in a way that takes its lock.
    pub(crate) fn touch(&self) {
        (self.touch)();
    }

    /// The same, to go with a waker.
    pub(crate) fn touching(&self) -> Arc<dyn Fn() + Send + Sync> {
        self.touch.clone()
    }

    /// Whether `enable` is for all who wait.
    pub(crate) fn wakes_all(&self) -> bool {
        self.wakes_all
    }
}

impl fmt::Debug for Scene {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// All of them.
pub(crate) fn all() -> Vec<Scene> {
    vec![
        semaphore(),
        semaphore_closed(),
        mutex(),
        read(),
        write(),
        notified(),
        notified_all(),
        oneshot_receiver(),
        oneshot_closed(),
        mpsc_send(),
        mpsc_reserve(),
        mpsc_recv(),
        mpsc_recv_many(),
        mpsc_closed(),
        unbounded_recv(),
        unbounded_recv_many(),
    ]
}
