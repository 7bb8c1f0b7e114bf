//! A chapter's page taken apart: lines of text, fences, directives.
//!
//! This is not a Markdown parser. It knows the two things that our rules speak of:
//! a fence (with its language and its lines) and a directive on a line of its own.

/// A part of a page, in order.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part<'a> {
    /// A line that is neither of the others.
    Line(Line<'a>),
    /// A fenced block.
    Fence(Fence<'a>),
    /// `{{#name argument}}` alone on its line, outside of fences.
    Directive(Line<'a>, Directive<'a>),
}

/// A line and its number, counted from one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line<'a> {
    pub(super) number: usize,
    pub(super) text: &'a str,
}

/// A fenced block: what stands before and on its first line, and its body.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fence<'a> {
    /// The opening line.
    pub(super) open: Line<'a>,
    /// What stands before the fence: blanks, or `> ` in a quotation.
    pub(super) prefix: &'a str,
    /// The language, empty if none is given.
    pub(super) language: &'a str,
    /// The words after the language, as in `rust,recap`.
    pub(super) options: Vec<&'a str>,
    /// The lines between the fences.
    pub(super) body: Vec<Line<'a>>,
    /// The closing line; none if the page ends first.
    pub(super) close: Option<Line<'a>>,
}

/// `{{#name argument}}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Directive<'a> {
    pub(super) name: &'a str,
    pub(super) argument: &'a str,
}

impl<'a> Directive<'a> {
    /// Reads a directive that fills its line, quotation marks and blanks aside.
    pub(super) fn read(text: &'a str) -> Option<Directive<'a>> {
        let text = text[prefix(text).len()..].trim_end();
        let inner = text.strip_prefix("{{#")?.strip_suffix("}}")?.trim();
        let (name, argument) = inner.split_once(' ').unwrap_or((inner, ""));
        Some(Directive {
            name,
            argument: argument.trim(),
        })
    }
}

impl Fence<'_> {
    pub(super) fn has(&self, option: &str) -> bool {
        self.options.contains(&option)
    }
}

/// Takes a page apart.
pub(super) fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut lines = text.lines().enumerate().map(|(n, text)| Line {
        number: n + 1,
        text,
    });
    while let Some(line) = lines.next() {
        parts.push(match (ticks(line.text), Directive::read(line.text)) {
            (Some(ticks), _) => Part::Fence(fence(line, ticks, &mut lines)),
            (None, Some(directive)) => Part::Directive(line, directive),
            (None, None) => Part::Line(line),
        });
    }
    parts
}

fn fence<'a>(
    open: Line<'a>,
    ticks: &'a str,
    lines: &mut impl Iterator<Item = Line<'a>>,
) -> Fence<'a> {
    let prefix = prefix(open.text);
    let info = open.text[prefix.len() + ticks.len()..].trim();
    let mut words = info.split([',', ' ']).filter(|word| !word.is_empty());
    let language = words.next().unwrap_or("");
    let options = words.collect();
    let mut body = Vec::new();
    let close = loop {
        match lines.next() {
            Some(line) if closes(line.text, ticks) => break Some(line),
            Some(line) => body.push(line),
            None => break None,
        }
    };
    Fence {
        open,
        prefix,
        language,
        options,
        body,
        close,
    }
}

/// The three or more marks that open a fence, if this line opens one.
fn ticks(text: &str) -> Option<&str> {
    let rest = &text[prefix(text).len()..];
    let mark = rest.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let marks = &rest[..rest.len() - rest.trim_start_matches(mark).len()];
    // Three ticks with another tick later on the line are code inside a sentence.
    let code_span = mark == '`' && rest[marks.len()..].contains('`');
    (marks.len() >= 3 && !code_span).then_some(marks)
}

fn closes(text: &str, open: &str) -> bool {
    let marks = text[prefix(text).len()..].trim_end();
    marks.starts_with(open) && marks.trim_start_matches(&open[..1]).is_empty()
}

/// What stands before the text of a line: blanks and quotation marks.
fn prefix(text: &str) -> &str {
    &text[..text.len() - text.trim_start_matches([' ', '\t', '>']).len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fence_keeps_its_language_options_and_lines() {
        let page = "before\n> ```rust,recap\n> {{#code a.rs::f}}\n> ```\nafter";
        let parts = parts(page);
        let [Part::Line(_), Part::Fence(fence), Part::Line(after)] = &parts[..]
        else {
            panic!("three parts, not {parts:?}");
        };
        assert_eq!((fence.open.number, fence.language), (2, "rust"));
        assert!(fence.has("recap"));
        assert_eq!(fence.body.len(), 1);
        assert_eq!(fence.prefix, "> ");
        assert_eq!(after.number, 5);
    }

    #[test]
    fn a_longer_fence_may_hold_a_shorter_one() {
        let parts = parts("````md\n```rust\nlet a;\n```\n````\n");
        let [Part::Fence(fence)] = &parts[..] else {
            panic!("one fence, not {parts:?}");
        };
        assert_eq!(fence.body.len(), 3);
        assert!(fence.close.is_some());
    }

    #[test]
    fn a_fence_that_never_closes_says_so() {
        let parts = parts("```text\nfor ever");
        let [Part::Fence(fence)] = &parts[..] else {
            panic!("one fence, not {parts:?}");
        };
        assert_eq!(fence.close, None);
    }

    #[test]
    fn a_directive_fills_its_line() {
        let read = Directive::read("  {{#figure round-trip \"The trip\"}} ");
        let figure = Directive {
            name: "figure",
            argument: "round-trip \"The trip\"",
        };
        assert_eq!(read, Some(figure));
        assert_eq!(Directive::read("see {{#figure x}}"), None);
        assert_eq!(Directive::read("\\{{#figure x}}"), None);
    }
}
