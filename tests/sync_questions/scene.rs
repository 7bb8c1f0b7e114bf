//! What the questions are asked of: for each primitive, a way to wait, a way to make who
//! waits ready, and a way to touch it from a waker.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{self, Arc};
use std::task::{Context, Poll, Waker};

use kettle::sync::{
    Barrier, CancellationToken, Mutex, Notify, OnceCell, RwLock, Semaphore,
    broadcast, mpsc, oneshot, watch,
};

use crate::common::count::poll;

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

    /// Whether `enable` is the last of those who wait for each other.
    pub(crate) fn is_barrier(&self) -> bool {
        self.name == "Barrier::wait"
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
        semaphore_many(),
        semaphore_closed(),
        mutex(),
        read(),
        write(),
        notified(),
        notified_all(),
        oneshot_receiver(),
        oneshot_sender_gone(),
        oneshot_closed(),
        mpsc_send(),
        mpsc_reserve(),
        mpsc_reserve_many(),
        mpsc_recv(),
        mpsc_recv_many(),
        mpsc_recv_end(),
        mpsc_closed(),
        unbounded_recv(),
        unbounded_recv_many(),
        unbounded_closed(),
        barrier(),
        once_cell(),
        broadcast_recv(),
        broadcast_end(),
        broadcast_closed(),
        watch_changed(),
        watch_wait_for(),
        watch_end(),
        watch_closed(),
        cancelled(),
        cancelled_owned(),
        cancelled_child(),
        run_until_cancelled(),
    ]
}

/// Something that comes and goes, in reach of all parts of a scene.
struct Slot<T>(Arc<sync::Mutex<Option<T>>>);

impl<T> Slot<T> {
    fn new(value: T) -> Slot<T> {
        Slot(Arc::new(sync::Mutex::new(Some(value))))
    }

    fn put(&self, value: T) {
        let before = self.0.lock().unwrap().replace(value);
        drop(before);
    }

    fn take(&self) -> Option<T> {
        self.0.lock().unwrap().take()
    }

    fn get(&self) -> T
    where
        T: Clone,
    {
        let value = self.0.lock().unwrap().clone();
        value.expect("it is there")
    }
}

impl<T> Clone for Slot<T> {
    fn clone(&self) -> Slot<T> {
        Slot(self.0.clone())
    }
}

/// A receiver on loan: it goes back into its slot when it is dropped.
struct Loan<T> {
    slot: Slot<T>,
    value: Option<T>,
}

impl<T> Loan<T> {
    fn of(slot: &Slot<T>) -> Loan<T> {
        Loan {
            slot: slot.clone(),
            value: slot.take(),
        }
    }

    fn get(&mut self) -> &mut T {
        self.value.as_mut().expect("one loan at a time")
    }
}

impl<T> Drop for Loan<T> {
    fn drop(&mut self) {
        self.slot.put(self.value.take().expect("it was lent"));
    }
}

fn semaphore() -> Scene {
    let semaphore = Arc::new(Semaphore::new(0));
    let [a, b, c, d] = [(); 4].map(|()| semaphore.clone());
    let wait = move || {
        let semaphore = a.clone();
        async move { semaphore.acquire().await.expect("it is open").forget() }
    };
    let touch = move || drop(c.try_acquire_many(0));
    Scene::new("Semaphore::acquire", wait, move || b.add_permits(1), touch)
        .reset_by(move || assert!(d.forget_permits(9) < 2))
}

fn semaphore_many() -> Scene {
    let semaphore = Arc::new(Semaphore::new(1));
    let [a, b, c, d] = [(); 4].map(|()| semaphore.clone());
    let wait = move || {
        let acquire = a.clone().acquire_many_owned(3);
        async move { acquire.await.expect("it is open").forget() }
    };
    let touch = move || assert!(c.available_permits() < 4);
    Scene::new("acquire_many_owned", wait, move || b.add_permits(2), touch)
        .reset_by(move || {
            d.forget_permits(9);
            d.add_permits(1);
        })
}

fn semaphore_closed() -> Scene {
    let slot = Slot::new(Arc::new(Semaphore::new(0)));
    let [a, b, c, d] = [(); 4].map(|()| slot.clone());
    let wait = move || a.get().acquire_owned();
    let enable = move || b.get().close();
    let touch = move || drop(c.get().try_acquire());
    Scene::new("Semaphore, closed", wait, enable, touch)
        .reset_by(move || d.put(Arc::new(Semaphore::new(0))))
        .for_all()
}

