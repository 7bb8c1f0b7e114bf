//! Every known bug of the trusted runtimes has its answer here.
//!
//! Kettle was begun with a list of bugs that async runtimes really had, in seven families
//! by letter. Each has a test whose name begins with its number, or a line in
//! ARCHITECTURE.md: why it cannot happen here, or which layer is not built yet. This test
//! holds the three against each other, so that none is forgotten and no line outlives
//! its reason.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The families, and how many bugs each has.
const FAMILIES: [(char, u32); 7] = [
    ('a', 19), // the memory of tasks, and wakers
    ('b', 15), // the scheduler
    ('c', 27), // synchronisation
    ('d', 11), // time
    ('e', 18), // the reactor and io
    ('f', 11), // threads, the end, the platform
    ('g', 8),  // streams, macros, the interface
];

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

#[test]
fn every_bug_on_the_list_has_a_test_or_a_reason() {
    let tested = tested();
    let impossible = lines("## Bugs that cannot happen here");
    let later = lines("## Bugs of layers that are not built yet");
    let mut wrong = Vec::new();
    for (family, count) in FAMILIES {
        for id in (1..=count).map(|number| format!("{family}{number}")) {
            let places = [
                tested.contains_key(&id),
                impossible.contains(&id),
                later.contains(&id),
            ];
            match places.iter().filter(|it| **it).count() {
                0 => wrong.push(format!("{id} has neither a test nor a line")),
                1 => {}
                _ => wrong.push(format!("{id} has a line that is out of date")),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_test_and_no_line_is_for_a_bug_that_is_not_on_the_list() {
    let known: BTreeSet<String> = FAMILIES
        .iter()
        .flat_map(|(family, count)| {
            (1..=*count).map(move |n| format!("{family}{n}"))
        })
        .collect();
    for (id, test) in tested() {
        assert!(known.contains(&id), "{test} is for {id}");
    }
    for heading in [
        "## Bugs that cannot happen here",
        "## Bugs of layers that are not built yet",
    ] {
        for id in lines(heading) {
            assert!(known.contains(&id), "{id} stands under {heading}");
        }
    }
}

/// The bugs that have a test, with the name of one.
fn tested() -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for folder in ["tests", "src", "lab", "models"] {
        walk(&Path::new(ROOT).join(folder), &mut |text| {
            let lines = text.lines().map(str::trim_start);
            let names = lines.filter_map(|line| {
                let line = line.strip_prefix("pub ").unwrap_or(line);
                let line = line.strip_prefix("async ").unwrap_or(line);
                line.strip_prefix("fn ")?.split('(').next()
            });
            for name in names {
                let ids = name.split('_').take_while(|word| is_id(word));
                found.extend(ids.map(|id| (id.to_owned(), name.to_owned())));
            }
        });
    }
    found
}

fn is_id(word: &str) -> bool {
    let Some((family, number)) = word.split_at_checked(1) else {
        return false;
    };
    "abcdefg".contains(family) && number.parse::<u32>().is_ok()
}

fn walk(folder: &Path, each: &mut dyn FnMut(&str)) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.expect("a folder of the project").path();
        if path.is_dir() && !path.ends_with("target") {
            walk(&path, each);
        } else if path.extension().is_some_and(|it| it == "rs") {
            each(&fs::read_to_string(&path).expect("a source is text"));
        }
    }
}

/// The numbers in the table under a heading of ARCHITECTURE.md.
fn lines(heading: &str) -> BTreeSet<String> {
    let page = fs::read_to_string(Path::new(ROOT).join("ARCHITECTURE.md"));
    let page = page.expect("the page of the plan");
    let (_, section) = page.split_once(heading).expect(heading);
    let section = section.split("\n## ").next().unwrap_or(section);
    let cells = section.lines().filter_map(|line| line.strip_prefix("| "));
    let ids = cells.filter_map(|line| line.split(" |").next());
    ids.flat_map(|ids| ids.split(", "))
        .map(str::to_lowercase)
        .filter(|id| is_id(id))
        .collect()
}
