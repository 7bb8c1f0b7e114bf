//! The cookbook's programs, and those of which a chapter says so, run on tokio with
//! nothing but the crate's name changed, and print the same.
//!
//! Their texts, with `kettle` replaced by `tokio`, become the programs of a small package
//! that depends on tokio alone. It is built beside the other test artefacts, out of what
//! Cargo has already fetched.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

const MANIFEST: &str = r#"
[package]
name = "cookbook-on-tokio"
version = "0.0.0"
edition = "2024"
publish = false

[dependencies]
tokio = { version = "1", features = ["io-util", "macros", "net", "rt", "sync", "test-util", "time"] }

# It is no member of the workspace that it lies in.
[workspace]
"#;

/// Programs of chapters that say of them that they print the same on tokio.
const OF_CHAPTERS: [&str; 1] = ["chapters/whom-to-poll/hour.rs"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every program of the cookbook and those of the chapters, by the name of its file.
fn programs() -> io::Result<Vec<(String, PathBuf)>> {
    let mut paths: Vec<_> = OF_CHAPTERS.map(|path| root().join(path)).into();
    for entry in fs::read_dir(root().join("chapters/cookbook"))? {
        paths.push(entry?.path());
    }
    paths.retain(|path| path.extension().is_some_and(|is| is == "rs"));
    let named = |path: PathBuf| {
        let name = path.file_stem().expect("it has an extension");
        (name.to_str().expect("a plain name").to_owned(), path)
    };
    let mut programs: Vec<_> = paths.into_iter().map(named).collect();
    programs.sort();
    Ok(programs)
}

/// Writes the package, and gives its folder.
fn write_package(programs: &[(String, PathBuf)]) -> io::Result<PathBuf> {
    let package = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cookbook-on-tokio");
    let bins = package.join("src/bin");
    // What an earlier run left of programs that are gone must not be built.
    match fs::remove_dir_all(&bins) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => fs::create_dir_all(&bins)?,
    }
    fs::write(package.join("Cargo.toml"), MANIFEST)?;
    // The same versions as everywhere else.
    fs::copy(root().join("Cargo.lock"), package.join("Cargo.lock"))?;
    for (name, path) in programs {
        let text = fs::read_to_string(path)?;
        let text = text.replace("kettle::", "tokio::");
        fs::write(bins.join(name).with_extension("rs"), text)?;
    }
    Ok(package)
}

#[test]
fn every_such_program_prints_on_tokio_what_it_prints_on_kettle() {
    let programs = programs().expect("the cookbook");
    assert!(!programs.is_empty(), "the cookbook has programs");
    let package = write_package(&programs).expect("a writable target folder");
    let target = package.join("target");
    let built = Command::new(env!("CARGO"))
        .args(["build", "--offline", "--quiet", "--bins"])
        .current_dir(&package)
        .env("CARGO_TARGET_DIR", &target)
        .env_remove("RUSTFLAGS")
        .output()
        .expect("cargo can be run");
    let said = String::from_utf8_lossy(&built.stderr);
    assert!(
        built.status.success(),
        "a program does not compile:\n{said}"
    );
    for (name, path) in programs {
        let run = Command::new(target.join("debug").join(&name))
            .output()
            .expect("it was built");
        assert!(run.status.success(), "{name} fails on tokio: {run:?}");
        let printed = String::from_utf8(run.stdout).expect("text");
        let stored = fs::read_to_string(path.with_extension("out"));
        let stored = stored.expect("a stored output");
        assert_eq!(printed, stored, "{name}: left on tokio, right on Kettle");
    }
}