fn mutex() -> Scene {
    let mutex = Arc::new(Mutex::new(()));
    let held = Slot::new(mutex.clone().try_lock_owned().expect("it is new"));
    let [a, b, c] = [(); 3].map(|()| mutex.clone());
    let wait = move || a.clone().lock_owned();
    let enabled = held.clone();
    let enable = move || drop(enabled.take());
    let touch = move || drop(b.try_lock());
    Scene::new("Mutex::lock_owned", wait, enable, touch).reset_by(move || {
        match c.clone().try_lock_owned() {
            Ok(guard) => held.put(guard),
            Err(_) => assert!(held.take().map(|guard| held.put(guard)).is_some()),
        }
    })
}

fn read() -> Scene {
    let lock = Arc::new(RwLock::new(()));
    let held = Slot::new(lock.clone().try_write_owned().expect("it is new"));
    let [a, b, c] = [(); 3].map(|()| lock.clone());
    let wait = move || a.clone().read_owned();
    let enabled = held.clone();
    let enable = move || drop(enabled.take());
    let touch = move || drop(b.try_read());
    Scene::new("RwLock::read_owned", wait, enable, touch)
        .reset_by(move || match c.clone().try_write_owned() {
            Ok(guard) => held.put(guard),
            Err(_) => assert!(held.take().map(|guard| held.put(guard)).is_some()),
        })
        .for_all()
}

fn write() -> Scene {
    let lock = Arc::new(RwLock::new(()));
    let held = Slot::new(lock.clone().try_read_owned().expect("it is new"));
    let [a, b, c] = [(); 3].map(|()| lock.clone());
    let wait = move || a.clone().write_owned();
    let enabled = held.clone();
    let enable = move || drop(enabled.take());
    let touch = move || drop(b.try_write());
    Scene::new("RwLock::write_owned", wait, enable, touch)
        .reset_by(move || held.put(c.clone().try_read_owned().expect("no writer")))
}

fn notified() -> Scene {
    let notify = Arc::new(Notify::new());
    let [a, b, c, d] = [(); 4].map(|()| notify.clone());
    let wait = move || {
        let notify = a.clone();
        async move { notify.notified().await }
    };
    let touch = move || assert!(!format!("{c:?}").is_empty());
    Scene::new("Notify, one", wait, move || b.notify_one(), touch)
        // A stored permit is used up, if there is one.
        .reset_by(move || {
            let _stored = poll(Box::pin(d.notified()).as_mut());
        })
}

fn notified_all() -> Scene {
    let notify = Arc::new(Notify::new());
    let [a, b, c] = [(); 3].map(|()| notify.clone());
    let wait = move || {
        let notify = a.clone();
        async move { notify.notified().await }
    };
    let touch = move || assert!(!format!("{c:?}").is_empty());
    Scene::new("Notify, all", wait, move || b.notify_waiters(), touch).for_all()
}

fn oneshot_receiver() -> Scene {
    let slot = Slot::new(oneshot::channel::<()>().0);
    let [a, b, c] = [(); 3].map(|()| slot.clone());
    let wait = move || {
        let (sender, receiver) = oneshot::channel();
        a.put(sender);
        receiver
    };
    let enable = move || {
        let _sent = b.take().expect("it waits").send(());
    };
    let touch = move || {
        if let Some(sender) = c.take() {
            c.put(sender);
        }
    };
    Scene::new("oneshot::Receiver", wait, enable, touch)
}

fn oneshot_sender_gone() -> Scene {
    let slot = Slot::new(oneshot::channel::<()>().0);
    let [a, b, c] = [(); 3].map(|()| slot.clone());
    let wait = move || {
        let (sender, receiver) = oneshot::channel();
        a.put(sender);
        receiver
    };
    let enable = move || drop(b.take().expect("it waits"));
    let touch = move || {
        let sender = c.take();
        let closed = sender.as_ref().is_some_and(oneshot::Sender::is_closed);
        if let (Some(sender), false) = (sender, closed) {
            c.put(sender);
        }
    };
    Scene::new("oneshot::Receiver, sender gone", wait, enable, touch)
}

