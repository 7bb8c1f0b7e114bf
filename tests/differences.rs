//! The differences from tokio: each line of ARCHITECTURE.md's list, shown on both sides
//! where both can be run.
//!
//! A test quotes its line in its doc comment, word for word. The first test below holds
//! the quotes against the list, so a line without a test fails, and a test without a line.
//! A quote may also stand in another test file or over a program of `ui/tests`.

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::future::{pending, poll_fn, ready};
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, UnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::{Arc, mpsc};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::time::Duration;

use common::watchdog::watched;

#[test]
fn each_line_of_the_list_is_quoted_by_a_test_and_each_quote_is_a_line() {
    let page = fs::read_to_string(root().join("ARCHITECTURE.md"))
        .expect("ARCHITECTURE.md holds the list");
    let lines = lines_of(&page);
    assert!(lines.len() > 15, "the list has been found");
    let quotes = quotes();
    let untested: Vec<_> = lines.difference(&quotes).collect();
    assert!(untested.is_empty(), "no test quotes {untested:#?}");
    let stale: Vec<_> = quotes.difference(&lines).collect();
    assert!(stale.is_empty(), "no line is quoted by {stale:#?}");
}

#[test]
fn the_check_finds_lines_and_quotes() {
    let page = "## Differences from tokio\nx\n- one\n  two\n- three\n## No\n- four";
    let both = ["one two", "three"].map(str::to_owned);
    assert_eq!(lines_of(page), BTreeSet::from(both));
    let file = "/// Differs: one\n/// two\n#[test]\n/// three\nfn x() {}\n";
    assert_eq!(quotes_in(file, "/// "), ["one two"]);
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The items of the list, each on one line.
fn lines_of(page: &str) -> BTreeSet<String> {
    let list = page.split("\n## ").find_map(|part| {
        let part = part.strip_prefix("## ").unwrap_or(part);
        part.strip_prefix("Differences from tokio\n")
    });
    let items = list.unwrap_or_default().split("\n- ").skip(1);
    items.map(on_one_line).collect()
}

fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn quotes() -> BTreeSet<String> {
    let mut quotes = BTreeSet::new();
    for path in sources("tests") {
        quotes.extend(quotes_in(&read(&path), "/// "));
    }
    for folder in ["allowed", "bounds", "entry"] {
        for path in sources(&format!("ui/tests/{folder}")) {
            quotes.extend(quotes_in(&read(&path), "//! "));
        }
    }
    quotes
}

fn sources(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join(folder)).expect("it is there");
    let paths = entries.map(|entry| entry.expect("it can be read").path());
    let is_source = |path: &PathBuf| path.extension().is_some_and(|it| it == "rs");
    paths.filter(is_source).collect()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("it can be read")
}

/// The comments with this `mark` that begin with `Differs: `.
fn quotes_in(file: &str, mark: &str) -> Vec<String> {
    let mut quotes = Vec::new();
    let mut lines = file.lines().peekable();
    while let Some(line) = lines.next() {
        let comment = line.strip_prefix(mark);
        let Some(first) = comment.and_then(|it| it.strip_prefix("Differs: "))
        else {
            continue;
        };
        let mut quote = first.to_owned();
        while let Some(more) = lines.peek().and_then(|it| it.strip_prefix(mark)) {
            quote = format!("{quote} {more}");
            lines.next();
        }
        quotes.push(on_one_line(&quote));
    }
    quotes
}

/// Whether a type has an auto trait: the inherent constant, where its bound holds, is
/// preferred over that of [`Otherwise`].
struct Of<T>(PhantomData<T>);

trait Otherwise {
    const SEND: bool = false;
    const UNWIND: bool = false;
}

impl<T> Otherwise for T {}

impl<T: Send> Of<T> {
    const SEND: bool = true;
}

impl<T: UnwindSafe> Of<T> {
    const UNWIND: bool = true;
}

fn kettles() -> kettle::runtime::Runtime {
    let mut builder = kettle::runtime::Builder::new_current_thread();
    builder.enable_all().build().expect("a runtime")
}

