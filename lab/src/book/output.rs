//! `{{#output program}}`: what a program of the chapter prints, as it is stored.
//!
//! The stored output is the one that `tests/book_programs.rs` compares with a run.

use std::fs;
use std::path::Path;

use crate::program::{self, Program};

/// The Markdown of a stored output; the command that repeats it stands above.
pub(super) fn markdown(
    root: &Path,
    page: &str,
    argument: &str,
) -> Result<String, String> {
    let folder = Path::new(page).parent().unwrap_or(Path::new(""));
    let slug = folder
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or("");
    let programs =
        program::of_chapter(root, slug).map_err(|error| error.to_string())?;
    let program = find(&programs, slug, argument)?;
    let file = program.output();
    let output = fs::read_to_string(root.join(&file))
        .map_err(|error| format!("{} cannot be read: {error}", file.display()))?;
    let varies = match program.varies(root) {
        Ok(Some(_)) => " <span>one run of many; yours will differ</span>",
        _ => "",
    };
    let command = program.command();
    Ok(format!(
        "<figure class=\"output\">\n<figcaption><code>{command}</code>{varies}\
         </figcaption>\n\n`````text\n{}\n`````\n\n</figure>\n",
        output.trim_end()
    ))
}

fn find<'a>(
    all: &'a [Program],
    slug: &str,
    name: &str,
) -> Result<&'a Program, String> {
    let found = all.iter().find(|program| program.is_named(name));
    found.ok_or_else(|| match all {
        [] => format!("Cargo.toml declares no program of the chapter `{slug}`"),
        _ => {
            let names: Vec<_> =
                all.iter().map(|program| program.name.as_str()).collect();
            format!(
                "there is no program `{name}`; there are: {}",
                names.join(", ")
            )
        }
    })
}
