//! The book and the sources belong together: each line of Rust on a page is a line of
//! a compiled file, each link leads somewhere, and finished chapters show what they
//! owe, once.

use kettle_lab::book;

#[test]
fn code_is_never_loose_and_every_include_resolves() {
    let problems = book::check(&book::root()).expect("SUMMARY.md and its chapters");
    let problems: Vec<_> = problems.iter().map(|p| p.to_string()).collect();
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn every_link_and_anchor_of_the_built_book_leads_somewhere() {
    let out = tempfile::tempdir().expect("a temporary folder");
    let built = book::build(&book::root(), Some(out.path()));
    let built = built.unwrap_or_else(|error| panic!("\n{error}"));
    assert!(built.dir.join("index.html").exists(), "{built:?}");
}

#[test]
fn finished_chapters_show_each_line_they_owe_once() {
    let coverage = book::coverage_report(&book::root()).expect("a readable book");
    let broken: Vec<_> = coverage.broken.iter().map(|p| p.to_string()).collect();
    assert!(
        broken.is_empty(),
        "\n{}\nin all:\n{coverage}",
        broken.join("\n")
    );
}
