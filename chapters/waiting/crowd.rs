//! Ten thousand waiters, once as threads and once as tasks: what they take from the
//! machine, and what it takes to wake each of them.
//!
//! output: varies, because memory, switches and times are those of your machine

mod proc;

use std::env;
use std::process::Command;
use std::rc::Rc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::SeqCst;
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use kettle::runtime::Runtime;
use kettle::sync::Notify;
use kettle::task::{spawn_local, yield_now};

const WAITERS: usize = 10_000;

/// How many wait, and how many were woken since.
static WAITING: AtomicUsize = AtomicUsize::new(0);
static WOKEN: AtomicUsize = AtomicUsize::new(0);

fn main() {
    if proc::is_missing() {
        return;
    }
    match env::args().nth(1).as_deref() {
        Some("threads") => threads(),
        Some(_) => tasks(),
        None => compare(),
    }
}

/// Each kind in a process of its own, so that neither finds the other's leavings.
fn compare() {
    let program = env::current_exe().expect("this program has a file");
    let columns = ["threads", "tasks"].map(|kind| {
        let output = Command::new(&program).arg(kind).output();
        let output = output.expect("this program runs");
        let text = String::from_utf8(output.stdout).expect("our own words");
        text.lines().map(str::to_owned).collect::<Vec<_>>()
    });
    let [threads, tasks] = &columns;
    if threads.len() < ROWS.len() {
        println!("this system does not allow {WAITERS} threads");
    }
    println!("{:19}{:>9}{:>8}", "of 10000, each", "threads", "tasks");
    for (row, name) in ROWS.iter().enumerate() {
        let cell = |column: &[String]| column.get(row).cloned().unwrap_or_default();
        println!("{name:19}{:>9}{:>8}", cell(threads), cell(tasks));
    }
}

const ROWS: [&str; 7] = [
    "addresses, bytes",
    "memory, bytes",
    "kernel stack, bytes",
    "page tables, bytes",
    "its start, µs",
    "its wake, switches",
    "its wake, µs",
];

// ANCHOR: threads
fn threads() {
    let main = thread::current();
    let before = Memory::now();
    let began = Instant::now();
    let waiters: Vec<Thread> = (0..WAITERS)
        .map(|_| {
            let main = main.clone();
            let waiter = thread::spawn(move || waiting_thread(&main));
            waiter.thread().clone()
        })
        .collect();
    while WAITING.load(SeqCst) < WAITERS {
        thread::park();
    }
    report_start(began.elapsed(), &before);

    let switches = proc::switches();
    let began = Instant::now();
    waiters.iter().for_each(Thread::unpark);
    while WOKEN.load(SeqCst) < WAITERS {
        thread::park();
    }
    report_wakes(began.elapsed(), switches);
}
// ANCHOR_END: threads

// ANCHOR: waiting_thread
fn waiting_thread(main: &Thread) {
    if WAITING.fetch_add(1, SeqCst) + 1 == WAITERS {
        main.unpark();
    }
    thread::park();
    if WOKEN.fetch_add(1, SeqCst) + 1 == WAITERS {
        main.unpark();
    }
    thread::park(); // still here, to have its switches counted
}
// ANCHOR_END: waiting_thread

// ANCHOR: tasks
fn tasks() {
    let runtime = Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let before = Memory::now();
        let began = Instant::now();
        let waiters: Vec<Rc<Notify>> = (0..WAITERS)
            .map(|_| {
                let whistle = Rc::new(Notify::new());
                spawn_local(waiting_task(Rc::clone(&whistle)));
                whistle
            })
            .collect();
        while WAITING.load(SeqCst) < WAITERS {
            yield_now().await;
        }
        report_start(began.elapsed(), &before);

        let switches = proc::switches();
        let began = Instant::now();
        waiters.iter().for_each(|whistle| whistle.notify_one());
        while WOKEN.load(SeqCst) < WAITERS {
            yield_now().await;
        }
        report_wakes(began.elapsed(), switches);
    });
}
// ANCHOR_END: tasks

// ANCHOR: waiting_task
async fn waiting_task(whistle: Rc<Notify>) {
    WAITING.fetch_add(1, SeqCst);
    whistle.notified().await;
    WOKEN.fetch_add(1, SeqCst);
    whistle.notified().await; // still here, as the threads are
}
// ANCHOR_END: waiting_task

fn report_start(took: Duration, before: &Memory) {
    // The last one has said that it waits, and is about to.
    thread::sleep(Duration::from_millis(200));
    let now = Memory::now();
    println!("{}", (now.address - before.address) / WAITERS as u64);
    println!("{}", (now.resident - before.resident) / WAITERS as u64);
    let stacks = now.kernel_stacks.saturating_sub(before.kernel_stacks);
    println!("{}", stacks / WAITERS as u64);
    println!(
        "{}",
        (now.page_tables - before.page_tables) / WAITERS as u64
    );
    println!("{:.1}", took.as_secs_f64() * 1e6 / WAITERS as f64);
}

fn report_wakes(took: Duration, switches: u64) {
    thread::sleep(Duration::from_millis(200));
    let switches = proc::switches() - switches;
    println!("{:.4}", switches as f64 / WAITERS as f64);
    println!("{:.1}", took.as_secs_f64() * 1e6 / WAITERS as f64);
}

/// In bytes. The kernel's stacks are those of the whole system.
struct Memory {
    address: u64,
    resident: u64,
    kernel_stacks: u64,
    page_tables: u64,
}

impl Memory {
    fn now() -> Memory {
        let bytes = |file, key| 1024 * proc::number(file, key).unwrap_or(0);
        Memory {
            address: bytes("/proc/self/status", "VmSize"),
            resident: bytes("/proc/self/status", "VmRSS"),
            kernel_stacks: bytes("/proc/meminfo", "KernelStack"),
            page_tables: bytes("/proc/self/status", "VmPTE"),
        }
    }
}
