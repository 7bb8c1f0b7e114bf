//! What the book says of tokio's sources is there, in the version that it names.
//!
//! A chapter's box cites a place as `runtime/park.rs::Inner::unpark`: a file below
//! tokio's `src`, and a name in it. tokio's source lies in Cargo's registry, because the
//! lab's HTTP crate depends on it; the version is the one of our `Cargo.lock`.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use kettle_lab::book;

/// The version that the boxes speak of.
const VERSION: &str = "1.54.1";

#[test]
fn every_place_in_tokio_that_the_book_names_exists() {
    let root = book::root();
    let pages = pages(&root);
    let cited = pages.iter().map(|(_, text)| citations(text).len());
    assert!(
        cited.sum::<usize>() > 0,
        "no page cites tokio: has the form changed?"
    );
    let Some(tokio) = tokio_sources() else {
        return eprintln!("SKIPPED: tokio {VERSION} is not in Cargo's registry");
    };
    for (page, text) in &pages {
        for cited in citations(text) {
            if let Err(why) = look_up(&tokio, cited) {
                panic!("{}: `{cited}`: {why}", page.display());
            }
        }
    }
}

#[test]
fn the_version_that_the_book_names_is_the_one_in_use() {
    let lock =
        fs::read_to_string(book::root().join("Cargo.lock")).expect("our own");
    assert!(
        lock.contains(&format!("name = \"tokio\"\nversion = \"{VERSION}\"")),
        "Cargo.lock has another tokio: read the boxes again, then change VERSION here"
    );
}

#[test]
fn what_is_not_there_is_found_to_be_missing() {
    assert_eq!(
        citations("a `b.rs` and `c/d.rs::E::f`, no"),
        ["c/d.rs::E::f"]
    );
    let Some(tokio) = tokio_sources() else {
        return eprintln!("SKIPPED: tokio {VERSION} is not in Cargo's registry");
    };
    let missing = |cited| look_up(&tokio, cited).expect_err("it is not there");
    assert!(missing("runtime/pork.rs::Inner").contains("no such file"));
    assert!(missing("runtime/park.rs::Inner::sleep").contains("`sleep`"));
    assert!(missing("runtime/park.rs::Outer::park").contains("`Outer`"));
}

/// tokio's `src` folder in Cargo's registry. A vendored tokio is not found here.
fn tokio_sources() -> Option<PathBuf> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(env::home_dir()?.join(".cargo")))?;
    let registries = fs::read_dir(home.join("registry/src")).ok()?;
    let mut sources = registries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .map(|registry| registry.join(format!("tokio-{VERSION}/src")));
    sources.find(|sources| sources.is_dir())
}

/// The pages of the chapters.
fn pages(root: &Path) -> Vec<(PathBuf, String)> {
    let chapters = book::chapters(root).expect("SUMMARY.md can be read");
    let files = chapters.into_iter().filter_map(|chapter| chapter.page);
    let page = |file| {
        let path = root.join("chapters").join(file);
        let text = fs::read_to_string(&path).expect("a page of ours");
        (path, text)
    };
    files.map(page).collect()
}

/// All `FILE.rs::NAME` in backticks.
fn citations(text: &str) -> Vec<&str> {
    let spans = text.split('`').skip(1).step_by(2);
    spans
        .filter(|span| {
            span.contains(".rs::") && !span.contains(char::is_whitespace)
        })
        .collect()
}

/// Whether a file of tokio has the names of a citation.
fn look_up(tokio: &Path, cited: &str) -> Result<(), String> {
    let (file, names) = cited.split_once("::").expect("it has a name");
    let text = fs::read_to_string(tokio.join(file))
        .map_err(|_| format!("tokio {VERSION} has no such file"))?;
    let names: Vec<&str> = names.split("::").collect();
    let (last, types) = names.split_last().expect("it has a name");
    for name in types {
        if !has(&text, &["struct", "enum", "trait"], name) {
            return Err(format!("there is no type `{name}`"));
        }
    }
    match has(&text, &["fn", "struct", "enum", "trait", "const"], last) {
        true => Ok(()),
        false => Err(format!("there is no `{last}`")),
    }
}

/// Whether one of the keywords declares `name` in `text`.
fn has(text: &str, keywords: &[&str], name: &str) -> bool {
    keywords.iter().any(|keyword| {
        let declared = format!("{keyword} {name}");
        let mut after = text.split(&declared).skip(1);
        after.any(|rest| {
            !rest.starts_with(|c: char| c == '_' || c.is_alphanumeric())
        })
    })
}
