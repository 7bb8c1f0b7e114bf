//! The same questions to every future of the primitives: is it woken once, by its last
//! waker? Is its waker gone when it is? What do hostile wakers find? Who starves?
//!
//! Which one is to be next is a matter for the models in `sync_model.rs`.

mod common;
#[path = "sync_questions/scene.rs"]
mod scene;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Waker};

use kettle::sync::mpsc;

use common::cancel::{Scene as Cancel, cancel_everywhere};
use common::count::{Count, poll, poll_with};
use common::hostile::{HAPPENINGS, Happening, hostile};
use common::watchdog::watched;

#[test]
fn every_future_waits_is_woken_once_and_is_ready() {
    for scene in scene::all() {
        let (count, waker) = Count::new();
        let mut future = scene.wait();
        assert!(poll_with(future.as_mut(), &waker).is_pending(), "{scene:?}");
        assert!(poll_with(future.as_mut(), &waker).is_pending(), "{scene:?}");
        assert_eq!(count.wakes(), 0, "{scene:?}: woken for nothing");
        scene.enable();
        assert_eq!(count.wakes(), 1, "{scene:?}");
        assert!(poll_with(future.as_mut(), &waker).is_ready(), "{scene:?}");
        assert_eq!(count.wakes(), 1, "{scene:?}: woken again");
        drop(future);
        assert_eq!(count.others(), 0, "{scene:?}: a waker is kept");
    }
}

#[test]
fn c23_only_the_waker_of_the_last_poll_is_woken() {
    for scene in scene::all() {
        let (first, first_waker) = Count::new();
        let (last, last_waker) = Count::new();
        let mut future = scene.wait();
        assert!(poll_with(future.as_mut(), &first_waker).is_pending());
        assert!(poll_with(future.as_mut(), &last_waker).is_pending());
        assert_eq!(first.others(), 0, "{scene:?}: the first waker is kept");
        scene.enable();
        assert_eq!((first.wakes(), last.wakes()), (0, 1), "{scene:?}");
        assert!(
            poll_with(future.as_mut(), &last_waker).is_ready(),
            "{scene:?}"
        );
    }
}

#[test]
fn c17_a_dropped_future_leaves_no_waker() {
    for scene in scene::all() {
        let (count, waker) = Count::new();
        let mut future = scene.wait();
        assert!(poll_with(future.as_mut(), &waker).is_pending());
        drop(future);
        assert_eq!(count.others(), 0, "{scene:?}: dropped while it waits");
        let mut future = scene.wait();
        assert!(poll_with(future.as_mut(), &waker).is_pending());
        scene.enable();
        drop(future);
        assert_eq!(count.others(), 0, "{scene:?}: dropped when it was due");
        assert_eq!(count.wakes(), 1, "{scene:?}");
    }
}

#[test]
fn c1_after_each_cancelled_future_the_next_one_goes_on() {
    for scene in scene::all() {
        let mut cancelled = scene.wait();
        assert!(poll(cancelled.as_mut()).is_pending());
        drop(cancelled);
        let mut next = scene.wait();
        let (count, waker) = Count::new();
        assert!(poll_with(next.as_mut(), &waker).is_pending());
        scene.enable();
        assert_eq!(count.wakes(), 1, "{scene:?}: the place was not given up");
        assert!(poll_with(next.as_mut(), &waker).is_ready(), "{scene:?}");
    }
}

#[test]
fn every_future_can_be_dropped_at_every_await() {
    let number = scene::all().len();
    for index in 0..number {
        let polls = cancel_everywhere(|| {
            let scene = Rc::new(scene::all().swap_remove(index));
            let (enabler, checker) = (scene.clone(), scene.clone());
            Cancel {
                future: scene.wait(),
                step: Box::new(move |n| {
                    if n == 1 {
                        enabler.enable();
                    }
                }),
                check: Box::new(move |_| {
                    // Whatever was done, the primitive goes on working.
                    checker.touch();
                }),
            }
        });
        assert_eq!(polls, 2);
    }
}

