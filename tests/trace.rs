//! What the recorder says of the runtime.

use std::time::Duration;

use kettle::runtime::Builder;
use kettle::trace::{self, Cause, Event, Recording, Source, Task, Timer, Why};

const MAIN: Task = Task(1);
const CHILD: Task = Task(2);

/// Records what `future` does on a runtime of its own.
fn run<T>(future: impl Future<Output = T>) -> (T, Recording) {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let recorded = trace::record(|| runtime.block_on(future));
    assert_eq!(recorded.1.check(), [], "the rules hold in every recording");
    recorded
}

/// The events, with the places of spawns left out: they are lines of this file.
fn plain(recording: &Recording) -> Vec<Event> {
    let strip = |event: &Event| match event.clone() {
        Event::Spawn { task, by, .. } => Event::Spawn { task, by, at: None },
        other => other,
    };
    recording.events().map(strip).collect()
}

#[test]
fn a_join_is_a_poll_a_wake_and_another_poll() {
    let (output, recording) =
        run(async { kettle::spawn(async { 7 }).await.unwrap() });
    assert_eq!(output, 7);
    let start = |task| Event::PollStart { task };
    let end = |task, ready| Event::PollEnd { task, ready };
    let expected = [
        Event::Spawn {
            task: MAIN,
            by: Cause::Outside,
            at: None,
        },
        start(MAIN),
        Event::Spawn {
            task: CHILD,
            by: Cause::Task(MAIN),
            at: None,
        },
        end(MAIN, false),
        start(CHILD),
        end(CHILD, true),
        Event::Wake {
            task: MAIN,
            queued: true,
            by: Cause::Task(CHILD),
        },
        start(MAIN),
        end(MAIN, true),
    ];
    assert_eq!(plain(&recording), expected);
}

#[test]
fn a_spawn_names_the_line_that_spawned() {
    let (line, recording) = run(async {
        let _detached = kettle::spawn(async {});
        line!() - 1
    });
    let places: Vec<u32> = recording
        .events()
        .filter_map(|event| match event {
            Event::Spawn { at: Some(at), .. } if at.file() == file!() => {
                Some(at.line())
            }
            _ => None,
        })
        .collect();
    assert_eq!(places, [line]);
}

#[test]
fn a_sleep_sets_a_timer_parks_and_is_woken_by_it() {
    let ((), recording) = run(kettle::time::sleep(Duration::from_millis(2)));
    let events = plain(&recording);
    let set = Event::TimerSet {
        timer: Timer(1),
        by: Cause::Task(MAIN),
    };
    let wake = Event::Wake {
        task: MAIN,
        queued: true,
        by: Cause::Timer(Timer(1)),
    };
    let at = |wanted: &dyn Fn(&Event) -> bool| events.iter().position(wanted);
    let order = [
        at(&|event| *event == set),
        at(&|event| matches!(event, Event::Park { timeout: Some(_) })),
        at(&|event| *event == Event::Unpark { why: Why::Deadline }),
        at(&|event| *event == Event::TimerFire { timer: Timer(1) }),
        at(&|event| *event == wake),
    ];
    assert!(order.iter().all(Option::is_some), "{events:#?}");
    assert!(order.is_sorted(), "{events:#?}");
}

#[test]
fn a_reset_takes_the_timer_back_and_sets_another() {
    let ((), recording) = run(async {
        let mut it = std::pin::pin!(kettle::time::sleep(Duration::from_secs(60)));
        let mut first = true;
        std::future::poll_fn(|cx| {
            let polled = it.as_mut().poll(cx);
            if std::mem::take(&mut first) {
                it.as_mut().reset(kettle::time::Instant::now());
            }
            polled
        })
        .await;
    });
    let timers: Vec<Event> = plain(&recording)
        .into_iter()
        .filter(|event| {
            matches!(event, Event::TimerSet { .. } | Event::TimerCancel { .. })
        })
        .collect();
    let by = Cause::Task(MAIN);
    let timer = Timer(1);
    let expected = [Event::TimerSet { timer, by }, Event::TimerCancel { timer }];
    assert!(timers.starts_with(&expected), "{timers:?}");
    assert_eq!(timers.len() % 2, 1, "the last one fires: {timers:?}");
}

