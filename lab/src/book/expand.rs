//! A chapter's page with its directives carried out.
//!
//! # The rule of no loose code
//! A `rust` fence holds `{{#code …}}` (or mdBook's `{{#include …}}`) and nothing else,
//! so that each line of Rust in the book is a line of a file that was compiled. Three
//! words after the language change that: `sketch` is code that is meant not to compile
//! (a test of its own sees to that), `recap` shows again what was shown before, `docs`
//! shows the doc comments too; `folded` closes the piece until the reader opens it.
//!
//! Outside of fences: `{{#figure name "text"}}` and `{{#output program}}`.

use std::path::Path;

use super::figure;
use super::html::escape;
use super::output;
use super::page::{Directive, Fence, Line, Part, parts};
use super::piece::{self, Piece};
use super::problem::Problem;

/// A page after expansion.
#[derive(Debug, Default)]
pub(super) struct Expanded {
    /// The Markdown that mdBook renders.
    pub(super) text: String,
    pub(super) problems: Vec<Problem>,
    /// The pieces of code it shows.
    pub(super) shown: Vec<Shown>,
}

/// A piece of code on a page.
#[derive(Debug)]
pub(super) struct Shown {
    pub(super) piece: Piece,
    /// The page's line that asks for it.
    pub(super) line: usize,
    /// It was shown before; coverage does not count it.
    pub(super) recap: bool,
}

/// Carries out the directives of `page` (seen from `root`) with the content `text`.
pub(super) fn expand(root: &Path, page: &str, text: &str) -> Expanded {
    let mut expander = Expander {
        root,
        page,
        out: Expanded::default(),
    };
    for part in parts(text) {
        match part {
            Part::Line(line) => expander.line(line),
            Part::Fence(fence) => expander.fence(&fence),
            Part::Directive(line, directive) => expander.directive(line, directive),
        }
    }
    expander.out
}

const LOOSE: &str = "loose code: a fence of Rust, or one with a directive, holds \
    `{{#code …}}` lines and nothing else; mark it `rust,sketch` if it is meant not to \
    compile";

struct Expander<'a> {
    root: &'a Path,
    page: &'a str,
    out: Expanded,
}