fn oneshot_closed() -> Scene {
    let slot = Slot::new(oneshot::channel::<()>().1);
    let [a, b, c] = [(); 3].map(|()| slot.clone());
    let wait = move || {
        let (mut sender, receiver) = oneshot::channel();
        a.put(receiver);
        async move { sender.closed().await }
    };
    let enable = move || drop(b.take().expect("it waits"));
    let touch = move || {
        if let Some(mut receiver) = c.take() {
            drop(receiver.try_recv());
            c.put(receiver);
        }
    };
    Scene::new("oneshot::Sender::closed", wait, enable, touch)
}

/// A full channel, and how to wait for a slot of it.
fn full<F: Future + 'static>(
    name: &'static str,
    wait: fn(mpsc::Sender<u8>) -> F,
) -> Scene {
    let (sender, receiver) = mpsc::channel(1);
    sender.try_send(0).expect("there is a slot");
    let [a, b, c] = [(); 3].map(|()| sender.clone());
    let receiver = Slot::new(receiver);
    let enable = move || {
        let taken = Loan::of(&receiver).get().try_recv();
        assert!(taken.is_ok(), "it is full");
    };
    let touch = move || drop(b.try_reserve());
    Scene::new(name, move || wait(a.clone()), enable, touch).reset_by(move || {
        // It may be full still.
        let _sent = c.try_send(0);
    })
}

fn mpsc_send() -> Scene {
    full("mpsc::Sender::send", |sender| async move {
        sender.send(1).await
    })
}

fn mpsc_reserve() -> Scene {
    full("mpsc::Sender::reserve_owned", mpsc::Sender::reserve_owned)
}

fn mpsc_reserve_many() -> Scene {
    full("mpsc::Sender::reserve_many", |sender| async move {
        let permits = sender.reserve_many(1).await.expect("it is open");
        assert_eq!(permits.len(), 1);
    })
}

/// An empty channel, and how to wait for a message of it.
fn empty<F: Future + 'static>(
    name: &'static str,
    wait: fn(Loan<mpsc::Receiver<u8>>) -> F,
) -> Scene {
    let (sender, receiver) = mpsc::channel(3);
    let slot = Slot::new(receiver);
    let [a, b] = [(); 2].map(|()| slot.clone());
    let touched = sender.clone();
    Scene::new(
        name,
        move || wait(Loan::of(&a)),
        move || sender.try_send(1).expect("there is a slot"),
        move || assert_eq!(touched.max_capacity(), 3),
    )
    .reset_by(move || while Loan::of(&b).get().try_recv().is_ok() {})
}

fn mpsc_recv() -> Scene {
    empty("mpsc::Receiver::recv", |mut receiver| async move {
        assert_eq!(receiver.get().recv().await, Some(1));
    })
}

fn mpsc_recv_many() -> Scene {
    empty("mpsc::Receiver::recv_many", |mut receiver| async move {
        let mut buffer = vec![0];
        assert_eq!(receiver.get().recv_many(&mut buffer, 9).await, 1);
        assert_eq!(buffer, [0, 1]);
    })
}

fn mpsc_recv_end() -> Scene {
    let (first, _) = mpsc::channel::<u8>(1);
    let slot = Slot::new(first);
    let [a, b, c] = [(); 3].map(|()| slot.clone());
    let wait = move || {
        let (sender, mut receiver) = mpsc::channel::<u8>(1);
        a.put(sender);
        async move { assert_eq!(receiver.recv().await, None) }
    };
    let enable = move || drop(b.take());
    let touch = move || {
        if let Some(sender) = c.take() {
            assert!(sender.capacity() < 2);
            c.put(sender);
        }
    };
    Scene::new("mpsc::Receiver::recv, end", wait, enable, touch)
}

fn mpsc_closed() -> Scene {
    let (sender, receiver) = mpsc::channel::<u8>(1);
    let (senders, receivers) = (Slot::new(sender), Slot::new(receiver));
    let [a, b, c] = [(); 3].map(|()| senders.clone());
    let enabled = receivers.clone();
    let wait = move || {
        let sender = a.get();
        async move { sender.closed().await }
    };
    let touch = move || assert!(b.get().capacity() < 2);
    Scene::new(
        "mpsc::Sender::closed",
        wait,
        move || drop(enabled.take()),
        touch,
    )
    .reset_by(move || {
        let (sender, receiver) = mpsc::channel(1);
        c.put(sender);
        receivers.put(receiver);
    })
    .for_all()
}

