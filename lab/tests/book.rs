//! What the lab says of small books: a sound one, and one with each thing wrong.
//!
//! Each test breaks the sound book in one way and asserts the exact problem, so a
//! check that finds nothing, or something else, fails here.

use std::fs;
use std::path::Path;

use kettle_lab::book::{self, Problem};
use tempfile::TempDir;

const MANIFEST: &str = r#"
[[example]]
name = "one"
path = "chapters/one/one.rs"

[[example]]
name = "two"
path = "chapters/two/two.rs"
"#;

const BOOK: &str = r#"
[book]
title = "A small book"
src = "chapters"
[preprocessor.kettle]
command = "false"
before = ["links"]
"#;

const SUMMARY: &str = "# Summary\n\n[Front](index.md)\n\n- [One](one/index.md)\n\
                       - [Two](two/index.md)\n- [Three]()\n";

const ONE: &str = "# One\n\n```rust\n{{#code one.rs:greet}}\n```\n\n\
                   {{#output one}}\n\n\
                   See [two](../two/index.md#the-core).\n\n\
                   ```rust\n{{#code teacup.rs::pour}}\n```\n\n\
                   {{#figure trip \"A trip\" \"There and `back`\"}}\n";

const TWO: &str = "# Two\n\n## The core\n\n\
                   ```rust\n{{#code src/core.rs::Core}}\n{{#code src/core.rs::Core::new}}\n\
                   ```\n\n```rust\n{{#code src/core.rs::use}}\n```\n\n\
                   ```rust,recap\n{{#code src/core.rs::Core}}\n```\n\n\
                   ```rust\n{{#code teacup.rs::sip}}\n```\n\n\
                   ```rust,sketch\nlet never = compiled;\n```\n";

const CORE: &str = "//! The core.\n\nuse std::fmt;\n\n/// A core.\npub struct Core {\n    \
                    /// Its key.\n    key: u64,\n}\n\nimpl Core {\n    /// A core.\n    \
                    pub fn new() -> Core {\n        Core { key: 0 }\n    }\n}\n\n\
                    #[cfg(test)]\nmod tests {}\n";

const PROGRAM: &str = "//! A program.\nmod teacup;\n// ANCHOR: greet\nfn main() {\n    \
                       println!(\"hello\");\n}\n// ANCHOR_END: greet\n";

const POUR: &str = "//! Teacup.\n\npub fn pour() {}\n";
const SIP: &str = "//! Teacup.\n\npub fn pour() {}\n\n/// Sips.\npub fn sip() {}\n";
const TRIP: &str =
    "<svg viewBox=\"0 0 2 1\"><path class=\"line\" d=\"M0 0h2\"/></svg>\n";

/// A sound book in a folder of its own.
struct Small(TempDir);

impl Small {
    fn new() -> Small {
        let book = Small(tempfile::tempdir().expect("a temporary folder"));
        for (file, text) in [
            ("Cargo.toml", MANIFEST),
            ("book.toml", BOOK),
            ("src/core.rs", CORE),
            ("chapters/SUMMARY.md", SUMMARY),
            ("chapters/index.md", "# Front\n\n```text\nplain\n```\n"),
            ("chapters/core.txt", "src/core.rs two # the only one\n"),
            ("chapters/finished.txt", "one\ntwo\n"),
            ("chapters/one/index.md", ONE),
            ("chapters/one/one.rs", PROGRAM),
            ("chapters/one/one.out", "hello\n"),
            ("chapters/one/teacup.rs", POUR),
            ("chapters/one/figures/trip.svg", TRIP),
            ("chapters/two/index.md", TWO),
            ("chapters/two/two.rs", PROGRAM),
            ("chapters/two/teacup.rs", SIP),
        ] {
            book.write(file, text);
        }
        book
    }

    fn root(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.root().join(file);
        let folder = path.parent().expect("a file lies in a folder");
        fs::create_dir_all(folder).expect("a writable folder");
        fs::write(path, text).expect("a writable folder");
    }

