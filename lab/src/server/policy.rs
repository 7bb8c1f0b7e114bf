//! The Content-Security-Policy of a page: what the browser may run and load on it.
//!
//! mdBook puts a few scripts into each page's text, and the easy policy for that,
//! `'unsafe-inline'`, would let anything run that finds its way into a page. The scripts
//! are known when the book is built, so their hashes stand in the policy instead: what
//! was not there then does not run. Styles may be inline; they cannot ask for anything
//! that the rest of the policy does not allow.

use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// Who may show a page in a frame.
#[derive(Clone, Copy, Debug)]
pub(super) enum Frames {
    /// Nobody: what cannot be framed cannot be clicked by mistake.
    Nobody,
    /// The book's own pages. Without JavaScript mdBook frames its table of contents.
    Ourselves,
}

/// For everything that is not a page.
pub(super) const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'";

/// The policy of a page whose text is `html`.
pub(super) fn of_page(html: &str, frames: Frames) -> String {
    let hashes: BTreeSet<_> = inline_scripts(html).into_iter().map(hash).collect();
    let hashes: String = hashes.iter().map(|hash| format!(" '{hash}'")).collect();
    let ancestors = match frames {
        Frames::Nobody => "'none'",
        Frames::Ourselves => "'self'",
    };
    format!(
        "default-src 'none'; script-src 'self'{hashes}; \
         style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; \
         connect-src 'self'; frame-src 'self'; base-uri 'self'; form-action 'none'; \
         frame-ancestors {ancestors}"
    )
}

fn hash(script: &str) -> String {
    format!(
        "sha256-{}",
        STANDARD.encode(Sha256::digest(script.as_bytes()))
    )
}

/// The text of each `<script>` that the browser would run from the page itself. Blocks
/// of JSON are data, and a script with a `src` brings no text.
///
/// This reads what mdBook writes and is no HTML parser. Where it is wrong, a script does
/// not run; it never lets one run that should not.
fn inline_scripts(html: &str) -> Vec<&str> {
    let mut scripts = Vec::new();
    let mut rest = html;
    while let Some((_, tail)) = rest.split_once("<script") {
        let Some((attributes, tail)) = tail.split_once('>') else {
            break;
        };
        let Some((text, tail)) = tail.split_once("</script") else {
            break;
        };
        if !attributes.contains("src=") && !attributes.contains("json") {
            scripts.push(text);
        }
        rest = tail;
    }
    scripts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_scripts_are_found_and_data_is_not() {
        let html = "<script>one()</script><p>&lt;script&gt;no</p>\
            <script src=\"x.js\"></script><script type=\"module\">two()\n</script>\
            <script type=\"application/json\">{}</script>";
        assert_eq!(inline_scripts(html), ["one()", "two()\n"]);
    }

    #[test]
    fn a_hash_is_what_browsers_compute() {
        // The example of the standard: CSP level 2, section 4.2.5.
        let expected = "sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng=";
        assert_eq!(hash("alert('Hello, world.');"), expected);
    }

    #[test]
    fn a_policy_names_each_script_once_and_no_unsafe_one() {
        let policy =
            of_page("<script>a</script><script>a</script>", Frames::Nobody);
        assert_eq!(policy.matches("sha256-").count(), 1, "{policy}");
        assert!(
            !policy.contains("script-src 'self' 'unsafe-inline'"),
            "{policy}"
        );
        assert!(policy.ends_with("frame-ancestors 'none'"), "{policy}");
    }
}