#[test]
fn c4_a_waker_may_call_back_into_what_it_waits_for() {
    for index in 0..scene::all().len() {
        watched(move || {
            let scene = Rc::new(scene::all().swap_remove(index));
            let called = Arc::new(AtomicBool::new(false));
            let waker = re_entrant(&scene, &called);
            let other = re_entrant(&scene, &called);
            let mut future = scene.wait();
            assert!(poll_with(future.as_mut(), &waker).is_pending());
            assert!(called.swap(false, Ordering::SeqCst), "{scene:?}: clone");
            assert!(poll_with(future.as_mut(), &other).is_pending());
            called.store(false, Ordering::SeqCst);
            scene.enable();
            assert!(called.swap(false, Ordering::SeqCst), "{scene:?}: wake");
            drop(future);
            scene.reset();
            let mut future = scene.wait();
            assert!(poll_with(future.as_mut(), &waker).is_pending());
            called.store(false, Ordering::SeqCst);
            drop(future);
            assert!(called.load(Ordering::SeqCst), "{scene:?}: drop");
        });
    }
}

/// A waker that touches the primitive whatever happens to it.
fn re_entrant(scene: &scene::Scene, called: &Arc<AtomicBool>) -> Waker {
    let (scene, called) = (scene.touching(), called.clone());
    hostile(move |_| {
        called.store(true, Ordering::SeqCst);
        scene();
    })
}

#[test]
fn c18_a12_a_waker_may_panic_in_its_clone_wake_and_drop() {
    for index in 0..scene::all().len() {
        for happening in HAPPENINGS {
            watched(move || panic_at(index, happening));
        }
    }
}

fn panic_at(index: usize, happening: Happening) {
    let scene = scene::all().swap_remove(index);
    let armed = Arc::new(AtomicBool::new(true));
    let trigger = armed.clone();
    let waker = hostile(move |happens| {
        if happens == happening && trigger.swap(false, Ordering::SeqCst) {
            panic!("a hostile waker");
        }
    });
    let run = catch_unwind(AssertUnwindSafe(|| {
        let mut future = scene.wait();
        let _polled = poll_with(future.as_mut(), &waker);
        if happening == Happening::Drop {
            drop(future);
        } else {
            scene.enable();
        }
    }));
    // Whoever polls gave the waker to be cloned. The others are not to blame for it.
    let told = happening == Happening::Clone;
    assert_eq!(run.is_err(), told, "{scene:?}: the panic at {happening:?}");
    drop(waker);
    assert!(!armed.load(Ordering::SeqCst), "it has panicked");
    // The primitive goes on.
    scene.reset();
    let (count, waker) = Count::new();
    let mut future = scene.wait();
    assert!(poll_with(future.as_mut(), &waker).is_pending(), "{scene:?}");
    scene.enable();
    assert_eq!(
        count.wakes(),
        1,
        "{scene:?}: after a panic at {happening:?}"
    );
    assert!(poll_with(future.as_mut(), &waker).is_ready(), "{scene:?}");
}

#[test]
fn a_ready_poll_keeps_its_result_if_its_waker_panics_as_it_is_dropped() {
    let mut dropped = 0;
    // At a barrier nobody can pass who has not waited.
    for scene in scene::all().into_iter().filter(|it| !it.is_barrier()) {
        let mut future = scene.wait();
        scene.enable();
        let drops = Arc::new(AtomicBool::new(false));
        let told = drops.clone();
        let waker = hostile(move |happens| {
            if happens == Happening::Drop && !told.swap(true, Ordering::SeqCst) {
                panic!("a hostile waker");
            }
        });
        let polled = catch_unwind(AssertUnwindSafe(|| {
            poll_with(future.as_mut(), &waker).is_ready()
        }));
        // What waits, since it had not begun when it was enabled, dropped no waker yet.
        let waits = !drops.swap(true, Ordering::SeqCst);
        assert!(polled.is_ok_and(|ready| ready || waits), "{scene:?}");
        dropped += usize::from(!waits);
    }
    assert!(
        dropped > 5,
        "few have cloned their waker in vain: {dropped}"
    );
}

