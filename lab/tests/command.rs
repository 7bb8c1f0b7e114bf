//! The command line: it helps, it suggests, and it says what to type instead.

use std::process::{Command, Output};

fn kettle(words: &[&str]) -> (Option<i32>, String, String) {
    let lab = env!("CARGO_BIN_EXE_kettle-lab");
    let run = Command::new(lab).args(words).output();
    let Output {
        status,
        stdout,
        stderr,
    } = run.expect("our own program");
    let text = |bytes| String::from_utf8(bytes).expect("we print UTF-8");
    (status.code(), text(stdout), text(stderr))
}

#[test]
fn alone_it_prints_its_help() {
    let (code, _, said) = kettle(&[]);
    assert_eq!(code, Some(2));
    assert!(said.contains("Usage: cargo kettle <COMMAND>"), "{said}");
    for command in ["book", "run", "check"] {
        assert!(
            said.contains(&format!("\n  {command} ")),
            "{command}: {said}"
        );
    }
    assert!(!said.contains("preprocess"), "{said}");
}

#[test]
fn a_mistyped_command_is_met_with_the_nearest() {
    let (code, _, said) = kettle(&["chek", "block-on"]);
    assert_eq!(code, Some(2));
    assert!(
        said.contains("a similar subcommand exists: 'check'"),
        "{said}"
    );
}

#[test]
fn a_chapter_that_is_none_is_an_error_without_colours_where_nobody_sees_them() {
    for command in ["run", "check"] {
        let (code, printed, said) = kettle(&[command, "999"]);
        assert_eq!((code, &*printed), (Some(1), ""));
        let plain = "error: there is no chapter `999`";
        let none = "error: no chapter is written yet";
        assert!(said.starts_with(plain) || said.starts_with(none), "{said}");
    }
}

#[test]
fn run_alone_lists_every_program_with_what_it_is_about() {
    let (code, printed, said) = kettle(&["run"]);
    assert_eq!((code, &*said), (Some(0), ""));
    let root = kettle_lab::book::root();
    let mut programs = kettle_lab::program::all(&root).expect("the manifest");
    programs.retain(|it| it.kind == kettle_lab::program::Kind::Program);
    assert!(programs.len() > 20, "{}", programs.len());
    for program in programs {
        let mut lines = printed.lines().filter_map(|it| it.strip_prefix("  "));
        let line = lines.find(|line| {
            let mut words = line.split("  ");
            words.next() == Some(&*program.target())
        });
        let about = line.and_then(|line| line.split("  ").last());
        assert!(about.is_some_and(|it| it.contains(' ')), "{printed}");
    }
}

#[test]
fn check_alone_lists_every_exercise_with_what_it_is_about() {
    let (code, printed, said) = kettle(&["check"]);
    assert_eq!((code, &*said), (Some(0), ""));
    let root = kettle_lab::book::root();
    let mut stubs = kettle_lab::program::all(&root).expect("the manifest");
    stubs.retain(|it| it.kind == kettle_lab::program::Kind::Exercise);
    assert!(stubs.len() > 5, "{}", stubs.len());
    for stub in stubs {
        let mut lines = printed.lines().filter_map(|it| it.strip_prefix("  "));
        let line = lines.find_map(|line| line.strip_prefix(&stub.target()));
        assert!(line.is_some_and(|it| it.trim().contains(' ')), "{printed}");
    }
}

#[test]
fn a_folder_of_programs_that_is_no_chapter_is_called_by_its_name() {
    let (code, printed, said) = kettle(&["run", "cookbook"]);
    assert_eq!((code, &*printed), (Some(1), ""));
    assert!(said.contains("which one? The programs of `cookbook` are:"));
    assert!(said.contains("cargo kettle run cookbook/retry"), "{said}");
    let (_, _, said) = kettle(&["run", "cookbook/rety"]);
    assert!(said.contains("did you mean `retry`?"), "{said}");
}

#[test]
fn mdbook_is_told_that_every_renderer_is_supported() {
    let (code, printed, said) = kettle(&["preprocess", "supports", "html"]);
    assert_eq!((code, &*printed, &*said), (Some(0), "", ""));
}

#[test]
fn what_is_not_mdbooks_input_is_refused() {
    let (code, printed, said) = kettle(&["preprocess"]);
    assert_eq!((code, &*printed), (Some(1), ""));
    assert!(
        said.starts_with("error: Unable to parse the input"),
        "{said}"
    );
}