fn unbounded<F: Future + 'static>(
    name: &'static str,
    wait: fn(Loan<mpsc::UnboundedReceiver<u8>>) -> F,
) -> Scene {
    let (sender, receiver) = mpsc::unbounded_channel();
    let slot = Slot::new(receiver);
    let [a, b] = [(); 2].map(|()| slot.clone());
    let touched = sender.clone();
    Scene::new(
        name,
        move || wait(Loan::of(&a)),
        move || sender.send(1).expect("it is open"),
        move || assert!(!touched.is_closed()),
    )
    .reset_by(move || while Loan::of(&b).get().try_recv().is_ok() {})
}

fn unbounded_recv() -> Scene {
    unbounded("mpsc::UnboundedReceiver::recv", |mut receiver| async move {
        assert_eq!(receiver.get().recv().await, Some(1));
    })
}

fn unbounded_recv_many() -> Scene {
    unbounded("UnboundedReceiver::recv_many", |mut receiver| async move {
        let mut buffer = vec![0];
        assert_eq!(receiver.get().recv_many(&mut buffer, 9).await, 1);
        assert_eq!(buffer, [0, 1]);
    })
}

fn unbounded_closed() -> Scene {
    let (sender, receiver) = mpsc::unbounded_channel::<u8>();
    let (senders, receivers) = (Slot::new(sender), Slot::new(receiver));
    let [a, b, c] = [(); 3].map(|()| senders.clone());
    let enabled = receivers.clone();
    let wait = move || {
        let sender = a.get();
        async move { sender.closed().await }
    };
    let touch = move || {
        let _closed = b.get().is_closed();
    };
    Scene::new(
        "UnboundedSender::closed",
        wait,
        move || drop(enabled.take()),
        touch,
    )
    .reset_by(move || {
        let (sender, receiver) = mpsc::unbounded_channel();
        c.put(sender);
        receivers.put(receiver);
    })
    .for_all()
}

fn barrier() -> Scene {
    // Two pass together: one waits, and `enable` is the other.
    let barrier = Arc::new(Barrier::new(2));
    let [a, b, c] = [(); 3].map(|()| barrier.clone());
    let wait = move || {
        let barrier = a.clone();
        async move { assert!(!barrier.wait().await.is_leader()) }
    };
    let enable = move || {
        let last = Box::pin(b.wait()).as_mut().poll(&mut noop());
        assert!(matches!(last, Poll::Ready(result) if result.is_leader()));
    };
    let touch = move || {
        // To come and to go takes the lock twice.
        let came = Barrier::wait(&c);
        drop(came);
    };
    Scene::new("Barrier::wait", wait, enable, touch)
}

fn once_cell() -> Scene {
    /// A cell that somebody is about to fill.
    type Making = (Arc<OnceCell<u8>>, Boxed, oneshot::Sender<u8>);
    fn making() -> Making {
        let cell = Arc::new(OnceCell::new());
        let (sender, value) = oneshot::channel();
        let filled = cell.clone();
        let mut future: Boxed = Box::pin(async move {
            let made = filled.get_or_init(|| async { value.await.unwrap() });
            assert_eq!(*made.await, 7);
        });
        assert!(poll(future.as_mut()).is_pending());
        (cell, future, sender)
    }
    let (cell, future, sender) = making();
    let cells = Slot::new(cell);
    let parts = std::rc::Rc::new(std::cell::RefCell::new(Some((future, sender))));
    let [a, b, c] = [(); 3].map(|()| cells.clone());
    let enabled = parts.clone();
    let wait = move || {
        let cell = a.get();
        async move { assert_eq!(*cell.get_or_init(async || 9).await, 7) }
    };
    let enable = move || {
        let (mut future, sender) = enabled.borrow_mut().take().expect("it is made");
        sender.send(7).expect("it is awaited");
        assert!(poll(future.as_mut()).is_ready());
    };
    let touch = move || drop(b.get().set(1));
    Scene::new("OnceCell::get_or_init", wait, enable, touch)
        .reset_by(move || {
            let (cell, future, sender) = making();
            c.put(cell);
            *parts.borrow_mut() = Some((future, sender));
        })
        .for_all()
}