    /// Replaces `old`, which must be there, in a file.
    fn mend(&self, file: &str, old: &str, new: &str) {
        let text =
            fs::read_to_string(self.root().join(file)).expect("a file of ours");
        assert!(text.contains(old), "{file} has no {old:?}");
        self.write(file, &text.replacen(old, new, 1));
    }

    fn problems(&self) -> Vec<String> {
        match book::build(self.root(), None) {
            Ok(_) => Vec::new(),
            Err(error) => error.problems.iter().map(Problem::to_string).collect(),
        }
    }

    fn uncovered(&self) -> Vec<String> {
        let coverage = book::coverage_report(self.root()).expect("a readable book");
        coverage.broken.iter().map(Problem::to_string).collect()
    }

    fn page(&self, page: &str) -> String {
        let built = book::build(self.root(), None).expect("a sound book");
        fs::read_to_string(built.dir.join(page)).expect("a built page")
    }
}

/// Breaks the sound book in one way, and compares all that is said of it.
#[track_caller]
fn broken(file: &str, old: &str, new: &str, said: &[&str]) {
    let book = Small::new();
    book.mend(file, old, new);
    assert_eq!(book.problems(), said);
}

#[test]
fn a_sound_book_has_no_problems_and_all_its_pages() {
    let book = Small::new();
    assert_eq!(book.problems(), [""; 0]);
    assert_eq!(book.uncovered(), [""; 0]);
    let out = book.root().join("elsewhere");
    let built = book::build(book.root(), Some(&out)).expect("a sound book");
    assert_eq!((built.pages, &built.dir), (3, &out));
    assert!(out.join("two/index.html").exists());
}

#[test]
fn code_comes_with_its_caption_and_without_its_docs() {
    let page = Small::new().page("two/index.html");
    assert!(page.contains("<code>src/core.rs</code>"), "{page}");
    assert!(
        page.contains("pub struct Core {\n    key: u64,\n}"),
        "{page}"
    );
    assert!(
        page.contains("\n\npub fn new() -&gt; Core {\n    Core"),
        "{page}"
    );
    assert!(!page.contains("Its key"), "{page}");
    assert!(page.contains("class=\"piece recap\""), "{page}");
    assert!(page.contains("class=\"piece sketch\""), "{page}");
}

#[test]
fn a_file_that_is_not_rust_is_shown_whole() {
    let book = Small::new();
    book.write("chapters/one/kettle.toml", "[kettle]\nwater = true\n");
    let fence = "```toml\n{{#code kettle.toml}}\n```\n\n{{#output one}}";
    book.mend("chapters/one/index.md", "{{#output one}}", fence);
    let page = book.page("one/index.html");
    assert!(page.contains(">[kettle]\nwater = true\n</code>"), "{page}");
    assert!(
        page.contains("<code>chapters/one/kettle.toml</code>"),
        "{page}"
    );
}

#[test]
fn docs_are_shown_on_request() {
    let book = Small::new();
    book.mend("chapters/two/index.md", "rust,recap", "rust,recap,docs");
    assert!(book.page("two/index.html").contains("/// Its key."));
}

#[test]
fn a_folded_piece_is_closed_until_it_is_opened() {
    let book = Small::new();
    book.mend("chapters/two/index.md", "rust,recap", "rust,recap,folded");
    let page = book.page("two/index.html");
    assert!(
        page.contains("<details class=\"piece recap folded\">"),
        "{page}"
    );
    assert!(
        page.contains("<summary><code>src/core.rs</code></summary>"),
        "{page}"
    );
}

#[test]
fn each_file_of_a_piece_is_named_above_it() {
    let book = Small::new();
    let both = "{{#code teacup.rs::sip}}\n{{#code src/core.rs::Core}}";
    book.mend("chapters/two/index.md", "{{#code teacup.rs::sip}}", both);
    let page = book.page("two/index.html");
    let caption = "<code>chapters/two/teacup.rs</code>, <code>src/core.rs</code>";
    assert!(page.contains(caption), "{page}");
}

