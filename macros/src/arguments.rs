//! What stands in the parentheses of an attribute.

use proc_macro::{TokenStream, TokenTree};

use crate::mistake::{Mistake, is_punct};

/// What the arguments ask for.
#[derive(Debug)]
pub(crate) struct Arguments {
    /// Whether the clock stands still from the start.
    pub(crate) start_paused: bool,
    /// The path by which the user knows Kettle.
    pub(crate) path: String,
}

impl Default for Arguments {
    fn default() -> Arguments {
        Arguments {
            start_paused: false,
            path: "::kettle".to_owned(),
        }
    }
}

impl Arguments {
    /// Reads the arguments of `#[kettle::attribute(…)]`.
    pub(crate) fn read(
        attribute: &str,
        arguments: TokenStream,
    ) -> Result<Arguments, Mistake> {
        let mut read = Arguments::default();
        let mut seen = Vec::new();
        let tokens: Vec<TokenTree> = arguments.into_iter().collect();
        for argument in tokens.split(|token| is_punct(token, ',')) {
            let Some(name) = argument.first() else {
                continue;
            };
            let known = name.to_string();
            if seen.contains(&known) {
                let twice = format!("`{known}` is given twice; once is enough");
                return Err(Mistake::at(name, twice));
            }
            read.take(attribute, &known, argument)?;
            seen.push(known);
        }
        Ok(read)
    }

    /// Takes in one argument, which begins with `name`.
    fn take(
        &mut self,
        attribute: &str,
        name: &str,
        argument: &[TokenTree],
    ) -> Result<(), Mistake> {
        match name {
            "flavor" => check_flavor(argument),
            "worker_threads" => {
                Err(Mistake::at(&argument[0], format!("{WORKERS}{ELSEWHERE}")))
            }
            "start_paused" => {
                self.start_paused = boolean(argument)?;
                Ok(())
            }
            "crate" => {
                self.path = path(argument)?;
                Ok(())
            }
            _ => Err(Mistake::at(
                &argument[0],
                format!(
                    "#[kettle::{attribute}] does not know `{name}`; it takes \
                     flavor = \"current_thread\", start_paused = true, \
                     crate = \"path\", or nothing"
                ),
            )),
        }
    }
}

const ONE_THREAD: &str = "Kettle runs on one thread, so that you can read it: there is \
     no flavor \"multi_thread\"";

const WORKERS: &str = "Kettle runs all tasks on one thread, so there are no workers to \
     count; spawn_blocking has threads of its own";

const ELSEWHERE: &str = ". A program that needs more changes the crate's name to tokio, \
     whose names are the same: the last chapter of the book (`cargo kettle book`) tells \
     what changes with it";

const LOCAL: &str = "every Kettle runtime is local: spawn_local works in the flavor \
     \"current_thread\", which is the only one";

/// There is one flavor.
fn check_flavor(argument: &[TokenTree]) -> Result<(), Mistake> {
    let value = value(argument, "flavor = \"current_thread\"")?;
    let why = match value.to_string().as_str() {
        "\"current_thread\"" => return Ok(()),
        "\"multi_thread\"" => format!("{ONE_THREAD}{ELSEWHERE}"),
        "\"local\"" => LOCAL.to_owned(),
        _ => "the only flavor is \"current_thread\"".to_owned(),
    };
    Err(Mistake::at(value, why))
}

fn boolean(argument: &[TokenTree]) -> Result<bool, Mistake> {
    let value = value(argument, "start_paused = true")?;
    match value.to_string().as_str() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => {
            let message = "start_paused is true or false".to_owned();
            Err(Mistake::at(value, message))
        }
    }
}

fn path(argument: &[TokenTree]) -> Result<String, Mistake> {
    let value = value(argument, "crate = \"path::to::kettle\"")?;
    let text = value.to_string();
    let path = text
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    let is_path = |path: &&str| {
        let part = |part: &str| {
            let mut letters = part.chars();
            letters
                .next()
                .is_some_and(|it| it.is_alphabetic() || it == '_')
                && letters.all(|it| it.is_alphanumeric() || it == '_')
        };
        path.strip_prefix("::")
            .unwrap_or(path)
            .split("::")
            .all(part)
    };
    path.filter(is_path).map(str::to_owned).ok_or_else(|| {
        let message = "crate is a path in quotes, such as \"my::kettle\"";
        Mistake::at(value, message.to_owned())
    })
}

/// The value in `name = value`.
fn value<'a>(
    argument: &'a [TokenTree],
    example: &str,
) -> Result<&'a TokenTree, Mistake> {
    match argument {
        [_, equals, value] if is_punct(equals, '=') => Ok(value),
        _ => Err(Mistake::at(
            argument.last().unwrap_or(&argument[0]),
            format!("this argument is written `{example}`"),
        )),
    }
}
