//! The law of the layers, and the other laws of the sources that a machine can read.
//!
//! Every module has a number, and uses strictly lower ones. The check reads the sources
//! as tokens, so that a path inside of a macro counts and one inside of a comment does
//! not. Each check is shown a broken example beside the real sources: one that finds
//! nothing anywhere would be no check.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The top-level modules and their numbers. `lib.rs` stands above them all.
const LAYERS: &[(&str, u32)] = &[
    ("scoped", 0),
    ("rng", 0),
    ("machinery", 0),
    ("clock", 1),
    ("budget", 1),
    ("trace", 2),
    ("waker", 3),
    ("future", 3),
    ("task", 4),
    ("sync", 4),
    ("io", 4),
    ("executor", 5),
    ("time", 5),
    ("reactor", 5),
    ("blocking", 5),
    ("driver", 6),
    ("net", 6),
    ("fs", 6),
    ("signal", 6),
    ("process", 6),
    ("stdio", 6),
    ("stream", 7),
    ("runtime", 8),
];

/// A file is one listing of the book.
const MOST_CODE_LINES: usize = 300;
/// A function is read in one breath.
const MOST_FUNCTION_LINES: usize = 40;

#[test]
fn a_module_uses_strictly_lower_layers() {
    let sources = sources();
    let macros = macros_of(&sources);
    assert_none(sources.iter().flat_map(|it| upward_paths(it, &macros)));
}

#[test]
fn every_module_stands_in_the_layer_table() {
    assert_none(sources().iter().filter_map(missing_from_table));
}

#[test]
fn every_file_names_its_layer_in_its_header() {
    assert_none(sources().iter().filter_map(wrong_header));
}

#[test]
fn a_file_lies_at_most_two_folders_deep() {
    let deep = |source: &Source| {
        let depth = source.path.split('/').count();
        (depth > 3).then(|| format!("{} is {depth} deep", source.path))
    };
    assert_none(sources().iter().filter_map(deep));
}

#[test]
fn a_file_is_short_enough_to_be_one_listing() {
    let sources = sources();
    let mut lengths: Vec<_> = sources
        .iter()
        .map(|it| (it.code_lines(), &it.path))
        .collect();
    lengths.sort_unstable();
    let (longest, path) = lengths.last().expect("there are sources");
    println!("the longest file is {path} with {longest} code lines");
    let long = lengths.iter().filter(|(lines, _)| *lines > MOST_CODE_LINES);
    assert_none(long.map(|(lines, path)| format!("{path} has {lines} code lines")));
}

#[test]
fn a_function_is_short_enough_to_be_read_in_one_breath() {
    let mut lengths: Vec<_> = sources().iter().flat_map(function_lengths).collect();
    lengths.sort_unstable();
    let (longest, name) = lengths.last().expect("there are functions");
    println!("the longest function is {name} with {longest} code lines");
    let long = lengths
        .iter()
        .filter(|(lines, _)| *lines > MOST_FUNCTION_LINES);
    assert_none(long.map(|(lines, name)| format!("{name} has {lines} code lines")));
}

#[test]
fn no_unwrap_stands_in_the_sources() {
    assert_none(sources().iter().flat_map(unwraps));
}

#[test]
fn unsafe_stands_only_in_the_files_that_the_architecture_names() {
    let page = fs::read_to_string(root().join("ARCHITECTURE.md"))
        .expect("ARCHITECTURE.md names the files with unsafe");
    let named = files_with_unsafe(&page);
    let mut found: Vec<_> = sources()
        .iter()
        .filter(|it| it.tokens().iter().any(|token| token.text == "unsafe"))
        .map(|it| format!("src/{}", it.path))
        .collect();
    found.sort();
    assert_eq!(
        found, named,
        "left: the sources, right: the architecture page"
    );
}

const A_MACRO: &str = "#[macro_export] macro_rules! of_net { () => {} }";