fn tokios() -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().build().expect("a runtime")
}

/// Enough turns for whatever can be done.
macro_rules! turns {
    ($runtime:expr, $crate_:ident) => {
        $runtime.block_on(async {
            for _ in 0..1_000 {
                $crate_::task::yield_now().await;
            }
        })
    };
}

fn panics<T>(act: impl FnOnce() -> T) -> bool {
    catch_unwind(AssertUnwindSafe(act)).is_err()
}

/// Differs: `Runtime` is not `Send`. Its `Handle` is.
#[test]
fn a_runtime_stays_with_its_thread() {
    const {
        assert!(!Of::<kettle::runtime::Runtime>::SEND);
        assert!(Of::<tokio::runtime::Runtime>::SEND);
        assert!(Of::<kettle::runtime::Handle>::SEND);
        assert!(Of::<tokio::runtime::Handle>::SEND);
    }
}

/// Differs: `spawn_local` needs no `LocalSet`. Its `JoinHandle` panics when polled on
/// another thread while the runtime lives.
#[test]
fn spawn_local_needs_no_set_and_its_handle_stays_at_home() {
    let runtime = kettles();
    let entered = runtime.enter();
    let here = kettle::task::spawn_local(async { 7 });
    let handle = kettle::task::spawn_local(async { 8 });
    drop(entered);
    assert_eq!(runtime.block_on(here).expect("by itself"), 7);
    let away = thread::spawn(move || panics(|| kettle::block_on(handle)));
    assert!(away.join().expect("the panic is caught"));

    tokios().block_on(async {
        assert!(panics(|| tokio::task::spawn_local(async { 7 })));
    });
}

/// Whether a member of a set, spawned while the set was polled, runs while the set is
/// not.
macro_rules! member_runs {
    ($runtime:expr, $crate_:ident) => {{
        let runtime = $runtime;
        let set = $crate_::task::LocalSet::new();
        let ran = Arc::new(AtomicBool::new(false));
        let running = Arc::clone(&ran);
        set.block_on(&runtime, async {
            $crate_::task::spawn_local(async move {
                // It waits for a later turn than the set's last.
                for _ in 0..500 {
                    $crate_::task::yield_now().await;
                }
                running.store(true, SeqCst);
            });
        });
        turns!(runtime, $crate_);
        ran.load(SeqCst)
    }};
}

/// Whether the future of a member is dropped as its set is, or in the next turn.
macro_rules! dropped_with_its_set {
    ($runtime:expr, $crate_:ident) => {{
        let runtime = $runtime;
        let set = $crate_::task::LocalSet::new();
        let alive = Arc::new(());
        let inside = Arc::clone(&alive);
        set.block_on(&runtime, async {
            $crate_::task::spawn_local(async move {
                let _inside = inside;
                pending::<()>().await;
            });
            $crate_::task::yield_now().await;
        });
        assert_eq!(Arc::strong_count(&alive), 2);
        drop(set);
        let at_once = Arc::strong_count(&alive) == 1;
        turns!(runtime, $crate_);
        assert_eq!(Arc::strong_count(&alive), 1);
        at_once
    }};
}

/// Differs: Members of a `LocalSet` run whenever their runtime does once the set has been
/// polled, also while nobody polls it; in tokio they wait. They end with that runtime.
/// Dropping the set aborts them, so their futures are dropped in the next turn, not at
/// once.
#[test]
fn members_of_a_local_set_belong_to_the_runtime() {
    assert!(member_runs!(kettles(), kettle));
    assert!(!member_runs!(tokios(), tokio));
    assert!(!dropped_with_its_set!(kettles(), kettle));
    assert!(dropped_with_its_set!(tokios(), tokio));

    let runtime = kettles();
    let set = kettle::task::LocalSet::new();
    let member = set.spawn_local(pending::<()>());
    set.block_on(&runtime, ready(()));
    drop(runtime);
    assert!(kettle::block_on(member).expect_err("ended").is_cancelled());
}

