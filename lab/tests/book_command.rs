//! `cargo kettle book` as a reader runs it: it says what it does, serves, and ends.
#![cfg(unix)]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

/// How long anything may take. Only what never happens takes this long.
const PATIENCE: Duration = Duration::from_secs(60);

/// The command, running; dropping it kills it.
struct Running {
    child: Child,
    said: Receiver<String>,
    complained: Receiver<String>,
    address: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts it on any free port, with `path` as the folder where programs are found.
fn start(path: &Path, arguments: &[&str]) -> Running {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kettle-lab"));
    command.args(["book", "--port", "0"]).args(arguments);
    command
        .env("PATH", path)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("the command starts");
    let said = lines(child.stdout.take().expect("a pipe"));
    let complained = lines(child.stderr.take().expect("a pipe"));
    let address = String::new();
    let mut running = Running {
        child,
        said,
        complained,
        address,
    };

    assert_eq!(line(&running.said), "Building the book.");
    let built = line(&running.said);
    assert!(
        built.starts_with("Built ") && built.ends_with(" s."),
        "{built}"
    );
    let serving = line(&running.said);
    let address = serving
        .split_once("http://")
        .and_then(|(_, it)| it.split_once('/'));
    let address = address.unwrap_or_else(|| panic!("no address: {serving}")).0;
    running.address = address.to_owned();
    running
}

/// Reads lines on a thread, so that waiting for one can have an end.
fn lines(from: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let lines = BufReader::new(from).lines().map_while(Result::ok);
        lines.for_each(|line| drop(sender.send(line)));
    });
    receiver
}

#[track_caller]
fn line(from: &Receiver<String>) -> String {
    from.recv_timeout(PATIENCE).expect("another line")
}

fn front_page(address: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("the server listens");
    let ask =
        format!("GET / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(ask.as_bytes()).expect("the server reads");
    let mut page = String::new();
    stream.read_to_string(&mut page).expect("a page");
    page
}

/// Sends the signal, and returns the exit code with all that was said after it.
fn end(mut running: Running, signal: &str) -> (Option<i32>, Vec<String>) {
    let id = running.child.id().to_string();
    let sent = Command::new("kill").args([signal, &id]).status();
    assert!(sent.expect("kill runs").success());
    let end = Instant::now() + PATIENCE;
    let status = loop {
        if let Some(status) = running.child.try_wait().expect("a child") {
            break status;
        }
        assert!(Instant::now() < end, "{signal} does not end it");
        thread::sleep(Duration::from_millis(5));
    };
    (
        status.code(),
        running
            .said
            .iter()
            .chain(running.complained.iter())
            .collect(),
    )
}

#[test]
fn ctrl_c_and_sigterm_end_it_with_a_goodbye() {
    let folder = tempfile::tempdir().expect("a folder");
    for signal in ["-INT", "-TERM"] {
        let running = start(folder.path(), &[]);
        assert!(
            front_page(&running.address).starts_with("HTTP/1.1 200 "),
            "{signal}"
        );
        // An open page must not hold the end up.
        let mut page =
            TcpStream::connect(&running.address).expect("the server listens");
        let host = &running.address;
        let ask = format!("GET /-/events HTTP/1.1\r\nHost: {host}\r\n\r\n");
        page.write_all(ask.as_bytes()).expect("the server reads");
        let stopped = ["", "Stopping.", "Goodbye."].map(String::from).to_vec();
        assert_eq!(end(running, signal), (Some(0), stopped), "{signal}");
    }
}

#[test]
fn the_browser_is_asked_to_open_the_address_and_may_be_missing() {
    let program = if cfg!(target_os = "macos") {
        "open"
    } else {
        "xdg-open"
    };
    let folder = tempfile::tempdir().expect("a folder");
    let (opened, browser) =
        (folder.path().join("opened"), folder.path().join(program));
    // The shell creates the file before it writes, hence the link at the end.
    let draft = folder.path().join("draft");
    let (from, to) = (draft.display(), opened.display());
    let script = format!("#!/bin/sh\necho \"$1\" > {from}\n/bin/ln {from} {to}\n");
    fs::write(&browser, script).expect("a program");
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o755))
        .expect("it runs");

    let running = start(folder.path(), &["--open"]);
    let end_of_patience = Instant::now() + PATIENCE;
    while !opened.exists() {
        assert!(Instant::now() < end_of_patience, "no browser was asked");
        thread::sleep(Duration::from_millis(5));
    }
    let asked = fs::read_to_string(&opened).expect("an address");
    assert_eq!(asked, format!("http://{}/\n", running.address));
    assert_eq!(end(running, "-INT").0, Some(0));

    fs::remove_file(&browser).expect("the browser goes");
    let running = start(folder.path(), &["--open"]);
    let notice = format!(
        "No browser opened; the address is http://{}/",
        running.address
    );
    assert_eq!(line(&running.complained), notice);
    assert_eq!(end(running, "-INT").0, Some(0), "a notice, not an error");
}

#[test]
fn a_taken_port_is_refused_before_anything_is_built() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let mut command = Command::new(env!("CARGO_BIN_EXE_kettle-lab"));
    let refused = command
        .args(["book", "--port", &port])
        .output()
        .expect("it runs");
    assert_eq!(
        (refused.status.code(), refused.stdout),
        (Some(1), Vec::new())
    );
    let told = String::from_utf8_lossy(&refused.stderr);
    assert!(told.contains(&format!("port {port} is taken")), "{told}");
    assert!(told.contains("`cargo kettle book --port "), "{told}");
}
