//! `cargo kettle book`: build, serve, watch, until Ctrl-C.

use super::error::ServeError;
use super::files::watch;
use super::listen::{Server, listen};
use super::stop;
use crate::book::{self, BookError};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// What the reader asked for.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    /// The workspace: where `book.toml` lies.
    pub root: PathBuf,
    /// This port and no other; without it, 4000 or the next that is free.
    pub port: Option<u16>,
    /// Whether to open the reader's browser.
    pub open: bool,
}

/// What the book is made of: its text, what it shows of the code, how it looks.
const WATCHED: [&str; 5] =
    ["book.toml", "Cargo.toml", "chapters", "lab/web", "src"];

/// How often to look for changes.
const EVERY: Duration = Duration::from_millis(500);

/// Builds the book and serves it on 127.0.0.1 until Ctrl-C.
///
/// # Errors
/// Where the book does not build, the port is taken, or the system refuses something;
/// the message says what to do.
pub fn serve(options: &ServeOptions) -> Result<(), ServeError> {
    let listener = listen(options.port)?; // first, so that a taken port is told at once
    println!("Building the book.");
    let folder = tempfile::tempdir().map_err(ServeError::Folder)?;
    let built = build(&options.root, folder.path()).map_err(ServeError::Book)?;
    let server = Server::new(listener, &built)?;
    let handle = server.handle();
    stop::on_signal(handle.clone()).map_err(ServeError::Signals)?;
    watch_files(&options.root, folder.path(), &server);

    let url = format!("http://{}/", server.address());
    println!("Serving it at {url}, by Kettle itself. Ctrl-C stops.");
    if options.open {
        open_browser(url);
    }
    server.run()?;
    println!("Goodbye.");
    Ok(())
}

/// Builds the book and says so. The first build and each one after a change pass here.
///
/// The pages go into a folder of this process's own and from there into memory, so that
/// neither a second server nor `--build-only` gets in the way.
fn build(root: &Path, folder: &Path) -> Result<PathBuf, BookError> {
    let start = Instant::now();
    let built = book::build(root, Some(folder))?;
    let seconds = start.elapsed().as_secs_f64();
    let pages = match built.pages {
        1 => "1 page".into(),
        several => format!("{several} pages"),
    };
    println!("Built {pages} in {seconds:.1} s.");
    Ok(built.dir)
}

fn watch_files(root: &Path, folder: &Path, server: &Server) {
    let watched = WATCHED.map(|part| root.join(part)).into();
    let (root, folder) = (root.to_path_buf(), folder.to_path_buf());
    watch(server.handle(), watched, EVERY, move || {
        build(&root, &folder)
    });
}

/// Asks the system to show `url`. Should that fail, the address has been printed.
fn open_browser(url: String) {
    thread::spawn(move || {
        let (program, arguments): (_, &[_]) = match std::env::consts::OS {
            "macos" => ("open", &[]),
            "windows" => ("cmd", &["/C", "start"]),
            _ => ("xdg-open", &[]),
        };
        let mut command = Command::new(program);
        command.args(arguments).arg(&url);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        if !command.status().is_ok_and(|status| status.success()) {
            eprintln!("No browser opened; the address is {url}");
        }
    });
}