#[test]
fn if_one_of_many_wakers_panics_the_others_are_woken() {
    for scene in scene::all().into_iter().filter(scene::Scene::wakes_all) {
        let counts: Vec<_> = (0..5).map(|_| Count::new()).collect();
        let mut futures = Vec::new();
        for (index, (_, waker)) in counts.iter().enumerate() {
            if index == 2 {
                let panicking = hostile(|happens| {
                    assert_ne!(happens, Happening::Wake, "a hostile waker");
                });
                let mut future = scene.wait();
                assert!(poll_with(future.as_mut(), &panicking).is_pending());
                futures.push(future);
            }
            let mut future = scene.wait();
            assert!(poll_with(future.as_mut(), waker).is_pending());
            futures.push(future);
        }
        scene.enable();
        for (count, _) in &counts {
            assert_eq!(count.wakes(), 1, "{scene:?}");
        }
    }
}

#[test]
fn b9_no_primitive_starves_its_neighbours() {
    // Each of them is ready again and again. Without a budget the loop would never give
    // way, and the neighbour would never set `seen`.
    for index in 0..scene::loops().len() {
        watched(move || {
            let runtime = kettle::runtime::Builder::new_current_thread()
                .build()
                .expect("a runtime without drivers");
            runtime.block_on(async move {
                let seen = Arc::new(AtomicBool::new(false));
                let neighbour = seen.clone();
                let looping = kettle::task::spawn_local(async move {
                    let (name, turn) = &scene::loops()[index];
                    let mut turns = 0_u32;
                    while !seen.load(Ordering::SeqCst) {
                        turn().await;
                        turns += 1;
                        assert!(turns < 1_000, "{name} never gives way");
                    }
                    assert!(turns >= 100, "{name} gives way too early: {turns}");
                });
                kettle::spawn(
                    async move { neighbour.store(true, Ordering::SeqCst) },
                );
                looping.await.expect("it gives way");
            });
        });
    }
}

/// A receiver that was closed waits for the permits that are out. Each way to give one
/// back, borrowed so that no sender is dropped with it, is to wake it for its end.
#[test]
fn c8_a_closed_receiver_is_woken_however_the_last_slot_comes_back() {
    /// Takes slots, closes the receiver, and gives the slots back.
    type Way = fn(&mpsc::Sender<u8>, &mut dyn FnMut());
    let ways: [(&str, Way); 4] = [
        ("a permit is dropped", |sender, close| {
            let permit = sender.try_reserve().expect("a slot is free");
            close();
            drop(permit);
        }),
        ("some of many permits are left", |sender, close| {
            let mut permits = sender.try_reserve_many(2).expect("they are free");
            let one = permits.next();
            close();
            drop(one);
            drop(permits);
        }),
        ("who was granted a slot leaves", |sender, close| {
            let full = sender.try_reserve_many(2).expect("they are free");
            let mut reserve = Box::pin(sender.reserve());
            assert!(poll(reserve.as_mut()).is_pending());
            drop(full);
            close();
            drop(reserve);
        }),
        ("who was granted a slot finds it closed", |sender, close| {
            let full = sender.try_reserve_many(2).expect("they are free");
            let mut reserve = Box::pin(sender.reserve());
            assert!(poll(reserve.as_mut()).is_pending());
            drop(full);
            close();
            let refused = poll(reserve.as_mut());
            assert!(matches!(refused, Poll::Ready(Err(_))));
        }),
    ];
    for (name, way) in ways {
        let (count, waker) = Count::new();
        let cx = &mut Context::from_waker(&waker);
        let (sender, mut receiver) = mpsc::channel(2);
        way(&sender, &mut || {
            receiver.close();
            assert!(receiver.poll_recv(cx).is_pending(), "{name}: not the end");
        });
        assert_eq!(count.wakes(), 1, "{name}");
        assert_eq!(receiver.poll_recv(cx), Poll::Ready(None), "{name}");
    }
}
