//! A Rust file as the book shows it: its items by name, its lines by kind.
//!
//! The book points into the runtime by item path (`turn.rs::Executor::turn`), not by
//! markers or line numbers: markers would be noise for those who read `src/` in an
//! editor, and line numbers rot. Where an item stands is asked of `syn`.
//!
//! # Names
//! `item`, `Type::method`, `impl Trait for Type`, `impl Trait for Type::method`,
//! `module::item`. A macro call such as `thread_local!` goes by what it declares, or
//! by its own name with the `!`. Of a trait or a type, the last word is enough as
//! long as it is not ambiguous. `use` means the lines that are no item of their own:
//! inner attributes, `use`, `mod name;`. `*` is the whole file.

use std::ops::RangeInclusive;

use super::item::{self, Item};

/// What a line is to the book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Blank,
    /// `///` or `//!`.
    Doc,
    /// An ordinary comment on a line of its own.
    Comment,
    /// Behind `#[cfg(test)]`; never shown.
    Test,
    /// The first and last lines of an `impl`, `trait` or `mod` that has members: they
    /// say nothing that the caption over a member does not.
    Shell,
    /// What a reader is owed.
    Code,
}

/// A Rust file, read.
#[derive(Debug)]
pub(super) struct Source {
    lines: Vec<String>,
    kinds: Vec<Kind>,
    items: Vec<Item>,
}

/// Lines of a source, chosen for a piece of code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Choice {
    /// The lines, counted from zero, in file order.
    pub(super) lines: Vec<usize>,
    /// The `impl`, `trait` or `mod` that the item is a member of.
    pub(super) within: Option<String>,
}

impl Source {
    /// Reads a Rust file; the error is `syn`'s sentence.
    pub(super) fn read(text: &str) -> Result<Source, String> {
        let file = syn::parse_file(text).map_err(|error| error.to_string())?;
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let mut kinds: Vec<Kind> = lines.iter().map(|line| kind(line)).collect();
        let found = item::find(&file);
        for span in &found.tests {
            mark(&mut kinds, span.clone(), Kind::Test);
        }
        for (span, members) in &found.shells {
            let shell = span
                .clone()
                .filter(|n| !members.iter().any(|m| m.contains(n)));
            for n in shell.filter(|n| *n < lines.len()) {
                if kinds[n] == Kind::Code {
                    kinds[n] = Kind::Shell;
                }
            }
        }
        Ok(Source {
            lines,
            kinds,
            items: found.items,
        })
    }

    /// Which lines are owed to the reader.
    pub(super) fn owed(&self) -> impl Iterator<Item = usize> {
        (0..self.lines.len()).filter(|n| self.kinds[*n] == Kind::Code)
    }

    pub(super) fn lines(&self) -> &[String] {
        &self.lines
    }

    /// The lines of an item; with `docs`, its doc comments too.
    pub(super) fn choose(&self, name: &str, docs: bool) -> Result<Choice, String> {
        let (spans, within) = match name {
            "*" => (vec![0..=self.lines.len().saturating_sub(1)], None),
            "use" => (self.spans_named("use"), None),
            _ => {
                let item = self.item(name)?;
                (vec![item.lines.clone()], item.within.clone())
            }
        };
        let spans = spans.into_iter().map(|span| self.with_comment_above(span));
        let lines = spans
            .flatten()
            .filter(|n| self.kinds[*n] != Kind::Test)
            .filter(|n| docs || self.kinds[*n] != Kind::Doc)
            .collect();
        let lines = self.without_idle_blanks(lines);
        if lines.is_empty() {
            return Err(format!("`{name}` has no line to show"));
        }
        Ok(Choice { lines, within })
    }

