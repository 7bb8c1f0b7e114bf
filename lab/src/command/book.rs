//! `cargo kettle book`.

use std::process::ExitCode;

use anstream::println;
use kettle_lab::book;

use super::{broken, failed};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The port to serve on; the next free one if it is taken.
    #[arg(long, value_name = "N")]
    port: Option<u16>,
    /// Open the book in the browser.
    #[arg(long)]
    open: bool,
    /// Only build the pages, as a static site in target/book.
    #[arg(long, conflicts_with_all = ["port", "open"])]
    build_only: bool,
}

pub(crate) fn book(args: &Args) -> ExitCode {
    if !args.build_only {
        return failed(
            "the book cannot be served yet; `--build-only` builds its pages",
        );
    }
    match book::build(&book::root(), None) {
        Ok(built) => {
            println!("{} pages in {}", built.pages, built.dir.display());
            ExitCode::SUCCESS
        }
        Err(error) => broken(&error),
    }
}
