//! A real Chromium, driven over its debugging pipe: JSON messages, each ended by a NUL.
//!
//! No WebSocket, no port, no driver program, no crate but `serde_json`. Where there is no
//! Chromium the tests that want one say so and pass; with `KETTLE_REQUIRE_BROWSER=1` they
//! fail instead.

use serde_json::{Value, json};
use std::env;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long anything may take. Only what never happens takes this long.
const PATIENCE: Duration = Duration::from_secs(60);

const SKIPPED: &str = "
  SKIPPED: there is no Chromium here, so the book was not looked at in a browser.
  Install it (Debian: apt-get install chromium), or name one in KETTLE_CHROMIUM.
";

/// One browser with one page.
pub(crate) struct Browser {
    child: Child,
    commands: ChildStdin,
    messages: Receiver<Value>,
    last_id: u64,
    session: Option<Value>,
    /// What went wrong on the pages: exceptions, console errors, broken policies.
    pub(crate) errors: Vec<String>,
    /// Every address that was asked for.
    pub(crate) requests: Vec<String>,
    _profile: TempDir,
}

impl Browser {
    /// `None` where no browser is installed.
    ///
    /// # Panics
    /// If that is so and `KETTLE_REQUIRE_BROWSER` is set.
    pub(crate) fn start() -> Option<Browser> {
        let Some(program) = find() else {
            let required = env::var_os("KETTLE_REQUIRE_BROWSER").is_some();
            assert!(
                !required,
                "there is no Chromium, and KETTLE_REQUIRE_BROWSER is set"
            );
            // Past libtest, which keeps what a passing test prints with `eprintln!`.
            let _ = writeln!(std::io::stderr(), "{SKIPPED}");
            return None;
        };
        let profile =
            tempfile::tempdir().expect("a folder for the browser's profile");
        let mut child = command(program, &profile)
            .spawn()
            .expect("the browser starts");
        let commands = child.stdin.take().expect("a pipe");
        let messages = receive(child.stdout.take().expect("a pipe"));
        let mut browser = Browser {
            child,
            commands,
            messages,
            last_id: 0,
            session: None,
            errors: Vec::new(),
            requests: Vec::new(),
            _profile: profile,
        };
        browser.open_page();
        Some(browser)
    }

    fn open_page(&mut self) {
        let page =
            self.call("Target.createTarget", json!({ "url": "about:blank" }));
        let page = json!({ "targetId": page["targetId"], "flatten": true });
        let session = self.call("Target.attachToTarget", page);
        self.session = Some(session["sessionId"].clone());
        for domain in ["Page", "Runtime", "Network", "Log"] {
            self.call(&format!("{domain}.enable"), json!({}));
        }
    }

    /// One command of the DevTools protocol, and its result.
    #[track_caller]
    pub(crate) fn call(&mut self, method: &str, parameters: Value) -> Value {
        let answer = self.ask(method, parameters);
        assert!(answer["error"].is_null(), "{method}: {}", answer["error"]);
        answer["result"].clone()
    }

    /// One command and the whole answer, which may be an error.
    #[track_caller]
    fn ask(&mut self, method: &str, parameters: Value) -> Value {
        self.last_id += 1;
        let mut command =
            json!({ "id": self.last_id, "method": method, "params": parameters });
        if let Some(session) = &self.session {
            command["sessionId"] = session.clone();
        }
        let sent = self.commands.write_all(format!("{command}\0").as_bytes());
        sent.expect("the browser listens");
        loop {
            let message = self.messages.recv_timeout(PATIENCE);
            let message = message.unwrap_or_else(|_| panic!("{method}: no answer"));
            if message["id"] == self.last_id {
                return message;
            }
            self.note(&message["method"], &message["params"]);
        }
    }

    fn note(&mut self, event: &Value, what: &Value) {
        match event.as_str() {
            Some("Runtime.exceptionThrown") => {
                self.errors.push(what["exceptionDetails"].to_string());
            }
            Some("Runtime.consoleAPICalled") if what["type"] == "error" => {
                self.errors.push(what["args"].to_string());
            }
            Some("Log.entryAdded") if what["entry"]["level"] == "error" => {
                self.errors.push(what["entry"].to_string());
            }
            Some("Network.requestWillBeSent") => {
                let url = what["request"]["url"].as_str().unwrap_or_default();
                self.requests.push(url.to_owned());
            }
            _ => {}
        }
    }

    /// The value of a JavaScript expression; a promise is awaited.
    #[track_caller]
    pub(crate) fn eval(&mut self, script: &str) -> Value {
        let done = self.call("Runtime.evaluate", evaluation(script));
        assert!(done["exceptionDetails"].is_null(), "{script}: {done}");
        done["result"]["value"].clone()
    }

    /// Waits until an expression is true. While a page loads it may throw, or lose the
    /// page that it was asked of.
    #[track_caller]
    pub(crate) fn wait(&mut self, script: &str) {
        let end = Instant::now() + PATIENCE;
        let script = format!("!!({script})");
        loop {
            let answer = self.ask("Runtime.evaluate", evaluation(&script));
            if answer["result"]["result"]["value"] == true {
                return;
            }
            assert!(Instant::now() < end, "never true: {script}");
            sleep(Duration::from_millis(20));
        }
    }