fn broadcast_recv() -> Scene {
    let (sender, receiver) = broadcast::channel(4);
    // Each receives on its own, so that they can wait together.
    let [a, b, c] = [(); 3].map(|()| sender.clone());
    let wait = move || {
        let mut receiver = a.subscribe();
        async move { assert_eq!(receiver.recv().await, Ok(7)) }
    };
    let enable = move || assert!(b.send(7).is_ok());
    let touch = move || assert!(c.len() < 2);
    let kept = Slot::new(receiver);
    Scene::new("broadcast::Receiver::recv", wait, enable, touch)
        .reset_by(move || drop(Loan::of(&kept).get().try_recv()))
        .for_all()
}

fn broadcast_end() -> Scene {
    let (sender, _) = broadcast::channel::<u8>(4);
    let slot = Slot::new(sender);
    let [a, b, c, d] = [(); 4].map(|()| slot.clone());
    let wait = move || {
        let sender = a.take().expect("it is there");
        let mut receiver = sender.subscribe();
        a.put(sender);
        async move {
            let end = receiver.recv().await;
            assert_eq!(end, Err(broadcast::error::RecvError::Closed));
        }
    };
    let enable = move || drop(b.take());
    let touch = move || {
        if let Some(sender) = c.take() {
            assert!(sender.is_empty());
            c.put(sender);
        }
    };
    Scene::new("broadcast::Receiver::recv, end", wait, enable, touch)
        .reset_by(move || d.put(broadcast::channel(4).0))
        .for_all()
}

fn broadcast_closed() -> Scene {
    let (sender, receiver) = broadcast::channel::<u8>(4);
    let receivers = Slot::new(receiver);
    let [a, b, c] = [(); 3].map(|()| sender.clone());
    let enabled = receivers.clone();
    let wait = move || {
        let sender = a.clone();
        async move { sender.closed().await }
    };
    let touch = move || assert!(b.receiver_count() < 2);
    let enable = move || drop(enabled.take());
    Scene::new("broadcast::Sender::closed", wait, enable, touch)
        .reset_by(move || receivers.put(c.subscribe()))
        .for_all()
}

fn watch_changed() -> Scene {
    let (sender, _) = watch::channel(0);
    let [a, b, c] = [(); 3].map(|()| sender.clone());
    let wait = move || {
        let mut receiver = a.subscribe();
        async move { receiver.changed().await.expect("the sender is there") }
    };
    let enable = move || b.send_modify(|value| *value += 1);
    let touch = move || assert!(c.receiver_count() < 9);
    Scene::new("watch::Receiver::changed", wait, enable, touch).for_all()
}

fn watch_wait_for() -> Scene {
    let (sender, _) = watch::channel(0);
    let [a, b, c] = [(); 3].map(|()| sender.clone());
    let wait = move || {
        let mut receiver = a.subscribe();
        let now = *receiver.borrow();
        async move {
            let value = receiver.wait_for(|value| *value > now).await;
            assert!(*value.expect("the sender is there") > now);
        }
    };
    let enable = move || b.send_modify(|value| *value += 1);
    let touch = move || assert!(c.receiver_count() < 9);
    Scene::new("watch::Receiver::wait_for", wait, enable, touch).for_all()
}

fn watch_end() -> Scene {
    let slot = Slot::new(watch::channel(0).0);
    let [a, b, c, d] = [(); 4].map(|()| slot.clone());
    let wait = move || {
        let sender = a.take().expect("it is there");
        let mut receiver = sender.subscribe();
        a.put(sender);
        async move { assert!(receiver.changed().await.is_err()) }
    };
    let enable = move || drop(b.take());
    let touch = move || {
        if let Some(sender) = c.take() {
            assert_eq!(*sender.borrow(), 0);
            c.put(sender);
        }
    };
    Scene::new("watch::Receiver::changed, end", wait, enable, touch)
        .reset_by(move || d.put(watch::channel(0).0))
        .for_all()
}

fn watch_closed() -> Scene {
    let (sender, receiver) = watch::channel(0);
    let receivers = Slot::new(receiver);
    let [a, b, c] = [(); 3].map(|()| sender.clone());
    let enabled = receivers.clone();
    let wait = move || {
        let sender = a.clone();
        async move { sender.closed().await }
    };
    let touch = move || assert!(b.receiver_count() < 2);
    let enable = move || drop(enabled.take());
    Scene::new("watch::Sender::closed", wait, enable, touch)
        .reset_by(move || receivers.put(c.subscribe()))
        .for_all()
}

