//! The little HTML that the lab writes by itself.

/// Text as HTML shows it, in an element or a quoted attribute.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// A caption: escaped, with `code` in backticks.
pub(super) fn caption(text: &str) -> String {
    let parts = escape(text);
    let parts = parts.split('`').enumerate().map(|(n, part)| match n % 2 {
        0 => part.to_owned(),
        _ => format!("<code>{part}</code>"),
    });
    parts.collect()
}
