//! From a request to an answer: refuse, look the page up, put the headers on.
//!
//! Nothing here waits. What an answer needs is in memory, and the one answer that takes
//! time, the stream of events, waits in its body.

use super::guard::{self, Hosts, Refusal};
use super::latest::Latest;
use super::live::{Answer, Events, Shown};
use super::policy;
use super::room::Room;
use super::site::{File, Found};
use hyper::body::{Body, Bytes};
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::{Request, Response, StatusCode};
use std::sync::Arc;

/// Where a page asks to be told of changes.
const EVENTS: &str = "-/events";

/// What every answer carries. `no-store`: the book changes while it is written, and
/// nothing is quicker to fetch than from one's own machine.
const HEADERS: [(HeaderName, &str); 4] = [
    (header::CACHE_CONTROL, "no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
];

/// Answers requests; one for all connections.
#[derive(Debug)]
pub(super) struct Desk {
    /// How the server may be addressed.
    pub(super) hosts: Hosts,
    /// What it shows.
    pub(super) shown: Arc<Latest<Shown>>,
    /// The open event streams.
    pub(super) streams: Arc<Room>,
    /// How many of them it keeps.
    pub(super) most_streams: usize,
}

impl Desk {
    pub(super) fn answer<B: Body>(&self, request: &Request<B>) -> Response<Answer> {
        match guard::check(request, &self.hosts) {
            Ok(()) => self.look_up(request.uri().path()),
            Err(refusal) => refused(refusal),
        }
    }

    fn look_up(&self, path: &str) -> Response<Answer> {
        let shown = self.shown.get();
        let name = guard::page_name(path);
        if name.as_deref() == Some(EVENTS) {
            return self.events();
        }
        match name.map_or(Found::Missing, |name| shown.site.find(&name)) {
            Found::File(file) => page(StatusCode::OK, file),
            Found::Folder(to) => redirect(&to),
            Found::Missing => match shown.site.missing_page() {
                Some(file) => page(StatusCode::NOT_FOUND, file),
                None => refused(Refusal::NoSuchPage),
            },
        }
    }

    fn events(&self) -> Response<Answer> {
        let Some(place) = self.streams.enter_below(self.most_streams) else {
            return refused(Refusal::TooManyStreams);
        };
        let events = Answer::Events(Events::new(&self.shown, place));
        response(StatusCode::OK, "text/event-stream", policy::NOTHING, events)
    }
}

fn page(status: StatusCode, file: &File) -> Response<Answer> {
    let body = Answer::Whole(Some(file.bytes.clone()));
    response(status, file.kind, &file.policy, body)
}

fn redirect(to: &str) -> Response<Answer> {
    let mut response = plain(StatusCode::TEMPORARY_REDIRECT, "This is a folder.\n");
    set(&mut response, header::LOCATION, to);
    response
}

/// Says why, and ends the connection: a body that nobody asked for may follow.
fn refused(refusal: Refusal) -> Response<Answer> {
    let mut response = plain(refusal.status(), refusal.text());
    if refusal == Refusal::Method {
        set(&mut response, header::ALLOW, "GET, HEAD");
    }
    set(&mut response, header::CONNECTION, "close");
    response
}

fn plain(status: StatusCode, text: &'static str) -> Response<Answer> {
    let body = Answer::Whole(Some(Bytes::from_static(text.as_bytes())));
    response(status, "text/plain; charset=utf-8", policy::NOTHING, body)
}

fn response(
    status: StatusCode,
    kind: &str,
    policy: &str,
    body: Answer,
) -> Response<Answer> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    set(&mut response, header::CONTENT_TYPE, kind);
    set(&mut response, header::CONTENT_SECURITY_POLICY, policy);
    for (name, value) in HEADERS {
        set(&mut response, name, value);
    }
    response
}

fn set(response: &mut Response<Answer>, name: HeaderName, value: &str) {
    let value = HeaderValue::from_str(value);
    let value =
        value.expect("what the server itself writes into a header is ASCII");
    response.headers_mut().insert(name, value);
}