/// Broken sources, for the checks to find.
#[test]
fn each_check_finds_a_broken_example() {
    let upward = |path, text| {
        let sources = [example(path, text), example("net/m.rs", A_MACRO)];
        upward_paths(&sources[0], &macros_of(&sources)).len()
    };
    assert_eq!(
        upward("task/a.rs", "use crate::{budget, runtime::{Handle, x}};"),
        1
    );
    assert_eq!(upward("task/a.rs", "fn f() { crate::io::x() }"), 1);
    assert_eq!(
        upward("task/a.rs", "use super::super::executor::Executor;"),
        1
    );
    assert_eq!(upward("task/a.rs", "m! { [($crate::runtime::x)] }"), 1);
    assert_eq!(upward("task/a.rs", "fn f() { crate::of_net!() }"), 1);
    assert_eq!(upward("task/a.rs", "fn f() { crate::spawn(g()) }"), 1);
    assert_eq!(
        upward("task/mod.rs", "mod a { use super::super::net::X; }"),
        1
    );
    assert_eq!(
        upward("task/a.rs", "// facade\npub use crate::runtime::X;"),
        1
    );

    assert_eq!(
        upward("task/mod.rs", "// facade\npub use crate::runtime::X;"),
        0
    );
    assert_eq!(
        upward("task/a.rs", "use super::slot; use crate::waker::{Key};"),
        0
    );
    assert_eq!(
        upward("task/a.rs", "/// crate::net::X\nfn f() {} // crate::net::X"),
        0
    );
    assert_eq!(upward("runtime/a.rs", "fn f() { crate::of_net!() }"), 0);
    let tests =
        "#[cfg(test)]\nmod tests { use crate::net::X; fn f() { x.unwrap() } }";
    assert_eq!(upward("task/a.rs", tests), 0);
    assert_eq!(unwraps(&example("task/a.rs", tests)), [""; 0]);

    assert!(missing_from_table(&example("util.rs", "")).is_some());
    assert!(wrong_header(&example("task/a.rs", "//! A.\n")).is_some());
    assert!(
        wrong_header(&example("task/a.rs", "//! # Layer\n//! 5: x\n")).is_some()
    );
    assert!(
        wrong_header(&example("task/a.rs", "//! # Layer\n//! 4: x\n")).is_none()
    );
    assert_eq!(
        unwraps(&example("io/a.rs", "fn f() { a.unwrap() }")).len(),
        1
    );
    let long = format!("fn long() {{\n{}}}", "f();\n\n// why\n".repeat(39));
    let lengths = function_lengths(&example("io/a.rs", &long));
    assert_eq!(lengths, [(41, "long in src/io/a.rs".to_owned())]);
    let page =
        "# A\n- `src/no.rs`\n## Files with `unsafe`\n- `src/a.rs`: why\n## B\n";
    assert_eq!(files_with_unsafe(page), ["src/a.rs"]);
}

/// One file of `src`.
struct Source {
    /// From `src`, with `/`.
    path: String,
    text: String,
}

/// A leaf of the token tree, with the inline modules around it.
struct Token {
    text: String,
    line: usize,
    inline: Vec<String>,
}

impl Source {
    /// `task` of `task/seat.rs` and of `task.rs`.
    fn module(&self) -> &str {
        self.path.split(['/', '.']).next().unwrap_or_default()
    }

    fn layer(&self) -> Option<u32> {
        let found = LAYERS.iter().find(|(name, _)| *name == self.module());
        found.map(|(_, layer)| *layer)
    }

    fn is_lib(&self) -> bool {
        self.path == "lib.rs"
    }

    fn stream(&self) -> TokenStream {
        let stream = self.text.parse();
        let stream =
            stream.unwrap_or_else(|error| panic!("src/{}: {error}", self.path));
        without_tests(stream)
    }

    fn tokens(&self) -> Vec<Token> {
        let mut tokens = Vec::new();
        flatten(self.stream(), &[], &mut tokens);
        tokens
    }

    /// Lines with code, outside of tests.
    fn code_lines(&self) -> usize {
        let mut lines: Vec<_> = self.tokens().iter().map(|it| it.line).collect();
        lines.dedup();
        lines.len()
    }

    /// The module path of the file, as `super` counts it.
    fn module_path(&self) -> Vec<String> {
        let path = self.path.trim_end_matches(".rs").trim_end_matches("/mod");
        path.split('/').map(str::to_owned).collect()
    }
}

/// Drops every item under `#[cfg(test)]`, and every doc comment.
fn without_tests(stream: TokenStream) -> TokenStream {
    let mut kept = Vec::new();
    let mut tokens = stream.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let attribute = attribute_of(&token, tokens.peek());
        match attribute.as_deref() {
            Some("cfg(test)") => {
                tokens
                    .by_ref()
                    .take_while(|it| !ends_an_item(it))
                    .for_each(drop);
            }
            Some(doc) if doc.starts_with("doc=") => {
                tokens.next_if(|it| matches!(it, TokenTree::Punct(_)));
                tokens.next();
            }
            _ => kept.push(token),
        }
    }
    kept.into_iter().collect()
}

/// The text of the attribute that begins with `hash`, without spaces.
fn attribute_of(hash: &TokenTree, next: Option<&TokenTree>) -> Option<String> {
    match (hash, next) {
        (TokenTree::Punct(punct), Some(TokenTree::Group(group)))
            if punct.as_char() == '#' =>
        {
            let text = group.stream().to_string();
            Some(text.split_whitespace().collect())
        }
        // An inner attribute: a doc comment of the file.
        (TokenTree::Punct(punct), Some(TokenTree::Punct(bang)))
            if punct.as_char() == '#' && bang.as_char() == '!' =>
        {
            Some("doc=".to_owned())
        }
        _ => None,
    }
}

