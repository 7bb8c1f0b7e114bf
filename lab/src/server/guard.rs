//! What the server refuses before it looks for a page, and the words it says.
//!
//! A server on loopback is within reach of every web page that the reader's browser has
//! open. Such a page can send requests here, and with a name of its own that it lets
//! point to 127.0.0.1 (DNS rebinding) it could read the answers too. So each request
//! must name this server exactly, must not come from another page's script, must ask
//! for something and bring nothing. These are pure functions over a request's head: the
//! tests below ask them directly.

use hyper::body::Body;
use hyper::header::{HOST, HeaderMap};
use hyper::{Method, Request, StatusCode};

/// The names under which this server may be addressed.
#[derive(Debug)]
pub(super) struct Hosts(Vec<String>);

impl Hosts {
    /// The two names of a server on loopback, with its port.
    pub(super) fn on_loopback(port: u16) -> Hosts {
        let names = ["127.0.0.1", "localhost"];
        let mut hosts: Vec<_> = names.map(|name| format!("{name}:{port}")).into();
        if port == 80 {
            hosts.extend(names.map(String::from)); // a browser leaves the 80 out
        }
        Hosts(hosts)
    }

    fn contain(&self, host: &[u8]) -> bool {
        self.0.iter().any(|ours| ours.as_bytes() == host)
    }
}

/// Why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Addressed to a name that is not this server's.
    WrongHost,
    /// Sent by the script, frame or image of another site's page.
    OtherSite,
    /// Neither GET nor HEAD.
    Method,
    /// Brings a body along.
    Body,
    /// The target of a request for a page, but no page has that name.
    NoSuchPage,
    /// One more page asks to be told of changes than the server keeps up with.
    TooManyStreams,
}

impl Refusal {
    pub(super) fn status(self) -> StatusCode {
        match self {
            Refusal::WrongHost => StatusCode::MISDIRECTED_REQUEST,
            Refusal::OtherSite => StatusCode::FORBIDDEN,
            Refusal::Method => StatusCode::METHOD_NOT_ALLOWED,
            Refusal::Body => StatusCode::PAYLOAD_TOO_LARGE,
            Refusal::NoSuchPage => StatusCode::NOT_FOUND,
            Refusal::TooManyStreams => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    pub(super) fn text(self) -> &'static str {
        match self {
            Refusal::WrongHost => {
                "421: This server answers to 127.0.0.1 and localhost, with its port, \
                 and to no other name. A page elsewhere may have let its own name \
                 point here (DNS rebinding).\n"
            }
            Refusal::OtherSite => {
                "403: Another site's page sent this request. It may link to the book, \
                 but not load parts of it.\n"
            }
            Refusal::Method => "405: Pages are read here, with GET or HEAD.\n",
            Refusal::Body => "413: This server takes no request bodies.\n",
            Refusal::NoSuchPage => "404: The book has no such page.\n",
            Refusal::TooManyStreams => {
                "503: Too many open pages wait for changes. This one will not reload \
                 by itself.\n"
            }
        }
    }
}

/// Lets a request pass, or says why not.
pub(super) fn check<B: Body>(
    request: &Request<B>,
    hosts: &Hosts,
) -> Result<(), Refusal> {
    if !is_addressed_to(hosts, request) {
        return Err(Refusal::WrongHost);
    }
    if comes_from_another_site(request.headers()) {
        return Err(Refusal::OtherSite);
    }
    if ![Method::GET, Method::HEAD].contains(request.method()) {
        return Err(Refusal::Method);
    }
    if !request.body().is_end_stream() {
        return Err(Refusal::Body);
    }
    Ok(())
}

/// Exactly one Host, exactly ours; and where the target is a whole URL, that too names us.
fn is_addressed_to<B>(hosts: &Hosts, request: &Request<B>) -> bool {
    let mut named = request.headers().get_all(HOST).iter();
    let (Some(host), None) = (named.next(), named.next()) else {
        return false;
    };
    let authority = request.uri().authority();
    hosts.contain(host.as_bytes())
        && authority.is_none_or(|name| hosts.contain(name.as_str().as_bytes()))
}

/// Browsers say who asks. A link from elsewhere opens a page here, and nothing more.
fn comes_from_another_site(headers: &HeaderMap) -> bool {
    let says = |name: &str, value: &str| {
        headers
            .get(name)
            .is_some_and(|said| said.as_bytes() == value.as_bytes())
    };
    let ours = !headers.contains_key("sec-fetch-site")
        || says("sec-fetch-site", "same-origin")
        || says("sec-fetch-site", "none");
    let link =
        says("sec-fetch-mode", "navigate") && says("sec-fetch-dest", "document");
    !ours && !link
}

/// The name of the page that a path asks for: its parts decoded, joined by slashes,
/// ending in a slash or empty where a folder is asked for.
///
/// The name is looked up in a map of what the book holds and never becomes a path of the
/// file system, so a way out of the book has nowhere to begin. What could mean more than
/// one thing is refused all the same: `..`, a slash that hides as `%2f`, a backslash.
pub(super) fn page_name(path: &str) -> Option<String> {
    let parts: Vec<_> = path.strip_prefix('/')?.split('/').collect();
    let mut name = String::new();
    for (i, part) in parts.iter().enumerate() {
        let last = i + 1 == parts.len();
        let part = percent_decoded(part)?;
        let plain =
            !part.contains(['/', '\\', '\0']) && part != "." && part != "..";
        if !plain || (part.is_empty() && !last) {
            return None;
        }
        name.push_str(&part);
        if !last {
            name.push('/');
        }
    }
    Some(name)
}

/// `None` where a percent sign is not followed by two hexadecimal digits, or where the
/// result is not UTF-8. Decodes once: `%252e` is the text `%2e`.
fn percent_decoded(text: &str) -> Option<String> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => hex_digit(bytes.next()?)? * 16 + hex_digit(bytes.next()?)?,
            plain => plain,
        });
    }
    String::from_utf8(decoded).ok()
}

