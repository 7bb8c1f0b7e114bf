//! The primitives at their limits: as many permits as there can be, sizes around powers
//! of two, a hundred thousand waiters, and the mistake of waiting for oneself.

mod common;

use std::cell::RefCell;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Poll, Wake, Waker};

use kettle::sync::{Notify, RwLock, Semaphore, TryAcquireError, broadcast, mpsc};

use common::count::{Count, poll, poll_with};
use common::hostile::{Happening, hostile};

const MOST: usize = Semaphore::MAX_PERMITS;

/// What a panic said.
fn said(run: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(run)).expect_err("it panics");
    match payload.downcast::<String>() {
        Ok(text) => *text,
        Err(payload) => (*payload.downcast::<&str>().expect("words")).to_owned(),
    }
}

#[test]
fn c6_permits_never_wrap() {
    let semaphore = Semaphore::new(MOST);
    assert_eq!(semaphore.available_permits(), MOST);
    assert!(said(|| semaphore.add_permits(1)).contains("MAX_PERMITS"));
    assert!(said(|| semaphore.add_permits(usize::MAX)).contains("MAX_PERMITS"));
    assert_eq!(
        semaphore.available_permits(),
        MOST,
        "a refusal changes nothing"
    );
    let many = semaphore
        .try_acquire_many(u32::MAX)
        .expect("there are more");
    assert_eq!(semaphore.available_permits(), MOST - u32::MAX as usize);
    drop(many);
    assert_eq!(semaphore.available_permits(), MOST);
    // A permit that comes back where no more fit is lost, and nothing wraps.
    let permit = semaphore.try_acquire().expect("there are more");
    semaphore.add_permits(1);
    drop(permit);
    assert_eq!(semaphore.available_permits(), MOST);
    assert!(said(|| drop(Semaphore::new(MOST + 1))).contains("MAX_PERMITS"));
    assert_eq!(semaphore.forget_permits(usize::MAX), MOST);
    assert_eq!(semaphore.available_permits(), 0);
    assert_eq!(
        semaphore.try_acquire().err(),
        Some(TryAcquireError::NoPermits)
    );
}

#[test]
fn c6_a_channel_has_as_many_slots_as_was_said() {
    assert!(said(|| drop(mpsc::channel::<u8>(0))).contains("at least one slot"));
    assert!(said(|| drop(mpsc::channel::<u8>(MOST + 1))).contains("MAX_PERMITS"));
    let (sender, receiver) = mpsc::channel::<u8>(MOST);
    assert_eq!((sender.capacity(), receiver.max_capacity()), (MOST, MOST));
    let lock = RwLock::with_max_readers((), 2);
    let (_one, _two) = (lock.try_read().unwrap(), lock.try_read().unwrap());
    assert!(lock.try_read().is_err(), "the third reader");
    assert!(
        said(|| drop(RwLock::with_max_readers((), u32::MAX))).contains("readers")
    );
}

#[test]
fn c10_a_queue_knows_its_length_around_every_power_of_two() {
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let (bounded, mut slots) = mpsc::channel(130);
    let mut model = VecDeque::new();
    // Up to a length, and halfway down again, with every length up to 130 met.
    for top in 0..130 {
        while model.len() < top {
            model.push_back(top);
            sender.send(top).unwrap();
            bounded.try_send(top).unwrap();
            assert_eq!((receiver.len(), slots.len()), (model.len(), model.len()));
        }
        while model.len() > top / 2 {
            let expected = model.pop_front();
            assert_eq!(receiver.try_recv().ok(), expected);
            assert_eq!(slots.try_recv().ok(), expected);
            assert_eq!((receiver.len(), slots.len()), (model.len(), model.len()));
            assert_eq!(receiver.is_empty(), model.is_empty());
            assert_eq!(slots.is_empty(), model.is_empty());
        }
    }
}