/// A token that is made anew by a reset, and how to wait for it.
fn token<F: Future + 'static>(
    name: &'static str,
    wait: fn(CancellationToken) -> F,
) -> Scene {
    let slot = Slot::new(CancellationToken::new());
    let [a, b, c, d] = [(); 4].map(|()| slot.clone());
    let wait = move || wait(a.get());
    let touch = move || drop(c.get().child_token());
    Scene::new(name, wait, move || b.get().cancel(), touch)
        .reset_by(move || d.put(CancellationToken::new()))
        .for_all()
}

fn cancelled() -> Scene {
    token("CancellationToken::cancelled", |token| async move {
        token.cancelled().await;
    })
}

fn cancelled_owned() -> Scene {
    token("cancelled_owned", CancellationToken::cancelled_owned)
}

fn cancelled_child() -> Scene {
    token("cancelled, by a grandparent", |token| {
        // The link between goes at once.
        let grandchild = token.child_token().child_token();
        async move {
            let _parent = token;
            grandchild.cancelled().await;
        }
    })
}

fn run_until_cancelled() -> Scene {
    token("run_until_cancelled", |token| async move {
        let never = std::future::pending::<u8>();
        assert_eq!(token.run_until_cancelled(never).await, None);
    })
}

/// A context whose waker does nothing.
fn noop() -> Context<'static> {
    Context::from_waker(Waker::noop())
}

/// Something that is ready each time, for a loop.
type Turn = Box<dyn Fn() -> Boxed>;

fn turn<F: Future + 'static>(turn: impl Fn() -> F + 'static) -> Turn {
    Box::new(move || {
        let future = turn();
        Box::pin(async move {
            future.await;
        })
    })
}

/// A loop for each primitive in which each await is ready at once.
pub(crate) fn loops() -> Vec<(&'static str, Turn)> {
    let semaphore = Arc::new(Semaphore::new(1));
    let mutex = Arc::new(Mutex::new(()));
    let lock = Arc::new(RwLock::new(()));
    let (reading, notify) = (lock.clone(), Arc::new(Notify::new()));
    let (sender, receiver) = mpsc::channel(1);
    let receiver = Slot::new(receiver);
    let (casting, hearing) = broadcast::channel(2);
    let hearing = Slot::new(hearing);
    let (changing, watching) = watch::channel(0);
    let watching = Slot::new(watching);
    let (barrier, token) = (Arc::new(Barrier::new(1)), CancellationToken::new());
    token.cancel();
    let (unbounded, unbounded_receiver) = mpsc::unbounded_channel();
    let unbounded_receiver = Slot::new(unbounded_receiver);
    vec![
        ("semaphore", turn(move || semaphore.clone().acquire_owned())),
        ("mutex", turn(move || mutex.clone().lock_owned())),
        ("write", turn(move || lock.clone().write_owned())),
        ("read", turn(move || reading.clone().read_owned())),
        (
            "notify",
            turn(move || {
                let notify = notify.clone();
                async move {
                    notify.notify_one();
                    notify.notified().await;
                }
            }),
        ),
        (
            "oneshot",
            turn(|| {
                let (sender, receiver) = oneshot::channel();
                sender.send(()).expect("the receiver is there");
                receiver
            }),
        ),
        (
            "mpsc",
            turn(move || {
                let (sender, mut receiver) = (sender.clone(), Loan::of(&receiver));
                async move {
                    sender.send(()).await.expect("the receiver is there");
                    receiver.get().try_recv().expect("it was sent");
                }
            }),
        ),
        (
            "unbounded mpsc",
            turn(move || {
                let mut receiver = Loan::of(&unbounded_receiver);
                let sender = unbounded.clone();
                async move {
                    sender.send(()).expect("the receiver is there");
                    receiver.get().recv().await.expect("it was sent");
                }
            }),
        ),
        (
            "broadcast",
            turn(move || {
                let mut hearing = Loan::of(&hearing);
                let casting = casting.clone();
                async move {
                    casting.send(()).expect("the receiver is there");
                    hearing.get().recv().await.expect("it was sent");
                }
            }),
        ),
        (
            "watch",
            turn(move || {
                let mut watching = Loan::of(&watching);
                let changing = changing.clone();
                async move {
                    changing.send_replace(1);
                    watching.get().changed().await.expect("it was changed");
                }
            }),
        ),
        (
            "barrier",
            turn(move || {
                let barrier = barrier.clone();
                async move { barrier.wait().await }
            }),
        ),
        ("token", turn(move || token.clone().cancelled_owned())),
    ]
}
