//! The command `cargo kettle`.

mod command;

use std::io;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use command::{book, check, run};

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
    Book(book::Args),
    /// Run a program of a chapter.
    Run(run::Args),
    /// Check the exercises of a chapter: is mine right?
    Check(check::Args),
    /// mdBook's call of our preprocessor, for a plain `mdbook build`.
    #[command(hide = true)]
    Preprocess {
        #[command(subcommand)]
        asked: Option<Asked>,
    },
}

#[derive(Subcommand)]
enum Asked {
    /// Whether a renderer is supported; all are.
    Supports {
        /// Its name.
        renderer: String,
    },
}

fn main() -> ExitCode {
    match Cli::parse().command {
        Commands::Book(args) => book::book(&args),
        Commands::Run(args) => run::run(&args),
        Commands::Check(args) => check::check(&args),
        Commands::Preprocess { asked } => preprocess(asked),
    }
}

fn preprocess(asked: Option<Asked>) -> ExitCode {
    if let Some(Asked::Supports { .. }) = asked {
        return ExitCode::SUCCESS;
    }
    let (input, output) = (io::stdin().lock(), io::stdout().lock());
    match kettle_lab::book::preprocess(input, output) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => command::failed(&format!("{error:#}")),
    }
}