    /// The text of chosen lines, moved left as far as all of them go.
    pub(super) fn text(&self, lines: &[usize]) -> Vec<&str> {
        let lines = lines.iter().map(|n| self.lines[*n].as_str());
        let indent = lines
            .clone()
            .filter(|line| !line.trim().is_empty())
            .map(|line| line.len() - line.trim_start().len())
            .min()
            .unwrap_or(0);
        lines.map(|line| line.get(indent..).unwrap_or("")).collect()
    }

    fn item(&self, name: &str) -> Result<&Item, String> {
        let mut named = self.items.iter().filter(|item| item.is_named(name));
        match (named.next(), named.count()) {
            (Some(item), 0) => Ok(item),
            (Some(_), more) => Err(format!(
                "`{name}` names {} items; one of these names only one: {}",
                more + 1,
                self.fuller_names(name)
            )),
            (None, _) => Err(match self.nearest(name) {
                Some(near) => {
                    format!("there is no item `{name}`; did you mean `{near}`?")
                }
                None => format!("there is no item `{name}`"),
            }),
        }
    }

    fn fuller_names(&self, name: &str) -> String {
        let named = self.items.iter().filter(|item| item.is_named(name));
        let fuller: Vec<_> = named
            .map(|item| format!("`{}`", item.full_name()))
            .collect();
        fuller.join(", ")
    }

    fn nearest(&self, name: &str) -> Option<&str> {
        let names = self.items.iter().flat_map(|item| item.names());
        crate::name::nearest(name, names)
    }

    fn spans_named(&self, name: &str) -> Vec<RangeInclusive<usize>> {
        let named = self.items.iter().filter(|item| item.is_named(name));
        named.map(|item| item.lines.clone()).collect()
    }

    /// An item and the ordinary comment that stands directly above it.
    fn with_comment_above(
        &self,
        span: RangeInclusive<usize>,
    ) -> RangeInclusive<usize> {
        let above = self.kinds[..*span.start()].iter().rev();
        let comment = above.take_while(|kind| **kind == Kind::Comment).count();
        span.start() - comment..=*span.end()
    }

    /// One blank line between two that are not, and none at the ends.
    fn without_idle_blanks(&self, lines: Vec<usize>) -> Vec<usize> {
        let mut kept: Vec<usize> = Vec::with_capacity(lines.len());
        for n in lines {
            let blank = self.kinds[n] == Kind::Blank;
            let after_blank =
                kept.last().is_none_or(|n| self.kinds[*n] == Kind::Blank);
            if !(blank && after_blank) {
                kept.push(n);
            }
        }
        if kept.last().is_some_and(|n| self.kinds[*n] == Kind::Blank) {
            kept.pop();
        }
        kept
    }
}

fn mark(kinds: &mut [Kind], span: RangeInclusive<usize>, kind: Kind) {
    for n in span {
        kinds[n] = kind;
    }
}

fn kind(line: &str) -> Kind {
    let line = line.trim_start();
    if line.is_empty() {
        Kind::Blank
    } else if line.starts_with("//!") || is_outer_doc(line) {
        Kind::Doc
    } else if line.starts_with("//") {
        Kind::Comment
    } else {
        Kind::Code
    }
}

fn is_outer_doc(line: &str) -> bool {
    line.starts_with("///") && !line.starts_with("////")
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"//! A file.

#![expect(unsafe_code, reason = "for the test")]

use std::fmt;

// Why it is so.
/// A key.
#[derive(Debug)]
pub struct Key {
    /// The slot.
    slot: u32,
}

impl Key {
    /// Packs it.
    pub fn pack(self) -> u64 {
        // The low half.
        u64::from(self.slot)
    }

    fn fmt(&self) {}
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.slot.fmt(f)
    }
}

thread_local! {
    static CURRENT: u32 = const { 0 };
}