fn hex_digit(byte: u8) -> Option<u8> {
    let digit = char::from(byte).to_digit(16)?;
    u8::try_from(digit).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(head: &[(&str, &str)]) -> Result<(), Refusal> {
        let mut request = Request::get("/").header("host", "127.0.0.1:4000");
        for (name, value) in head {
            request = request.header(*name, *value);
        }
        let request = request.body(String::new()).expect("a request");
        check(&request, &Hosts::on_loopback(4000))
    }

    fn ask_host(host: &str, target: &str) -> Result<(), Refusal> {
        let request = Request::get(target)
            .header("host", host)
            .body(String::new());
        check(&request.expect("a request"), &Hosts::on_loopback(4000))
    }

    #[test]
    fn only_the_two_names_with_the_port_are_ours() {
        assert_eq!(ask_host("127.0.0.1:4000", "/"), Ok(()));
        assert_eq!(ask_host("localhost:4000", "/"), Ok(()));
        for host in [
            "127.0.0.1",
            "localhost",
            "127.0.0.1:4001",
            "127.0.0.1:40000",
            "127.0.0.2:4000",
            "localhost.:4000",
            "localhost:4000.evil.example",
            "evil.example",
            "[::1]:4000",
            "",
        ] {
            assert_eq!(ask_host(host, "/"), Err(Refusal::WrongHost), "{host}");
        }
    }

    #[test]
    fn a_second_host_and_a_missing_one_are_refused() {
        assert_eq!(ask(&[("host", "127.0.0.1:4000")]), Err(Refusal::WrongHost));
        let bare = Request::get("/").body(String::new()).expect("a request");
        let answer = check(&bare, &Hosts::on_loopback(4000));
        assert_eq!(answer, Err(Refusal::WrongHost));
    }

    #[test]
    fn a_whole_url_as_target_must_name_us_too() {
        let ours = ask_host("127.0.0.1:4000", "http://localhost:4000/");
        assert_eq!(ours, Ok(()));
        for target in [
            "http://evil.example/",
            "http://127.0.0.1:4000@evil.example/",
            "http://evil.example@127.0.0.1:4000/",
        ] {
            let answer = ask_host("127.0.0.1:4000", target);
            assert_eq!(answer, Err(Refusal::WrongHost), "{target}");
        }
    }

    #[test]
    fn port_80_may_go_unsaid() {
        let hosts = Hosts::on_loopback(80);
        assert!(hosts.contain(b"localhost") && hosts.contain(b"localhost:80"));
    }

    #[test]
    fn another_sites_page_may_link_here_but_not_load_from_here() {
        let from = |site, mode, dest| {
            ask(&[
                ("sec-fetch-site", site),
                ("sec-fetch-mode", mode),
                ("sec-fetch-dest", dest),
            ])
        };
        assert_eq!(from("same-origin", "cors", "empty"), Ok(()));
        assert_eq!(from("none", "navigate", "document"), Ok(()));
        assert_eq!(from("cross-site", "navigate", "document"), Ok(()));
        for (site, mode, dest) in [
            ("cross-site", "no-cors", "script"),
            ("cross-site", "cors", "empty"),
            ("cross-site", "navigate", "iframe"),
            ("same-site", "no-cors", "image"),
        ] {
            let answer = from(site, mode, dest);
            assert_eq!(answer, Err(Refusal::OtherSite), "{site} {mode} {dest}");
        }
    }

    #[test]
    fn only_get_and_head_without_a_body_pass() {
        let ask = |method: &str, body: &str| {
            let request = Request::builder().method(method).uri("/");
            let request = request.header("host", "localhost:4000");
            let request = request.body(body.to_owned()).expect("a request");
            check(&request, &Hosts::on_loopback(4000))
        };
        assert_eq!(ask("GET", ""), Ok(()));
        assert_eq!(ask("HEAD", ""), Ok(()));
        assert_eq!(ask("GET", "x"), Err(Refusal::Body));
        for method in ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "get", "BREW"] {
            assert_eq!(ask(method, ""), Err(Refusal::Method), "{method}");
        }
    }

    #[test]
    fn a_page_name_is_decoded_once() {
        assert_eq!(page_name("/"), Some("".into()));
        assert_eq!(page_name("/a/b.html"), Some("a/b.html".into()));
        assert_eq!(page_name("/a/"), Some("a/".into()));
        assert_eq!(page_name("/a%20b.html"), Some("a b.html".into()));
        assert_eq!(page_name("/t%C3%A9.html"), Some("té.html".into()));
        assert_eq!(page_name("/%252e%252e/x"), Some("%2e%2e/x".into()));
    }

    #[test]
    fn a_name_that_could_mean_two_things_is_none() {
        for path in [
            "",
            "a",
            "*",
            "//",
            "//a",
            "/a//b",
            "/.",
            "/..",
            "/../a",
            "/a/..",
            "/a/./b",
            "/%2e%2e/a",
            "/%2E%2e/a",
            "/.%2e/a",
            "/a%2fb",
            "/a%2Fb",
            "/a\\b",
            "/a%5cb",
            "/a%00b",
            "/%",
            "/%2",
            "/%2g",
            "/%+2",
            "/%ff",
            "/%c0%ae%c0%ae/a",
        ] {
            assert_eq!(page_name(path), None, "{path}");
        }
    }
}