/// Whether `Handle::block_on` can wait for a timer while another thread drives the
/// runtime.
macro_rules! waits_for_a_timer {
    ($handle:expr, $crate_:ident) => {{
        let sleep = async {
            $crate_::time::sleep(Duration::from_millis(1)).await;
        };
        !panics(|| $handle.block_on(sleep))
    }};
}

/// Differs: `Handle::block_on` runs no task of its runtime, and the future it runs may
/// await neither a socket nor a timer: those stay with their thread.
#[test]
fn blocking_on_a_handle_is_for_tasks_only() {
    watched(|| {
        let runtime = kettles();
        let task = runtime.spawn(ready(()));
        runtime.handle().block_on(kettle::task::yield_now());
        assert!(!task.is_finished());

        let handle = runtime.handle().clone();
        let away = thread::spawn(move || waits_for_a_timer!(handle, kettle));
        turns_until(&runtime, &away);
        assert!(!away.join().expect("the panic is caught"));

        let runtime = tokios();
        let handle = runtime.handle().clone();
        let away = thread::spawn(move || waits_for_a_timer!(handle, tokio));
        runtime.block_on(async {
            while !away.is_finished() {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        });
        assert!(away.join().expect("nothing panics"));
    });
}

fn turns_until<T>(
    runtime: &kettle::runtime::Runtime,
    thread: &thread::JoinHandle<T>,
) {
    runtime.block_on(async {
        while !thread.is_finished() {
            kettle::task::yield_now().await;
        }
    });
}

/// Differs: On another thread than the runtime's, `is_finished` answers with what home last
/// said.
#[test]
fn is_finished_elsewhere_is_what_home_last_said() {
    let runtime = kettles();
    let task = runtime.spawn(ready(()));
    turns!(runtime, kettle);
    let task = thread::spawn(move || {
        assert!(!task.is_finished(), "home has not been asked before");
        task
    });
    let task = task.join().expect("it has not been asked");
    turns!(runtime, kettle);
    let answer = thread::spawn(move || task.is_finished()).join();
    assert!(answer.expect("home has answered"));

    let runtime = tokios();
    let task = runtime.spawn(ready(()));
    turns!(runtime, tokio);
    let answer = thread::spawn(move || task.is_finished()).join();
    assert!(answer.expect("it is known everywhere"));
}

/// Differs: Outputs that nobody fetched die with the runtime; tokio keeps them for their
/// handles.
#[test]
fn outputs_die_with_their_runtime() {
    let runtime = kettles();
    let task = runtime.spawn(ready(7));
    turns!(runtime, kettle);
    drop(runtime);
    assert!(kettle::block_on(task).expect_err("gone").is_cancelled());

    let runtime = tokios();
    let task = runtime.spawn(ready(7));
    turns!(runtime, tokio);
    drop(runtime);
    assert_eq!(kettle::block_on(task).expect("it is kept"), 7);
}

/// Differs: A socket that is used on another thread than its runtime's gives an error. On
/// the same thread it is good in any runtime's tasks, but it is woken only while its own
/// one runs.
#[test]
fn a_socket_stays_with_its_thread() {
    use kettle::io::AsyncWriteExt as _;
    use tokio::io::AsyncWriteExt as _;

    watched(|| {
        let server = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = server.local_addr().expect("it has one");
        let (one, two) = (kettles(), kettles());
        let mut socket = one
            .block_on(kettle::net::TcpStream::connect(address))
            .expect("somebody listens");
        two.block_on(socket.write_all(b"x"))
            .expect("the same thread");
        // It could only be woken by a runtime that does not run.
        let mut reading = pin!(async {
            let mut byte = [0];
            kettle::io::AsyncReadExt::read(&mut socket, &mut byte).await
        });
        two.block_on(async {
            let first = poll_fn(|cx| Poll::Ready(reading.as_mut().poll(cx)));
            assert!(first.await.is_pending());
        });
        drop(server);
        turns!(two, kettle);
        let woken = Flag::default();
        let waker = woken.waker();
        let mut cx = Context::from_waker(&waker);
        two.block_on(async {
            assert!(reading.as_mut().poll(&mut cx).is_pending())
        });
        turns!(two, kettle);
        assert!(!woken.is_up());
        turns!(one, kettle);
        assert!(woken.is_up());

        let server = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = server.local_addr().expect("it has one");
        let mut socket = one
            .block_on(kettle::net::TcpStream::connect(address))
            .expect("somebody listens");
        let away = move || kettle::block_on(socket.write_all(b"x"));
        assert!(thread::spawn(away).join().expect("no panic").is_err());

        let runtime = tokios();
        let mut socket = runtime
            .block_on(tokio::net::TcpStream::connect(address))
            .expect("somebody listens");
        let away = move || kettle::block_on(socket.write_all(b"x"));
        assert!(thread::spawn(away).join().expect("no panic").is_ok());
    });
}

/// A waker that notes that it was woken.
#[derive(Default)]
struct Flag(Arc<Up>);

#[derive(Default)]
struct Up(AtomicBool);

impl Flag {
    fn waker(&self) -> Waker {
        Waker::from(Arc::clone(&self.0))
    }

    fn is_up(&self) -> bool {
        self.0.0.load(SeqCst)
    }
}

impl Wake for Up {
    fn wake(self: Arc<Up>) {
        self.0.store(true, SeqCst);
    }
}

/// Differs: `JoinError` is unwind-safe.
#[test]
fn a_join_error_is_unwind_safe() {
    const {
        assert!(Of::<kettle::task::JoinError>::UNWIND);
        assert!(!Of::<tokio::task::JoinError>::UNWIND);
    }
}

/// Differs: The main future of `block_on` has a task id.
#[test]
fn the_main_future_has_an_id() {
    let main = kettles().block_on(async { kettle::task::try_id() });
    assert!(main.is_some());
    let main = tokios().block_on(async { tokio::task::try_id() });
    assert!(main.is_none());
}

/// Whether time stands still on a thread of the pool while it does at home.
macro_rules! stands_still_in_the_pool {
    ($runtime:expr, $crate_:ident) => {
        $runtime.block_on(async {
            $crate_::time::pause();
            let elsewhere = $crate_::task::spawn_blocking(|| {
                let before = $crate_::time::Instant::now();
                thread::sleep(Duration::from_millis(1));
                $crate_::time::Instant::now() == before
            });
            elsewhere.await.expect("no panic")
        })
    };
}

/// Differs: `time::pause` stops the clock of the runtime that runs on this thread. Threads
/// of `spawn_blocking` see the real one, and so does code outside of `block_on`.
#[test]
fn a_stopped_clock_stands_at_home_only() {
    let runtime = kettles();
    assert!(!stands_still_in_the_pool!(&runtime, kettle));
    assert!(stands_still_in_the_pool!(tokios(), tokio));

    let outside = kettle::time::Instant::now();
    thread::sleep(Duration::from_millis(1));
    assert!(outside.elapsed() >= Duration::from_millis(1));
    runtime.block_on(async {
        let inside = kettle::time::Instant::now();
        thread::sleep(Duration::from_millis(1));
        assert_eq!(inside.elapsed(), Duration::ZERO);
    });
}

/// How long a sleep takes under a stopped clock.
macro_rules! sleeps {
    ($runtime:expr, $crate_:ident, $for:expr) => {
        $runtime.block_on(async {
            $crate_::time::pause();
            let before = $crate_::time::Instant::now();
            $crate_::time::sleep($for).await;
            before.elapsed()
        })
    };
}

/// Differs: Under a stopped clock a sleep is exact to the nanosecond; in tokio to the
/// millisecond.
#[test]
fn a_stopped_clock_is_exact() {
    let short = Duration::from_nanos(100_001);
    assert_eq!(sleeps!(kettles(), kettle, short), short);
    let late = sleeps!(tokios(), tokio, short) - short;
    assert!(late > Duration::from_micros(16), "{late:?}");
}

/// Whether a queued closure runs although its runtime ends before a thread is free.
///
/// `spawn` gives a closure to the pool's one thread, which the first one keeps busy until
/// `let_go`.
macro_rules! runs_at_the_end {
    ($crate_:ident) => {{
        let mut builder = $crate_::runtime::Builder::new_current_thread();
        let runtime = builder.max_blocking_threads(1).build().expect("a runtime");
        let (let_go, gone) = mpsc::channel::<()>();
        let (begun, begins) = mpsc::channel();
        runtime.spawn_blocking(move || {
            begun.send(()).expect("the test waits");
            // Ends when the sender is dropped.
            let _ = gone.recv();
        });
        begins.recv().expect("it begins");
        let ran = Arc::new(AtomicBool::new(false));
        let running = Arc::clone(&ran);
        let waiting = OnDrop(Some(let_go));
        runtime.spawn_blocking(move || {
            running.store(true, SeqCst);
            drop(waiting);
        });
        (runtime, ran)
    }};
}

/// Lets go of what it holds when it is dropped.
struct OnDrop(
    #[allow(dead_code, reason = "its drop is the point")] Option<mpsc::Sender<()>>,
);

/// Differs: Closures of `spawn_blocking` that wait in the queue when the runtime ends never
/// run. In tokio a busy thread may still take them.
#[test]
fn a_waiting_closure_never_runs_after_the_end() {
    watched(|| {
        // Dropping the waiting closure lets the busy one go, and so the end can come.
        let (runtime, ran) = runs_at_the_end!(kettle);
        drop(runtime);
        assert!(!ran.load(SeqCst));
    });
}

/// Differs: Dropping a `Runtime` inside an `async fn` waits for its closures. In tokio it
/// panics.
#[test]
fn a_runtime_may_be_dropped_inside_of_an_async_fn() {
    let inner = kettles();
    let closure = inner.spawn_blocking(|| 7);
    kettles().block_on(async { drop(inner) });
    // It was waited for, or it was dropped unrun, as at every end.
    drop(kettle::block_on(closure));

    let inner = tokios();
    assert!(panics(|| tokios().block_on(async { drop(inner) })));
}

/// Whether a barrier of two lets one pass after another has come and gone.
macro_rules! passes_after_one_has_gone {
    ($crate_:ident) => {{
        let barrier = $crate_::sync::Barrier::new(2);
        let mut cx = Context::from_waker(Waker::noop());
        {
            let mut first = pin!(barrier.wait());
            assert!(first.as_mut().poll(&mut cx).is_pending());
        }
        let mut second = pin!(barrier.wait());
        second.as_mut().poll(&mut cx).is_ready()
    }};
}

/// Differs: `Barrier::wait` that is dropped while it waits has not arrived; in tokio it has.
#[test]
fn who_leaves_a_barrier_has_not_arrived() {
    assert!(!passes_after_one_has_gone!(kettle));
    assert!(passes_after_one_has_gone!(tokio));
}

/// How many of four values a channel for three keeps.
macro_rules! kept_of_four {
    ($crate_:ident) => {{
        let (sender, mut receiver) = $crate_::sync::broadcast::channel(3);
        for value in 0..4 {
            sender.send(value).expect("there is a receiver");
        }
        match receiver.try_recv() {
            Err($crate_::sync::broadcast::error::TryRecvError::Lagged(lost)) => {
                4 - lost
            }
            _ => 4,
        }
    }};
}

/// Differs: A broadcast channel keeps exactly as many values as it was told; tokio rounds
/// up to a power of two.
#[test]
fn a_broadcast_channel_keeps_what_it_was_told() {
    assert_eq!(kept_of_four!(kettle), 3);
    assert_eq!(kept_of_four!(tokio), 4);
}

/// Differs: `CancellationToken` lives in `kettle::sync`; in tokio's world it is
/// tokio-util's.
#[test]
fn the_token_lives_in_sync() {
    let (ours, theirs) = (
        kettle::sync::CancellationToken::new(),
        tokio_util::sync::CancellationToken::new(),
    );
    ours.cancel();
    theirs.cancel();
    assert!(ours.is_cancelled() && theirs.is_cancelled());
}

/// A waker that panics.
struct Dynamite;

impl Wake for Dynamite {
    fn wake(self: Arc<Dynamite>) {
        panic!("bang");
    }
}

/// Whether a panic of a waker reaches who releases the permit it waits for.
macro_rules! reaches_the_releaser {
    ($crate_:ident) => {{
        let semaphore = $crate_::sync::Semaphore::new(0);
        let mut waiting = pin!(semaphore.acquire());
        let waker = Waker::from(Arc::new(Dynamite));
        let poll = waiting.as_mut().poll(&mut Context::from_waker(&waker));
        assert!(poll.is_pending());
        panics(|| semaphore.add_permits(1))
    }};
}

/// Differs: A waker that panics while a primitive wakes it or drops it panics alone; in
/// tokio the panic reaches whoever released the primitive.
#[test]
fn a_waker_panics_alone() {
    assert!(!reaches_the_releaser!(kettle));
    assert!(reaches_the_releaser!(tokio));
}

/// In how many of 300 times thirty polls each of eight ready branches wins once.
macro_rules! rounds_in_which_all_win {
    ($runtime:expr, $crate_:ident) => {
        $runtime.block_on(async {
            let mut rounds = 0;
            for _ in 0..300 {
                let mut won = BTreeSet::new();
                for _ in 0..30 {
                    won.insert($crate_::select! {
                        () = ready(()) => 1,
                        () = ready(()) => 2,
                        () = ready(()) => 3,
                        () = ready(()) => 4,
                        () = ready(()) => 5,
                        () = ready(()) => 6,
                        () = ready(()) => 7,
                        () = ready(()) => 8,
                    });
                }
                rounds += u32::from(won.len() == 8);
            }
            rounds
        })
    };
}

/// Differs: `select!` throws the dice for every fifteenth poll of a thread; in between, who
/// begins changes in even steps. tokio throws them for each poll.
#[test]
fn who_begins_a_select_is_spread_evenly() {
    // Of thirty in a row, fifteen at least are of one throw.
    assert_eq!(rounds_in_which_all_win!(kettles(), kettle), 300);
    // Without steps one of eight is missing in every seventh: 300 once in 10^20.
    assert!(rounds_in_which_all_win!(tokios(), tokio) < 300);
}

/// Differs: Of `sync` there are not yet: mapped guards, weak senders, `merge` of permits,
/// `notify_last`, `notified_owned`, `send_timeout`, `SetOnce`, `OnceCell::const_new_with`.
#[test]
fn what_sync_does_not_have_yet_is_not_there() {
    // tokio's are named here, so that they exist.
    use tokio::sync::{
        MappedMutexGuard, Notify, OnceCell, OwnedSemaphorePermit, SetOnce, mpsc,
    };
    let _ = OwnedSemaphorePermit::merge;
    let _ = (
        Notify::notify_last,
        Notify::notified_owned,
        SetOnce::<u8>::new,
    );
    let _ = (
        OnceCell::<u8>::const_new_with,
        mpsc::Sender::<u8>::send_timeout,
    );
    let _: PhantomData<(MappedMutexGuard<'_, u8>, mpsc::WeakSender<u8>)>;

    let missing = [
        "MappedMutexGuard",
        "WeakSender",
        "fn merge",
        "fn notify_last",
        "fn notified_owned",
        "fn send_timeout",
        "SetOnce",
        "const_new_with",
    ];
    let mut folders = vec![root().join("src/sync")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("it is there") {
            let path = entry.expect("it can be read").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = read(&path);
            for name in missing {
                assert!(!text.contains(name), "{name} is in {}", path.display());
            }
        }
    }
}
