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