fn ends_an_item(token: &TokenTree) -> bool {
    match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(punct) => punct.as_char() == ';',
        _ => false,
    }
}

fn flatten(stream: TokenStream, inline: &[String], into: &mut Vec<Token>) {
    for token in stream {
        let TokenTree::Group(group) = token else {
            let line = token.span().start().line;
            let text = token.to_string();
            let inline = inline.to_vec();
            into.push(Token { text, line, inline });
            continue;
        };
        let mut inner = inline.to_vec();
        if let [.., module, name] = &into[..]
            && module.text == "mod"
            && group.delimiter() == Delimiter::Brace
        {
            inner.push(name.text.clone());
        }
        let (open, close) = match group.delimiter() {
            Delimiter::Brace => ("{", "}"),
            Delimiter::Parenthesis => ("(", ")"),
            Delimiter::Bracket => ("[", "]"),
            Delimiter::None => ("", ""),
        };
        let edge = |text: &str, line| Token {
            text: text.to_owned(),
            line,
            inline: inline.to_vec(),
        };
        into.push(edge(open, group.span_open().start().line));
        flatten(without_tests(group.stream()), &inner, into);
        into.push(edge(close, group.span_close().start().line));
    }
}

/// Every path of the file that leads to a module of the same layer or above. `macros`
/// are the exported macros, which lie at the root, with the modules that define them.
fn upward_paths(source: &Source, macros: &BTreeMap<String, String>) -> Vec<String> {
    let Some(own) = source.layer() else {
        return Vec::new();
    };
    let tokens = source.tokens();
    let facades = facade_lines(source);
    let mut wrong = Vec::new();
    for at in 0..tokens.len() {
        if facades.contains(&tokens[at].line) {
            continue;
        }
        for (name, line) in modules_named_at(source, &tokens, at) {
            let module = macros.get(&name).unwrap_or(&name);
            let layer = LAYERS.iter().find(|(name, _)| name == module);
            // What is in no module is an item of `lib.rs`, which is above all.
            let upward = layer.is_none_or(|(_, layer)| *layer >= own);
            if module != source.module() && upward {
                wrong.push(format!(
                    "src/{}:{line} ({}, layer {own}) names crate::{name} ({})",
                    source.path,
                    source.module(),
                    layer
                        .map_or("no layer".into(), |(_, it)| format!("layer {it}")),
                ));
            }
        }
    }
    wrong
}

/// Every macro that the sources define, with its module.
fn macros_of(sources: &[Source]) -> BTreeMap<String, String> {
    let mut macros = BTreeMap::new();
    for source in sources {
        for window in source.tokens().windows(3) {
            if window[0].text == "macro_rules" && window[1].text == "!" {
                macros.insert(window[2].text.clone(), source.module().to_owned());
            }
        }
    }
    macros
}

/// The top-level modules that a path beginning at `at` names, with their lines.
fn modules_named_at(
    source: &Source,
    tokens: &[Token],
    at: usize,
) -> Vec<(String, usize)> {
    let text = |at: usize| tokens.get(at).map_or("", |it| it.text.as_str());
    let continues = at >= 2 && text(at - 1) == ":" && text(at - 2) == ":";
    let mut depth = match text(at) {
        "crate" => 0,
        "super" if !continues => {
            let path = source.module_path().len() + tokens[at].inline.len();
            path - 1
        }
        _ => return Vec::new(),
    };
    let mut next = at + 1;
    while text(next) == ":" && text(next + 1) == ":" && text(next + 2) == "super" {
        (depth, next) = (depth - 1, next + 3);
    }
    if depth > 0 || text(next) != ":" || text(next + 1) != ":" {
        return Vec::new();
    }
    next += 2;
    // `$crate::$name!`: the one who calls the macro has said the name.
    if text(next) == "$" {
        return Vec::new();
    }
    if text(next) != "{" {
        return vec![(text(next).to_owned(), tokens[next].line)];
    }
    heads_of_group(tokens, next)
}

/// `a` and `d` of `{a::{b, c}, d}`.
fn heads_of_group(tokens: &[Token], open: usize) -> Vec<(String, usize)> {
    let mut heads = Vec::new();
    let mut depth = 0;
    for pair in tokens[open..].windows(2) {
        match pair[0].text.as_str() {
            "{" => depth += 1,
            "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            break;
        }
        let starts = matches!(pair[0].text.as_str(), "{" | ",");
        if depth == 1 && starts && pair[1].text != "}" {
            heads.push((pair[1].text.clone(), pair[1].line));
        }
    }
    heads
}