#[test]
fn a_task_that_wakes_itself_first_runs_after_those_that_it_wakes_then() {
    let ((), recording) = run(async {
        let (sender, receiver) = kettle::sync::oneshot::channel();
        let other = kettle::spawn(receiver);
        kettle::task::yield_now().await;
        let mut sender = Some(sender);
        std::future::poll_fn(|cx| match sender.take() {
            Some(sender) => {
                cx.waker().wake_by_ref();
                sender.send(()).expect("the receiver is there");
                std::task::Poll::Pending
            }
            None => std::task::Poll::Ready(()),
        })
        .await;
        other.await.expect("no panic").expect("it was sent");
    });
    assert_eq!(recording.check(), []);
}

#[test]
fn a_second_wake_before_the_poll_queues_nothing() {
    let ((), recording) = run(async {
        kettle::task::yield_now().await;
        let mut first = true;
        std::future::poll_fn(|cx| {
            if !std::mem::take(&mut first) {
                return std::task::Poll::Ready(());
            }
            cx.waker().wake_by_ref();
            cx.waker().wake_by_ref();
            std::task::Poll::Pending
        })
        .await;
    });
    let queued: Vec<bool> = recording
        .events()
        .filter_map(|event| match event {
            Event::Wake { queued, .. } => Some(*queued),
            _ => None,
        })
        .collect();
    assert_eq!(queued, [true, true, false]);
}

#[test]
fn a_wake_from_another_thread_says_so() {
    let ((), recording) = run(async {
        let mut asked = false;
        std::future::poll_fn(|cx| {
            if asked {
                return std::task::Poll::Ready(());
            }
            asked = true;
            let waker = cx.waker().clone();
            std::thread::spawn(move || waker.wake()).join().unwrap();
            std::task::Poll::Pending
        })
        .await;
    });
    let wake = Event::Wake {
        task: MAIN,
        queued: true,
        by: Cause::Elsewhere,
    };
    assert!(
        recording.events().any(|event| *event == wake),
        "{recording:#?}"
    );
}

#[test]
fn an_abort_is_followed_by_the_drop_of_the_future() {
    let ((), recording) = run(async {
        let task = kettle::spawn(std::future::pending::<()>());
        kettle::task::yield_now().await;
        task.abort();
        assert!(task.await.unwrap_err().is_cancelled());
    });
    let events = plain(&recording);
    let abort = Event::Abort {
        task: CHILD,
        by: Cause::Task(MAIN),
    };
    let aborted = events.iter().position(|event| *event == abort);
    let dropped = events
        .iter()
        .position(|event| *event == Event::Cancel { task: CHILD });
    assert!(aborted.is_some() && aborted < dropped, "{events:#?}");
}

#[test]
fn a_socket_that_becomes_ready_is_the_cause_of_a_wake() {
    let (result, recording) = run(async {
        let listener = kettle::net::TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let client = kettle::spawn(kettle::net::TcpStream::connect(address));
        listener.accept().await?;
        client.await?.map(drop)
    });
    result.unwrap();
    let woken = recording.events().any(|event| {
        let by_socket = |by: &Cause| matches!(by, Cause::Source(Source(1..=3)));
        matches!(event, Event::Wake { by, queued: true, .. } if by_socket(by))
    });
    assert!(woken, "{recording:#?}");
}

#[test]
fn a_full_ring_forgets_the_oldest_and_counts_them() {
    let runtime = Builder::new_current_thread().build().unwrap();
    let ((), all) = trace::record(|| runtime.block_on(async {}));
    let ((), some) = trace::record_at_most(2, || runtime.block_on(async {}));
    let all: Vec<&Event> = all.events().collect();
    assert_eq!(all.len(), 3);
    assert_eq!(some.events().collect::<Vec<_>>(), all[1..]);
    assert_eq!(some.lost(), 1);
}

#[test]
fn a_recording_ends_when_its_program_panics() {
    let broken = std::panic::catch_unwind(|| trace::record(|| panic!("the pot")));
    assert!(broken.is_err());
    let ((), next) = trace::record(|| {});
    assert_eq!(next.events().count(), 0, "and the next one starts anew");
}