#[test]
fn a_figure_stands_in_the_page_with_its_words() {
    let page = Small::new().page("one/index.html");
    assert!(
        page.contains("role=\"img\" aria-label=\"A trip\""),
        "{page}"
    );
    assert!(page.contains("<figcaption>There and <code>back</code></figcaption>"));
}

#[test]
fn a_stored_output_stands_under_the_command_that_repeats_it() {
    let page = Small::new().page("one/index.html");
    assert!(page.contains("<code>cargo kettle run one</code>"), "{page}");
    assert!(page.contains(">hello\n</code>"), "{page}");
}

#[test]
fn loose_code_is_refused() {
    let loose = "chapters/two/index.md:18: loose code: a fence of Rust, or one with a \
                 directive, holds `{{#code …}}` lines and nothing else; mark it \
                 `rust,sketch` if it is meant not to compile";
    broken(
        "chapters/two/index.md",
        "{{#code teacup.rs::sip}}",
        "fn sip() {}",
        &[loose],
    );
    let mixed = "{{#code teacup.rs::sip}}\n// and this";
    broken(
        "chapters/two/index.md",
        "{{#code teacup.rs::sip}}",
        mixed,
        &[loose],
    );
}

#[test]
fn a_fence_has_a_language_and_an_end() {
    let file = "chapters/index.md";
    broken(
        file,
        "```text",
        "```",
        &["chapters/index.md:3: give the fence a language; `text` if it has none"],
    );
    broken(
        file,
        "plain\n```",
        "plain",
        &["chapters/index.md:3: this fence never closes"],
    );
    broken(
        file,
        "```text",
        "- ```text",
        &[
            "chapters/index.md:3: begin the fence on a line of its own",
            "chapters/index.md:5: this fence never closes",
        ],
    );
}

#[test]
fn an_include_that_does_not_resolve_is_refused() {
    broken(
        "chapters/one/index.md",
        "one.rs:greet",
        "one.rs:great",
        &[
            "chapters/one/index.md:4: chapters/one/one.rs: there is no anchor `great`",
        ],
    );
    broken(
        "chapters/one/index.md",
        "one.rs:greet",
        "one.rs:2:5",
        &[
            "chapters/one/index.md:4: chapters/one/one.rs: line ranges rot; use an anchor or \
         an item",
        ],
    );
    broken(
        "chapters/one/index.md",
        "one.rs:greet",
        "won.rs:greet",
        &[
            "chapters/one/index.md:4: chapters/one/won.rs cannot be read: No such file or \
         directory (os error 2)",
        ],
    );
    broken(
        "chapters/two/index.md",
        "Core::new",
        "Core::knew",
        &[
            "chapters/two/index.md:7: src/core.rs: there is no item `Core::knew`; did you \
         mean `Core::new`?",
        ],
    );
    broken(
        "chapters/two/index.md",
        "core.rs::Core::new",
        "core.rs:Core",
        &[
            "chapters/two/index.md:7: src/core.rs: the runtime's sources carry no anchors; \
         name an item with `::`",
        ],
    );
}

#[test]
fn a_directive_that_is_none_is_refused() {
    broken(
        "chapters/one/index.md",
        "{{#figure",
        "{{#picture",
        &["chapters/one/index.md:15: there is no directive `picture`"],
    );
    broken(
        "chapters/one/index.md",
        "{{#output one}}",
        "{{#output won}}",
        &["chapters/one/index.md:7: there is no program `won`; there are: one"],
    );
}

#[test]
fn a_link_to_nowhere_is_refused_at_its_line() {
    broken(
        "chapters/one/index.md",
        "two/index.md#the-core",
        "two/index.md#the-cure",
        &[
            "chapters/one/index.md:9: the link `../two/index.html#the-cure` leads nowhere: \
         two/index.html has no anchor #the-cure",
        ],
    );
    broken(
        "chapters/one/index.md",
        "../two/index.md#the-core",
        "../too/index.md",
        &[
            "chapters/one/index.md:9: the link `../too/index.html` leads nowhere: there is \
         no page too/index.html",
        ],
    );
}