/// The lines, of a `mod.rs`, that are a `pub use` under the comment `// facade`.
fn facade_lines(source: &Source) -> BTreeSet<usize> {
    let lines: Vec<_> = source.text.lines().map(str::trim).collect();
    let facade = |at: &usize| {
        lines[*at].starts_with("pub use ") && lines[at - 1] == "// facade"
    };
    let lines = (1..lines.len()).filter(facade).map(|at| at + 1);
    lines.filter(|_| source.path.ends_with("/mod.rs")).collect()
}

fn missing_from_table(source: &Source) -> Option<String> {
    let missing = source.layer().is_none() && !source.is_lib();
    missing
        .then(|| format!("src/{}: {} has no layer", source.path, source.module()))
}

fn wrong_header(source: &Source) -> Option<String> {
    if source.is_lib() {
        let has_header = source.text.starts_with("//! ");
        return (!has_header).then(|| "src/lib.rs has no header".to_owned());
    }
    let header: Vec<_> = source
        .text
        .lines()
        .take_while(|line| line.starts_with("//!"))
        .collect();
    let section = header.iter().position(|line| *line == "//! # Layer");
    let said = section.and_then(|at| header.get(at + 1)).and_then(|line| {
        let digits: String = line[3..]
            .trim()
            .chars()
            .take_while(char::is_ascii_digit)
            .collect();
        digits.parse::<u32>().ok()
    });
    (said != source.layer()).then(|| {
        format!(
            "src/{}: its header says layer {said:?}, the table {:?}",
            source.path,
            source.layer()
        )
    })
}

/// Each function's lines with code, from `fn` to its last brace, and its name.
fn function_lengths(source: &Source) -> Vec<(usize, String)> {
    let tokens = source.tokens();
    let mut lengths = Vec::new();
    for (at, pair) in tokens.windows(2).enumerate() {
        let is_name = pair[1]
            .text
            .starts_with(|c: char| c.is_alphabetic() || c == '_');
        if pair[0].text != "fn" || !is_name {
            continue;
        }
        if let Some(end) = end_of_function(&tokens, at) {
            let mut lines: Vec<_> =
                tokens[at..=end].iter().map(|it| it.line).collect();
            lines.dedup();
            let name = format!("{} in src/{}", pair[1].text, source.path);
            lengths.push((lines.len(), name));
        }
    }
    lengths
}

/// The brace that ends the function at `at`, if it has a body.
fn end_of_function(tokens: &[Token], at: usize) -> Option<usize> {
    let mut depth = 0;
    for (offset, token) in tokens[at..].iter().enumerate() {
        match token.text.as_str() {
            ";" if depth == 0 => return None,
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => depth -= 1,
            _ => continue,
        }
        if depth == 0 && token.text == "}" {
            return Some(at + offset);
        }
    }
    None
}

fn unwraps(source: &Source) -> Vec<String> {
    let tokens = source.tokens();
    let found = tokens.windows(4).filter(|window| {
        let texts = window.iter().map(|it| it.text.as_str());
        texts.eq([".", "unwrap", "(", ")"])
    });
    found
        .map(|it| format!("src/{}:{}: unwrap()", source.path, it[0].line))
        .collect()
}

/// The list under the heading "Files with `unsafe`", sorted.
fn files_with_unsafe(page: &str) -> Vec<String> {
    let mut lines = page.lines();
    lines.find(|line| {
        line.starts_with('#') && line.ends_with("Files with `unsafe`")
    });
    let mut files: Vec<_> = lines
        .take_while(|line| !line.starts_with('#'))
        .filter_map(|line| line.strip_prefix("- `")?.split_once('`'))
        .map(|(file, _)| file.to_owned())
        .collect();
    files.sort();
    files
}

fn sources() -> Vec<Source> {
    let mut found = BTreeMap::new();
    let src = root().join("src");
    collect(&src, &src, &mut found);
    assert!(found.len() > 50, "these are not Kettle's sources");
    let source = |(path, text)| Source { path, text };
    found.into_iter().map(source).collect()
}

fn collect(src: &Path, folder: &Path, found: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).expect("src can be listed") {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() {
            collect(src, &path, found);
        } else {
            let name = path.strip_prefix(src).expect("it lies below src");
            let name = name.to_str().expect("names are UTF-8").replace('\\', "/");
            let text = fs::read_to_string(&path).expect("sources are UTF-8");
            found.insert(name, text);
        }
    }
}

fn example(path: &str, text: &str) -> Source {
    let (path, text) = (path.to_owned(), text.to_owned());
    Source { path, text }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[track_caller]
fn assert_none(problems: impl Iterator<Item = String>) {
    let problems: Vec<_> = problems.collect();
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}
