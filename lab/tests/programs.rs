//! Programs and exercises of a small package of our own: what is right passes, and
//! each thing that can be wrong is found.

use std::fs;
use std::path::Path;

use kettle_lab::book::Problem;
use kettle_lab::{exercise, program};
use tempfile::TempDir;

const HEAD: &str =
    "[workspace]\n[package]\nname = \"kettle\"\nedition = \"2024\"\n";

/// A package with chapter programs, in a folder of its own.
struct Package(TempDir);

impl Package {
    fn new(files: &[(&str, &str, &str)]) -> Package {
        let package = Package(tempfile::tempdir().expect("a temporary folder"));
        let mut manifest = HEAD.to_owned();
        package.write("src/lib.rs", "");
        for (example, file, text) in files {
            let path = format!("chapters/{file}");
            package.write(&path, text);
            if !example.is_empty() {
                manifest +=
                    &format!("[[example]]\nname = {example:?}\npath = {path:?}\n");
            }
        }
        package.write("Cargo.toml", &manifest);
        package
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
}

fn sentences(problems: &[Problem]) -> Vec<String> {
    problems.iter().map(Problem::to_string).collect()
}

fn program_faults(files: &[(&str, &str, &str)]) -> Vec<String> {
    let package = Package::new(files);
    sentences(&program::faults(package.root()).expect("cargo can be run"))
}

const HELLO: &str = "fn main() { println!(\"hello\"); }";

#[test]
fn a_program_that_prints_what_is_stored_is_right() {
    let varying =
        "//! A program.\n//! output: varies, because it counts.\nfn main() {}";
    let faults = program_faults(&[
        ("one", "one/one.rs", HELLO),
        ("", "one/one.out", "hello\n"),
        ("one-two", "one/two.rs", varying),
    ]);
    assert_eq!(faults, [""; 0]);
}

#[test]
fn a_program_that_prints_something_else_is_found() {
    let faults = program_faults(&[
        ("one", "one/one.rs", HELLO),
        ("", "one/one.out", "goodbye\n"),
        ("one-two", "one/two.rs", HELLO),
        (
            "one-three",
            "one/three.rs",
            "//! output: varies\nfn main() {}",
        ),
        ("one-four", "one/four.rs", "fn main() { panic!(\"ouch\") }"),
    ]);
    assert_eq!(
        faults[0],
        "chapters/one/one.rs: its output is not the stored one; `cargo \
        kettle run one > chapters/one/one.out` stores it, if it is right\nstored:\n\
        goodbye\nprinted:\nhello\n"
    );
    assert_eq!(
        faults[1],
        "chapters/one/two.rs: its output is not stored; `cargo kettle \
        run one/two > chapters/one/two.out` stores it"
    );
    assert_eq!(
        faults[2],
        "chapters/one/three.rs: say why its output varies"
    );
    assert!(
        faults[3].contains("it ends with exit status: 101"),
        "{}",
        faults[3]
    );
    assert!(faults[3].contains("ouch"), "{}", faults[3]);
    assert_eq!(faults.len(), 4);
}

#[test]
fn a_program_that_does_not_compile_is_found_and_the_others_still_run() {
    let faults = program_faults(&[
        ("one-bad", "one/bad.rs", "fn main() { nothing() }"),
        ("one", "one/one.rs", HELLO),
        ("", "one/one.out", "hello\n"),
    ]);
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert!(faults[0].starts_with("chapters/one/bad.rs: it does not compile"));
    assert!(faults[0].contains("cannot find function"), "{}", faults[0]);
}

const CHECK: &str = "pub fn main(answer: fn() -> u32) {\n    if answer() != 42 {\n        \
    println!(\"the answer is 42, not {}\", answer());\n        std::process::exit(1);\n    \
    }\n}\n";

fn answer(number: u32, folder: &str) -> String {
    format!(
        "#[path = \"{folder}sum_check.rs\"]\nmod check;\nfn answer() -> u32 {{ {number} \
         }}\nfn main() {{ check::main(answer) }}\n"
    )
}

fn exercise_faults(stub: u32, solution: u32, check: &str) -> Vec<String> {
    let package = Package::new(&[
        (
            "one-exercise-sum",
            "one/exercises/sum.rs",
            &answer(stub, ""),
        ),
        ("", "one/exercises/sum_check.rs", check),
        (
            "one-solution-sum",
            "one/solutions/sum.rs",
            &answer(solution, "../exercises/"),
        ),
    ]);
    sentences(&exercise::faults(package.root()).expect("cargo can be run"))
}

#[test]
fn a_stub_fails_with_a_word_and_its_solution_passes() {
    assert_eq!(exercise_faults(0, 42, CHECK), [""; 0]);
}

#[test]
fn a_stub_that_passes_and_a_solution_that_does_not_are_found() {
    let faults = exercise_faults(42, 41, CHECK);
    assert!(
        faults[0]
            .starts_with("chapters/one/exercises/sum.rs: it passes its check.")
    );
    assert_eq!(
        faults[1],
        "chapters/one/solutions/sum.rs: its check fails:\nthe answer is \
        42, not 41\n"
    );
    assert_eq!(faults.len(), 2);
}

#[test]
fn a_check_without_a_word_is_found() {
    let mute =
        CHECK.replace("println!(\"the answer is 42, not {}\", answer());", "");
    assert_eq!(
        exercise_faults(0, 42, &mute),
        ["chapters/one/exercises/sum.rs: its check fails without a word",]
    );
}