#[test]
fn c9_recv_many_takes_any_buffer_and_any_limit() {
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let (bounded, mut slots) = mpsc::channel(8);
    for limit in [0, 1, 2, 3, usize::MAX] {
        for message in 0..3 {
            sender.send(message).unwrap();
            bounded.try_send(message).unwrap();
        }
        for room in [0, 5] {
            let mut buffer = Vec::with_capacity(room);
            buffer.push(9);
            let polled =
                poll(Box::pin(receiver.recv_many(&mut buffer, limit)).as_mut());
            assert!(
                matches!(polled, Poll::Ready(n) if n == buffer.len() - 1)
                    || limit > 1
            );
            let mut other = vec![9];
            let also = poll(Box::pin(slots.recv_many(&mut other, limit)).as_mut());
            assert_eq!((polled, &buffer), (also, &other));
        }
        while receiver.try_recv().is_ok() && slots.try_recv().is_ok() {}
    }
    drop((sender, bounded));
    let mut buffer = vec![9];
    assert_eq!(
        poll(Box::pin(receiver.recv_many(&mut buffer, 3)).as_mut()),
        Poll::Ready(0)
    );
    assert_eq!(
        poll(Box::pin(slots.recv_many(&mut buffer, 3)).as_mut()),
        Poll::Ready(0)
    );
    assert_eq!(buffer, [9], "the end leaves the buffer alone");
}

/// c21 is no bug but a mistake that looks like one, and the docs of `Semaphore` speak of
/// it: who was granted a permit and does not look keeps it from everybody, itself too.
#[test]
fn c21_a_permit_granted_to_a_future_that_is_not_polled_is_not_free() {
    let semaphore = Semaphore::new(0);
    let mut first = Box::pin(semaphore.acquire());
    assert!(poll(first.as_mut()).is_pending());
    semaphore.add_permits(1);
    assert_eq!(semaphore.available_permits(), 0, "it is the first one's");
    let mut second = Box::pin(semaphore.acquire());
    assert!(poll(second.as_mut()).is_pending(), "the apparent deadlock");
    drop(first);
    assert!(poll(second.as_mut()).is_ready(), "the way out");
}

/// How often a waker was cloned, woken and dropped.
#[derive(Default)]
struct Tally([AtomicUsize; 3]);

impl Tally {
    fn count(&self) -> [usize; 3] {
        [0, 1, 2].map(|index| self.0[index].load(Ordering::Relaxed))
    }
}

/// Lets `n` futures of `make` wait, calls `enable`, and polls them to their end. Gives
/// what was done to their waker.
fn herd<'a, T, F: Future<Output = T> + 'a>(
    n: usize,
    make: impl Fn() -> F,
    enable: impl FnOnce(usize),
) -> [usize; 3] {
    let tally = Arc::new(Tally::default());
    let told = tally.clone();
    let waker = hostile(move |happens| {
        let index = match happens {
            Happening::Clone => 0,
            Happening::Wake => 1,
            Happening::Drop => 2,
        };
        told.0[index].fetch_add(1, Ordering::Relaxed);
    });
    let mut futures: VecDeque<Pin<Box<F>>> =
        (0..n).map(|_| Box::pin(make())).collect();
    for future in &mut futures {
        assert!(poll_with(future.as_mut(), &waker).is_pending());
    }
    enable(n);
    // Every third gives up at the last moment; the others look.
    for (number, mut future) in futures.into_iter().enumerate() {
        if number % 3 != 0 {
            assert!(poll_with(future.as_mut(), &waker).is_ready());
        }
    }
    let counts = tally.count();
    drop(waker);
    counts
}

/// CPU time of this thread in nanoseconds, where the system tells it.
fn cpu_time() -> Option<u64> {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    stat.split_ascii_whitespace().next()?.parse().ok()
}

/// What a herd costs: CPU time, the least of a few runs.
fn cost(n: usize, run: &dyn Fn(usize)) -> Option<u64> {
    let cost = |_| {
        let before = cpu_time()?;
        run(n);
        Some(cpu_time()? - before)
    };
    (0..3).map(cost).min().flatten()
}