    /// Opens a page and waits until it is there with all it needs.
    #[track_caller]
    pub(crate) fn open(&mut self, url: &str) {
        let opened = self.call("Page.navigate", json!({ "url": url }));
        assert!(opened["errorText"].is_null(), "{url}: {opened}");
        self.wait(&format!(
            "location.href === {url:?} && document.readyState === 'complete'"
        ));
    }

    /// Makes the window this large, in CSS pixels.
    pub(crate) fn resize(&mut self, width: u32, height: u32, mobile: bool) {
        let size = json!({ "width": width, "height": height, "mobile": mobile,
            "deviceScaleFactor": 1 });
        self.call("Emulation.setDeviceMetricsOverride", size);
    }

    /// Types text where the cursor is.
    pub(crate) fn write(&mut self, text: &str) {
        for letter in text.chars() {
            for kind in ["keyDown", "keyUp"] {
                let text = if kind == "keyDown" {
                    letter.into()
                } else {
                    String::new()
                };
                let key = json!({ "type": kind, "key": letter.to_string(), "text": text });
                self.call("Input.dispatchKeyEvent", key);
            }
        }
    }

    /// Clicks in the middle of the first element that `css` selects.
    #[track_caller]
    pub(crate) fn click(&mut self, css: &str) {
        let middle = self.eval(&format!(
            "(() => {{
                const element = document.querySelector({css:?});
                element.scrollIntoView({{ block: 'center', behavior: 'instant' }});
                const box = element.getBoundingClientRect();
                return [box.x + box.width / 2, box.y + box.height / 2];
            }})()"
        ));
        for kind in ["mousePressed", "mouseReleased"] {
            let mouse = json!({ "type": kind, "x": middle[0], "y": middle[1],
                "button": "left", "clickCount": 1 });
            self.call("Input.dispatchMouseEvent", mouse);
        }
    }

    /// Nothing went wrong on any page so far, and nobody but `site` was asked.
    #[track_caller]
    pub(crate) fn assert_calm(&mut self, site: &str) {
        self.eval("0"); // takes in what the browser has told by now
        assert_eq!(self.errors, Vec::<String>::new());
        let ours = |url: &&String| {
            url.starts_with(site)
                || url.starts_with("data:")
                || *url == "about:blank"
        };
        let foreign: Vec<_> =
            self.requests.iter().filter(|url| !ours(url)).collect();
        assert!(foreign.is_empty(), "the book must do without {foreign:?}");
    }
}

impl Drop for Browser {
    /// Asks first: a browser that is killed leaves its helpers behind for a while.
    fn drop(&mut self) {
        let _ = self
            .commands
            .write_all(b"{\"id\":0,\"method\":\"Browser.close\"}\0");
        let end = Instant::now() + Duration::from_secs(5);
        while Instant::now() < end && matches!(self.child.try_wait(), Ok(None)) {
            sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn evaluation(script: &str) -> Value {
    json!({ "expression": script, "awaitPromise": true, "returnByValue": true })
}

/// A shell moves our two pipes to the descriptors 3 and 4, where Chromium wants them;
/// in Rust that would take `unsafe`.
fn command(program: PathBuf, profile: &TempDir) -> Command {
    const PIPES: &str = "exec \"$@\" 3<&0 4>&1 0</dev/null 1>/dev/null 2>/dev/null";
    let mut command = Command::new("sh");
    command.args(["-c", PIPES, "sh"]).arg(program).args([
        "--headless",
        "--remote-debugging-pipe",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--window-size=1400,1000",
    ]);
    if is_root() {
        command.arg("--no-sandbox"); // Chromium's own condition
    }
    command.arg(format!("--user-data-dir={}", profile.path().display()));
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    command
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|id| id.stdout.trim_ascii() == b"0")
}

/// Reads messages on a thread, so that waiting for one can have an end.
fn receive(pipe: ChildStdout) -> Receiver<Value> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for message in BufReader::new(pipe).split(0) {
            let Ok(message) = message else { return };
            let message = serde_json::from_slice(&message).expect("JSON");
            if sender.send(message).is_err() {
                return;
            }
        }
    });
    receiver
}

/// `KETTLE_CHROMIUM`, or a browser of Chromium's family where they usually are.
fn find() -> Option<PathBuf> {
    if let Some(named) = env::var_os("KETTLE_CHROMIUM") {
        return Some(named.into());
    }
    let names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
    let path = env::var_os("PATH").unwrap_or_default();
    let in_path: Vec<_> = env::split_paths(&path)
        .flat_map(|folder| names.map(|name| folder.join(name)))
        .collect();
    let applications = [
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
    ];
    let mut all = in_path.into_iter().chain(applications.map(PathBuf::from));
    all.find(|program| program.is_file())
}
