//! `cargo kettle book` as a reader runs it: it says what it does, serves, and ends.
#![cfg(unix)]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

/// The command, running.
struct Running {
    child: Child,
    said: BufReader<ChildStdout>,
    address: String,
}

/// Starts it on any free port, with `path` as the folder where programs are found.
fn start(path: &Path, arguments: &[&str]) -> Running {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kettle-lab"));
    command
        .args(["book", "--port", "0"])
        .args(arguments)
        .env("PATH", path);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the command starts");
    let mut said = BufReader::new(child.stdout.take().expect("a pipe"));

    assert_eq!(line(&mut said), "Building the book.\n");
    let built = line(&mut said);
    assert!(
        built.starts_with("Built ") && built.ends_with(" s.\n"),
        "{built}"
    );
    let serving = line(&mut said);
    let address = serving
        .split_once("http://")
        .and_then(|(_, it)| it.split_once('/'));
    let address = address.unwrap_or_else(|| panic!("no address: {serving}")).0;
    Running {
        child,
        said,
        address: address.to_owned(),
    }
}

fn line(from: &mut impl BufRead) -> String {
    let mut line = String::new();
    from.read_line(&mut line).expect("a line");
    line
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
fn end(mut running: Running, signal: &str) -> (Option<i32>, String) {
    let id = running.child.id().to_string();
    let sent = Command::new("kill").args([signal, &id]).status();
    assert!(sent.expect("kill runs").success());
    let mut rest = String::new();
    running
        .said
        .read_to_string(&mut rest)
        .expect("its last words");
    let mut stderr = running.child.stderr.take().expect("a pipe");
    stderr.read_to_string(&mut rest).expect("its complaints");
    let status = running.child.wait().expect("an end");
    (status.code(), rest)
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
        let stopped = "\nStopping.\nGoodbye.\n".to_owned();
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
    // A pipe, so that reading from it waits until the browser has been asked.
    let pipe = Command::new("mkfifo")
        .arg(&opened)
        .status()
        .expect("mkfifo runs");
    assert!(pipe.success());
    let script = format!("#!/bin/sh\necho \"$1\" > {}\n", opened.display());
    fs::write(&browser, script).expect("a program");
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o755))
        .expect("it runs");

    let running = start(folder.path(), &["--open"]);
    let asked = fs::read_to_string(&opened).expect("an address");
    assert_eq!(asked, format!("http://{}/\n", running.address));
    assert_eq!(end(running, "-INT").0, Some(0));

    fs::remove_file(&browser).expect("the browser goes");
    let mut running = start(folder.path(), &["--open"]);
    let notice = line(&mut BufReader::new(
        running.child.stderr.as_mut().expect("a pipe"),
    ));
    assert_eq!(
        notice,
        format!(
            "No browser opened; the address is http://{}/\n",
            running.address
        )
    );
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