#[cfg(test)]
mod tests {
    fn hidden() {}
}
"#;

    fn shown(name: &str, docs: bool) -> String {
        let source = Source::read(FILE).expect("it parses");
        let choice = source.choose(name, docs).expect("it is there");
        source.text(&choice.lines).join("\n")
    }

    fn refused(name: &str) -> String {
        let source = Source::read(FILE).expect("it parses");
        source.choose(name, false).expect_err("it is not there")
    }

    #[test]
    fn an_item_comes_with_attributes_and_comments_and_without_docs() {
        let key = "// Why it is so.\n#[derive(Debug)]\npub struct Key {\n    slot: u32,\n}";
        assert_eq!(shown("Key", false), key);
        assert!(shown("Key", true).contains("/// The slot."));
    }

    #[test]
    fn a_method_moves_to_the_left_and_names_its_impl() {
        let pack = "pub fn pack(self) -> u64 {\n    // The low half.\n    \
                    u64::from(self.slot)\n}";
        assert_eq!(shown("Key::pack", false), pack);
        let source = Source::read(FILE).expect("it parses");
        let choice = source.choose("Key::pack", false).expect("it is there");
        assert_eq!(choice.within.as_deref(), Some("impl Key"));
    }

    #[test]
    fn an_ambiguous_name_is_refused_with_the_names_that_would_do() {
        let said = refused("Key::fmt");
        assert!(said.contains("`impl Key::fmt`"), "{said}");
        assert!(said.contains("`impl fmt::Display for Key::fmt`"), "{said}");
        assert!(
            shown("impl Display for Key::fmt", false).contains("self.slot.fmt(f)")
        );
        assert!(shown("impl fmt::Display for Key", false).ends_with("}\n}"));
    }

    #[test]
    fn an_unknown_name_is_refused_with_the_nearest_one() {
        assert!(refused("Key::park").contains("did you mean `Key::pack`?"));
    }

    #[test]
    fn a_macro_goes_by_what_it_declares() {
        assert_eq!(shown("CURRENT", false), shown("thread_local!", false));
    }

    #[test]
    fn the_lines_that_are_no_item_go_by_use() {
        let head =
            "#![expect(unsafe_code, reason = \"for the test\")]\nuse std::fmt;";
        assert_eq!(shown("use", false), head);
    }

    #[test]
    fn the_whole_file_is_without_header_and_tests() {
        let whole = shown("*", false);
        assert!(whole.starts_with("#![expect"), "{whole}");
        assert!(
            !whole.contains("hidden") && !whole.contains("A file."),
            "{whole}"
        );
    }

    #[test]
    fn neither_docs_nor_tests_nor_the_shell_of_an_impl_are_owed() {
        let source = Source::read(FILE).expect("it parses");
        let owed: Vec<_> =
            source.owed().map(|n| source.lines()[n].trim()).collect();
        assert!(!owed.contains(&"impl Key {"), "{owed:?}");
        assert!(!owed.contains(&"fn hidden() {}"), "{owed:?}");
        assert!(!owed.iter().any(|line| line.starts_with("//")), "{owed:?}");
        assert!(owed.contains(&"pub fn pack(self) -> u64 {"), "{owed:?}");
    }

    /// A line that no name reaches could never be shown, so coverage could never hold.
    #[test]
    fn every_owed_line_of_the_runtime_can_be_named() {
        let root = crate::book::root();
        let mut files = Vec::new();
        super::super::stray::rust_files(&root, "src".as_ref(), &mut files)
            .expect("the runtime's sources");
        assert!(files.len() > 10, "{files:?}");
        for file in files {
            let text = std::fs::read_to_string(root.join(&file)).expect("a source");
            let source = Source::read(&text).expect("it compiles, so it parses");
            let named: Vec<usize> = source
                .items
                .iter()
                .filter(|item| item.names().next().is_some())
                .flat_map(|item| item.lines.clone())
                .collect();
            let mut unnamed = source.owed().filter(|n| !named.contains(n));
            let unnamed = unnamed.next().map(|n| (n + 1, &source.lines[n]));
            assert_eq!(unnamed, None, "{}", file.display());
        }
    }
}