impl Expander<'_> {
    fn problem(&mut self, line: usize, sentence: impl Into<String>) {
        self.out
            .problems
            .push(Problem::at(self.page, line, sentence));
    }

    fn put(&mut self, prefix: &str, line: &str) {
        let line = format!("{prefix}{line}");
        self.out.text.push_str(line.trim_end());
        self.out.text.push('\n');
    }

    fn line(&mut self, line: Line<'_>) {
        let item = line.text.trim_start_matches(['-', '*', ' ', '>']);
        if item.len() < line.text.len() && item.starts_with("```") {
            self.problem(line.number, "begin the fence on a line of its own");
        }
        self.put("", line.text);
    }

    fn directive(&mut self, line: Line<'_>, directive: Directive<'_>) {
        let html = match directive.name {
            "figure" => figure::html(self.root, self.page, directive.argument),
            "output" => output::markdown(self.root, self.page, directive.argument),
            // mdBook's own, which says which title the browser shows.
            "title" => return self.put("", line.text),
            "code" | "include" => {
                Err("belongs into a fence with a language".into())
            }
            other => Err(format!("there is no directive `{other}`")),
        };
        let prefix = &line.text[..line.text.find("{{#").unwrap_or(0)];
        match html {
            Ok(html) => html.lines().for_each(|line| self.put(prefix, line)),
            Err(why) => self.problem(line.number, why),
        }
    }

    fn fence(&mut self, fence: &Fence<'_>) {
        let at = fence.open.number;
        if fence.close.is_none() {
            return self.problem(at, "this fence never closes");
        }
        match fence.language {
            "" => {
                self.problem(at, "give the fence a language; `text` if it has none")
            }
            "rs" => self.problem(at, "write `rust`, not `rs`"),
            "rust" if fence.has("sketch") => self.sketch(fence),
            language => self.listing(fence, language == "rust"),
        }
    }

    /// Code that is no file's: it goes through, marked.
    fn sketch(&mut self, fence: &Fence<'_>) {
        let lines: Vec<String> =
            fence.body.iter().map(|l| unquoted(l, fence)).collect();
        let caption = "<span>a sketch, not a file of ours</span>";
        self.code(fence, "piece sketch", caption, &lines);
    }

    fn listing(&mut self, fence: &Fence<'_>, strict: bool) {
        let directives: Vec<_> = fence.body.iter().filter_map(code).collect();
        let idle = |line: &Line<'_>| line.text.trim().is_empty();
        let others = fence.body.iter().filter(|line| !idle(line)).count();
        match (directives.is_empty(), others > directives.len()) {
            (true, _) if !strict => return self.verbatim(fence),
            (false, false) => {}
            _ => return self.problem(fence.open.number, LOOSE),
        }
        let problems = self.out.problems.len();
        let pieces: Vec<Piece> = directives
            .into_iter()
            .filter_map(|(line, directive)| self.piece(fence, line, directive))
            .collect();
        if self.out.problems.len() == problems {
            let caption = caption(&pieces);
            self.code(fence, &class(fence), &caption, &join(&pieces));
        }
        self.remember(fence, pieces);
    }

    fn piece(
        &mut self,
        fence: &Fence<'_>,
        line: Line<'_>,
        directive: Directive<'_>,
    ) -> Option<Piece> {
        match piece::resolve(self.root, self.page, directive, fence.has("docs")) {
            Ok(piece) => Some(piece),
            Err(why) => {
                self.problem(line.number, why);
                None
            }
        }
    }

    fn remember(&mut self, fence: &Fence<'_>, pieces: Vec<Piece>) {
        self.out.shown.extend(pieces.into_iter().map(|piece| Shown {
            piece,
            line: fence.open.number,
            recap: fence.has("recap"),
        }));
    }

    /// A caption over a fence. The blank lines make Markdown of the fence again, in
    /// the middle of HTML.
    fn code(
        &mut self,
        fence: &Fence<'_>,
        class: &str,
        caption: &str,
        lines: &[String],
    ) {
        let prefix = fence.prefix;
        let (tag, head) = match fence.has("folded") {
            true => ("details", "summary"),
            false => ("figure", "figcaption"),
        };
        self.put(prefix, &format!("<{tag} class=\"{class}\">"));
        self.put(prefix, &format!("<{head}>{caption}</{head}>"));
        self.put(prefix, "");
        self.put(prefix, &format!("`````{}", fence.language));
        for line in lines {
            self.put(prefix, line);
        }
        self.put(prefix, "`````");
        self.put(prefix, "");
        self.put(prefix, &format!("</{tag}>"));
    }

    fn verbatim(&mut self, fence: &Fence<'_>) {
        self.put("", fence.open.text);
        for line in &fence.body {
            self.put("", line.text);
        }
        let close = fence.close.map_or("", |line| line.text);
        self.put("", close);
    }
}

/// The directive of a line inside a fence.
fn code<'a>(line: &Line<'a>) -> Option<(Line<'a>, Directive<'a>)> {
    let directive = Directive::read(line.text)?;
    matches!(directive.name, "code" | "include").then_some((*line, directive))
}

fn class(fence: &Fence<'_>) -> String {
    let marks = ["recap", "folded"]
        .into_iter()
        .filter(|mark| fence.has(mark));
    let marks = marks.map(|mark| format!(" {mark}"));
    format!("piece{}", marks.collect::<String>())
}

/// Where the code is from: the files, and what the items are members of.
fn caption(pieces: &[Piece]) -> String {
    let mut files: Vec<&str> = pieces.iter().map(|p| p.file.as_str()).collect();
    files.dedup();
    let files = files
        .iter()
        .map(|file| format!("<code>{}</code>", escape(file)));
    let mut within: Vec<&str> =
        pieces.iter().filter_map(|p| p.within.as_deref()).collect();
    within.dedup();
    let within = within
        .iter()
        .map(|name| format!("<code>{}</code>", escape(name)));
    let within = match within.collect::<Vec<_>>().join(", ") {
        none if none.is_empty() => none,
        names => format!(" <span>in {names}</span>"),
    };
    format!("{}{within}", files.collect::<Vec<_>>().join(", "))
}

/// The pieces of one fence, a blank line between two.
fn join(pieces: &[Piece]) -> Vec<String> {
    let texts: Vec<&[String]> = pieces.iter().map(|p| p.text.as_slice()).collect();
    texts.join(&String::new())
}

/// A line of a fence's body without the blanks or `> ` that stand before the fence.
fn unquoted(line: &Line<'_>, fence: &Fence<'_>) -> String {
    let text = line.text.strip_prefix(fence.prefix).unwrap_or(line.text);
    text.to_owned()
}