#[test]
fn b10_a_hundred_thousand_waiters_cost_as_much_as_ten_times_ten_thousand() {
    let notify = |n| {
        let notify = Notify::new();
        let counts = herd(n, || notify.notified(), |_| notify.notify_waiters());
        // A clone and a wake for each that waits; to look needs no clone.
        assert_eq!(counts, [n, n, 0], "clones, wakes, drops");
    };
    let semaphore = |n| {
        let semaphore = Semaphore::new(0);
        let acquire = || async { semaphore.acquire().await.map(|it| it.forget()) };
        let counts = herd(n, acquire, |n| semaphore.add_permits(n));
        assert_eq!(counts, [n, n, 0], "clones, wakes, drops");
        assert_eq!(semaphore.available_permits(), n.div_ceil(3));
    };
    let cancelled = |n| {
        let semaphore = Semaphore::new(0);
        let (count, waker) = Count::new();
        let mut futures: Vec<_> =
            (0..n).map(|_| Box::pin(semaphore.acquire())).collect();
        for future in &mut futures {
            assert!(poll_with(future.as_mut(), &waker).is_pending());
        }
        // From the middle outwards, so that neither end of the queue is favoured.
        while !futures.is_empty() {
            drop(futures.swap_remove(futures.len() / 2));
        }
        assert_eq!(count.others(), 0);
    };
    let scenes: [&dyn Fn(usize); 3] = [&notify, &semaphore, &cancelled];
    for (number, scene) in scenes.into_iter().enumerate() {
        // Warm up, then compare the costs per waiter.
        scene(10_000);
        let (Some(few), Some(many)) = (cost(20_000, scene), cost(100_000, scene))
        else {
            eprintln!(
                "SKIPPED: this system does not tell the CPU time of a thread"
            );
            return;
        };
        // Linear is 5; a walk over all waiters for each would be 25.
        assert!(many < 12 * few, "scene {number}: {few} ns, then {many} ns");
    }
}

#[test]
fn b11_receivers_that_listen_on_and_on_cost_as_much_for_each_as_if_they_were_few() {
    let listening = |n| {
        let (bell, _) = broadcast::channel(4);
        let (count, waker) = Count::new();
        let listen = || {
            let mut ear = bell.subscribe();
            Box::pin(async move { while ear.recv().await.is_ok() {} })
        };
        let mut ears: Vec<_> = (0..n).map(|_| listen()).collect();
        for ear in &mut ears {
            assert!(poll_with(ear.as_mut(), &waker).is_pending());
        }
        for stroke in 1..=3 {
            assert_eq!(bell.send(stroke).ok(), Some(n));
            assert_eq!(count.wakes(), stroke * n, "each stroke wakes each once");
            for ear in &mut ears {
                assert!(poll_with(ear.as_mut(), &waker).is_pending());
            }
        }
    };
    listening(10_000);
    let (Some(few), Some(many)) =
        (cost(20_000, &listening), cost(100_000, &listening))
    else {
        eprintln!("SKIPPED: this system does not tell the CPU time of a thread");
        return;
    };
    // Linear is 5; a walk over all receivers for each would be 25.
    assert!(many < 12 * few, "{few} ns, then {many} ns");
}

type Loop = Pin<Box<dyn Future<Output = ()>>>;

thread_local! {
    /// Receivers that each receive for ever; `None` while one is polled.
    static LOOPS: RefCell<Vec<Option<Loop>>> = const { RefCell::new(Vec::new()) };
}

/// Polls a loop on the spot when it is woken, so that it waits again before the wake is
/// over.
struct AtOnce {
    number: usize,
    wakes: Arc<AtomicUsize>,
}

impl Wake for AtOnce {
    fn wake(self: Arc<AtOnce>) {
        self.wakes.fetch_add(1, Ordering::Relaxed);
        let number = self.number;
        let taken = LOOPS.with_borrow_mut(|loops| loops[number].take());
        let mut it = taken.expect("nothing wakes it while it is polled");
        assert!(poll_with(it.as_mut(), &Waker::from(self)).is_pending());
        LOOPS.with_borrow_mut(|loops| loops[number] = Some(it));
    }
}

#[test]
fn b11_receivers_that_wait_again_at_once_are_woken_once_for_each_value() {
    const RECEIVERS: usize = 1_000;
    let wakes = Arc::new(AtomicUsize::new(0));
    let (sender, _) = broadcast::channel(4);
    for number in 0..RECEIVERS {
        let mut receiver = sender.subscribe();
        let mut it: Loop =
            Box::pin(async move { while receiver.recv().await == Ok(7) {} });
        let wakes = Arc::clone(&wakes);
        let waker = Waker::from(Arc::new(AtOnce { number, wakes }));
        assert!(poll_with(it.as_mut(), &waker).is_pending());
        LOOPS.with_borrow_mut(|loops| loops.push(Some(it)));
    }
    for values in 1..=10 {
        sender.send(7).expect("somebody listens");
        assert_eq!(wakes.load(Ordering::Relaxed), values * RECEIVERS);
    }
    LOOPS.take().clear();
}