#[test]
fn a_file_that_nothing_compiles_is_refused() {
    broken(
        "chapters/two/two.rs",
        "mod teacup;",
        "",
        &[
            "chapters/two/teacup.rs: nothing compiles this file; declare it as an \
         [[example]] in Cargo.toml, or name it with `mod` in one that is",
        ],
    );
    broken(
        "Cargo.toml",
        "name = \"two\"",
        "name = \"too\"",
        &["Cargo.toml: call the example of chapters/two/two.rs `two`, not `too`"],
    );
}

#[test]
fn a_chapter_that_is_not_there_is_named() {
    broken(
        "chapters/SUMMARY.md",
        "one/index.md",
        "none/index.md",
        &[
            "chapters/none/index.md: SUMMARY.md names it, but No such file or directory (os \
         error 2)",
        ],
    );
}

#[test]
fn a_core_line_that_is_never_shown_is_missed() {
    let book = Small::new();
    book.mend(
        "chapters/two/index.md",
        "{{#code src/core.rs::Core::new}}\n",
        "",
    );
    assert_eq!(
        book.uncovered(),
        [
            "src/core.rs:13: lines 13 to 15 are (`pub fn new() -> Core {` …) never shown",
        ]
    );
}

#[test]
fn a_line_shown_twice_is_told() {
    let book = Small::new();
    book.mend("chapters/two/index.md", "rust,recap", "rust");
    assert_eq!(
        book.uncovered(),
        [
            "src/core.rs:6: lines 6 to 9 are (`pub struct Core {` …) shown 2 times, at \
         chapters/two/index.md:5 and chapters/two/index.md:14; mark repetitions \
         `rust,recap`",
        ]
    );
}

#[test]
fn a_line_that_teacup_gains_belongs_to_its_chapter() {
    let book = Small::new();
    book.mend(
        "chapters/two/teacup.rs",
        "pub fn sip() {}",
        "pub fn sip() {}\npub fn gulp() {}",
    );
    assert_eq!(
        book.uncovered(),
        ["chapters/two/teacup.rs:7: this line is (`pub fn gulp() {}`) never shown",]
    );
}

#[test]
fn a_chapter_that_is_not_finished_is_only_reported() {
    let book = Small::new();
    book.mend(
        "chapters/two/index.md",
        "{{#code src/core.rs::Core::new}}\n",
        "",
    );
    book.mend("chapters/finished.txt", "two\n", "");
    let coverage = book::coverage_report(book.root()).expect("a readable book");
    assert_eq!((coverage.broken.len(), coverage.open.len()), (0, 1));
}

#[test]
fn a_plain_mdbook_build_gives_the_same_pages() {
    let book = Small::new();
    let lab = env!("CARGO_BIN_EXE_kettle-lab");
    book.mend("book.toml", "\"false\"", &format!("\"{lab} preprocess\""));
    let ours = book::build(book.root(), Some(&book.root().join("ours")));
    let ours = ours.expect("a sound book").dir;

    let mut mdbook = mdbook_driver::MDBook::load(book.root()).expect("a book");
    mdbook.config.build.build_dir = "theirs".into();
    mdbook.build().expect("mdBook runs our command");

    for page in ["index.html", "one/index.html", "two/index.html"] {
        let read = |dir: &Path| fs::read_to_string(dir.join(page)).expect("a page");
        let theirs = read(&book.root().join("theirs"));
        assert!(theirs.contains("<main>"), "{page} is empty");
        assert_eq!(main(&read(&ours)), main(&theirs), "{page}");
    }
}

/// What a page says; its head names a search index by a hash that may differ.
fn main(page: &str) -> &str {
    let start = page.find("<main>").expect("a page has a main part");
    let end = page.find("</main>").expect("a page has a main part");
    &page[start..end]
}
