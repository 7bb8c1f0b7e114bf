//! `cargo kettle book`.

use std::process::ExitCode;

use anstream::println;
use kettle_lab::book;
use kettle_lab::server::{ServeError, ServeOptions, serve};

use super::{broken, failed};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The port to serve on; without it 4000, or the next that is free.
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
    if args.build_only {
        return build_only();
    }
    let Args { port, open, .. } = *args;
    match serve(&ServeOptions {
        root: book::root(),
        port,
        open,
    }) {
        Ok(()) => ExitCode::SUCCESS,
        Err(ServeError::Book(error)) => broken(&error),
        Err(error) => failed(&error.to_string()),
    }
}

fn build_only() -> ExitCode {
    match book::build(&book::root(), None) {
        Ok(built) => {
            println!("{} pages in {}", built.pages, built.dir.display());
            ExitCode::SUCCESS
        }
        Err(error) => broken(&error),
    }
}
