//! The built book in memory: a map from page names to what is sent.
//!
//! The book is a few megabytes, so it is read once, when it has been built. A request is
//! then a look into a map: nothing blocks the loop, no request can reach outside the book
//! because there is no outside, and a rebuild swaps the whole map at once, so that no
//! reader ever sees half of the old pages and half of the new.

use super::policy::{self, Frames};
use hyper::body::Bytes;
use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

/// The script that reloads a page when the book has changed.
const RELOAD: &str = include_str!("../../web/reload.js");

/// Where the pages find that script. mdBook writes no folder named `-`.
const RELOAD_NAME: &str = "-/reload.js";

/// What a served page carries in its head, and its static copy does not.
#[derive(Clone, Debug)]
pub(super) struct Stamp {
    /// Proves that a request comes from a page of this server. It stands in pages only,
    /// which other sites cannot read; in a script they could run it and learn it.
    pub(super) token: String,
    /// Which build of the book the page belongs to.
    pub(super) edition: String,
}

/// All that the book consists of.
#[derive(Debug)]
pub(super) struct Site {
    files: BTreeMap<String, File>,
    edition: String,
}

/// One file of the book, ready to be sent.
#[derive(Clone, Debug)]
pub(super) struct File {
    /// Its `Content-Type`.
    pub(super) kind: &'static str,
    /// Its `Content-Security-Policy`.
    pub(super) policy: String,
    /// Shared with each answer that sends it.
    pub(super) bytes: Bytes,
}

/// What a name leads to.
#[derive(Debug)]
pub(super) enum Found<'a> {
    /// This file.
    File(&'a File),
    /// A folder, asked for without its slash: here is its address with it.
    Folder(String),
    /// Nothing.
    Missing,
}

impl Site {
    /// Reads a built book. Symbolic links are left out: they lead elsewhere.
    pub(super) fn load(dir: &Path, stamp: &Stamp) -> io::Result<Site> {
        let mut files = BTreeMap::new();
        let mut folders = vec![(dir.to_path_buf(), String::new())];
        while let Some((folder, prefix)) = folders.pop() {
            for entry in fs::read_dir(&folder)? {
                let entry = entry?;
                let Ok(name) = entry.file_name().into_string() else {
                    continue;
                };
                let name = format!("{prefix}{name}");
                let kind = entry.file_type()?;
                if kind.is_dir() {
                    folders.push((entry.path(), format!("{name}/")));
                } else if kind.is_file() {
                    let file = prepare(&name, fs::read(entry.path())?, stamp);
                    files.insert(name, file);
                }
            }
        }
        let reload = prepare(RELOAD_NAME, RELOAD.into(), stamp);
        files.insert(RELOAD_NAME.into(), reload);
        Ok(Site {
            files,
            edition: stamp.edition.clone(),
        })
    }

    pub(super) fn edition(&self) -> &str {
        &self.edition
    }

    /// Looks a decoded name up; see `guard::page_name`.
    pub(super) fn find(&self, name: &str) -> Found<'_> {
        let index = |folder: &str| self.files.get(&format!("{folder}index.html"));
        let file = if name.is_empty() || name.ends_with('/') {
            index(name)
        } else {
            self.files.get(name)
        };
        match file {
            Some(file) => Found::File(file),
            None if index(&format!("{name}/")).is_some() => {
                Found::Folder(format!("/{}/", percent_encoded(name)))
            }
            None => Found::Missing,
        }
    }

    /// The book's own page for a name that it does not have.
    pub(super) fn missing_page(&self) -> Option<&File> {
        self.files.get("404.html")
    }
}

fn prepare(name: &str, bytes: Vec<u8>, stamp: &Stamp) -> File {
    let kind = content_type(name);
    let page = kind
        .starts_with("text/html")
        .then(|| str::from_utf8(&bytes));
    let Some(Ok(html)) = page else {
        let policy = policy::NOTHING.to_owned();
        return File {
            kind,
            policy,
            bytes: bytes.into(),
        };
    };
    let frames = match name == "toc.html" {
        true => Frames::Ourselves,
        false => Frames::Nobody,
    };
    let policy = policy::of_page(html, frames);
    File {
        kind,
        policy,
        bytes: stamped(html, stamp).into(),
    }
}

fn stamped(html: &str, stamp: &Stamp) -> String {
    let Stamp { token, edition } = stamp;
    let head = format!(
        "<meta name=\"kettle-token\" content=\"{token}\">\n\
         <meta name=\"kettle-edition\" content=\"{edition}\">\n\
         <script src=\"/{RELOAD_NAME}\" defer></script>\n</head>"
    );
    html.replacen("</head>", &head, 1)
}

/// By the end of the name; a browser is told not to guess (`nosniff`).
fn content_type(name: &str) -> &'static str {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    match ending {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "json" => "application/json",
        "ndjson" => "application/x-ndjson",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        _ => "application/octet-stream",
    }
}

/// A page's name as a path that fits into a header.
fn percent_encoded(name: &str) -> String {
    let mut path = String::with_capacity(name.len());
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z'
            | b'A'..=b'Z'
            | b'0'..=b'9'
            | b'/'
            | b'-'
            | b'_'
            | b'.'
            | b'~' => {
                path.push(byte.into());
            }
            other => path.push_str(&format!("%{other:02X}")),
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(names: &[&str]) -> Site {
        let stamp = Stamp {
            token: "t0k".into(),
            edition: "e1".into(),
        };
        let html = b"<html><head></head><body>x</body></html>";
        let file =
            |name: &&str| (name.to_string(), prepare(name, html.into(), &stamp));
        Site {
            files: names.iter().map(file).collect(),
            edition: stamp.edition,
        }
    }

    #[test]
    fn a_folder_is_its_index_and_without_the_slash_leads_there() {
        let site =
            site(&["index.html", "a/index.html", "ä b/index.html", "c.html"]);
        assert!(matches!(site.find(""), Found::File(_)));
        assert!(matches!(site.find("a/"), Found::File(_)));
        assert!(matches!(site.find("c.html"), Found::File(_)));
        assert!(matches!(site.find("a"), Found::Folder(to) if to == "/a/"));
        assert!(
            matches!(site.find("ä b"), Found::Folder(to) if to == "/%C3%A4%20b/"),
            "an address is ASCII"
        );
        for name in ["c.html/", "b", "b/", "A/", "index.html/x"] {
            assert!(matches!(site.find(name), Found::Missing), "{name}");
        }
    }

    #[test]
    fn the_token_stands_in_pages_only() {
        let site = site(&["a.html", "a.js", "a.json", "a.svg"]);
        for (name, file) in &site.files {
            let text = String::from_utf8_lossy(&file.bytes);
            assert_eq!(text.contains("t0k"), name == "a.html", "{name}");
        }
    }

    #[test]
    fn types_come_from_the_end_of_the_name() {
        assert_eq!(content_type("a/b.html"), "text/html; charset=utf-8");
        assert_eq!(
            content_type("searchindex-1a.js"),
            "text/javascript; charset=utf-8"
        );
        assert_eq!(content_type("a.b.svg"), "image/svg+xml");
        assert_eq!(content_type("CNAME"), "application/octet-stream");
    }
}
