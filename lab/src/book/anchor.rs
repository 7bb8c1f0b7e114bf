//! Anchors: `// ANCHOR: name` to `// ANCHOR_END: name`, by mdBook's rules made strict.
//!
//! mdBook takes a missing end as the end of the file and a missing start as nothing.
//! Here both are problems. Only chapter programs carry anchors; `src/` is addressed
//! by item.

/// The lines of the anchor `name`, counted from zero, markers left out.
pub(super) fn lines(text: &str, name: &str) -> Result<Vec<usize>, String> {
    if name.starts_with(|c: char| c.is_ascii_digit() || c == ':') {
        return Err("line ranges rot; use an anchor or an item".to_owned());
    }
    let (mut inside, mut started, mut ended) = (false, false, false);
    let mut lines = Vec::new();
    for (n, line) in text.lines().enumerate() {
        match marker(line) {
            Some(Marker::Start(start)) if start == name => {
                if started {
                    return Err(format!("the anchor `{name}` starts twice"));
                }
                (inside, started) = (true, true);
            }
            Some(Marker::End(end)) if end == name => {
                if !inside {
                    return Err(format!(
                        "the anchor `{name}` ends before it starts"
                    ));
                }
                (inside, ended) = (false, true);
            }
            None if inside => lines.push(n),
            _ => {}
        }
    }
    match (started, ended, lines.is_empty()) {
        (false, ..) => Err(format!("there is no anchor `{name}`")),
        (true, false, _) => Err(format!("the anchor `{name}` never ends")),
        (true, true, true) => Err(format!("the anchor `{name}` is empty")),
        (true, true, false) => Ok(lines),
    }
}

/// Whether a line is an anchor's marker, which no page shows.
pub(super) fn is_marker(line: &str) -> bool {
    marker(line).is_some()
}

enum Marker<'a> {
    Start(&'a str),
    End(&'a str),
}

fn marker(line: &str) -> Option<Marker<'_>> {
    if let Some((_, rest)) = line.split_once("ANCHOR_END:") {
        return word(rest).map(Marker::End);
    }
    let (_, rest) = line.split_once("ANCHOR:")?;
    word(rest).map(Marker::Start)
}

fn word(rest: &str) -> Option<&str> {
    let rest = rest.trim_start();
    let in_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let end = rest.find(|c| !in_word(c)).unwrap_or(rest.len());
    (end > 0).then_some(&rest[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "a\n// ANCHOR: outer\nb\n// ANCHOR: inner\nc\n\
                        // ANCHOR_END: inner\n// ANCHOR_END: outer\n// ANCHOR: open\nd\n";

    #[test]
    fn an_outer_anchor_shows_the_inner_lines_and_no_marker() {
        assert_eq!(lines(FILE, "outer"), Ok(vec![2, 4]));
        assert_eq!(lines(FILE, "inner"), Ok(vec![4]));
    }

    #[test]
    fn what_mdbook_lets_pass_is_refused() {
        let refused = |name| lines(FILE, name).expect_err("it is refused");
        assert_eq!(refused("none"), "there is no anchor `none`");
        assert_eq!(refused("open"), "the anchor `open` never ends");
        assert!(refused("10:20").contains("line ranges rot"));
    }
}
