//! The command `cargo kettle`.

use std::io;
use std::process::ExitCode;

use anstream::{eprintln, println};
use anstyle::{AnsiColor, Style};
use clap::{Parser, Subcommand};
use kettle_lab::book::{self, BookError};

/// The async runtime that you can read, and the book that reads it with you.
#[derive(Parser)]
#[command(bin_name = "cargo kettle", arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Commands,
}

#[derive(Subcommand)]
enum Commands {
    /// Build the book and serve it on this machine.
    Book(BookArgs),
    /// mdBook's call of our preprocessor, for a plain `mdbook build`.
    #[command(hide = true)]
    Preprocess {
        #[command(subcommand)]
        asked: Option<Asked>,
    },
}

#[derive(clap::Args)]
struct BookArgs {
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

#[derive(Subcommand)]
enum Asked {
    /// Whether a renderer is supported; all are.
    Supports { renderer: String },
}

fn main() -> ExitCode {
    match Cli::parse().command {
        Commands::Book(args) => book(&args),
        Commands::Preprocess { asked } => preprocess(asked),
    }
}

fn book(args: &BookArgs) -> ExitCode {
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

/// The problems of a book, one on a line.
fn broken(error: &BookError) -> ExitCode {
    for problem in &error.problems {
        eprintln!("{RED}error{RED:#}: {problem}");
    }
    ExitCode::FAILURE
}

fn preprocess(asked: Option<Asked>) -> ExitCode {
    if let Some(Asked::Supports { .. }) = asked {
        return ExitCode::SUCCESS;
    }
    match book::preprocess(io::stdin().lock(), io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&format!("{error:#}")),
    }
}

fn failed(sentence: &str) -> ExitCode {
    eprintln!("{RED}error{RED:#}: {sentence}");
    ExitCode::FAILURE
}

const RED: Style = AnsiColor::Red.on_default().bold();
