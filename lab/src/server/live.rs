//! What the server shows at this moment, and the stream that tells open pages of it.
//!
//! A page opens one long answer of the type `text/event-stream` and keeps it. First it
//! hears which edition is shown, which settles what it may have missed while nobody
//! listened, and then of each new one.

use super::latest::{Latest, Newer};
use super::room::Place;
use super::site::Site;
use hyper::body::{Body, Bytes, Frame};
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

/// The book as it is served now.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    /// The last build that went well.
    pub(super) site: Arc<Site>,
    /// Why the book does not build, if it does not.
    pub(super) problem: Option<Arc<str>>,
}

/// The body of an answer.
#[derive(Debug)]
pub(super) enum Answer {
    /// One piece, or nothing left of it.
    Whole(Option<Bytes>),
    /// A page that wants to be told.
    Events(Events),
}

/// Tells of each value that follows.
#[derive(Debug)]
pub(super) struct Events {
    shown: Arc<Latest<Shown>>,
    next: Newer<Shown>,
    _place: Place,
}

impl Events {
    pub(super) fn new(shown: &Arc<Latest<Shown>>, place: Place) -> Events {
        let next = shown.newer_than(0);
        Events {
            shown: Arc::clone(shown),
            next,
            _place: place,
        }
    }

    /// The text of the next event; `None` when the server stops.
    fn poll_text(&mut self, cx: &mut Context<'_>) -> Poll<Option<String>> {
        let Some((version, shown)) = ready!(Pin::new(&mut self.next).poll(cx))
        else {
            return Poll::Ready(None);
        };
        self.next = self.shown.newer_than(version);
        Poll::Ready(Some(event_text(&shown)))
    }
}

/// Two events in the format of the HTML standard. An empty problem is none.
fn event_text(shown: &Shown) -> String {
    let problem = shown.problem.as_deref().unwrap_or("");
    let problem = problem.replace(['\r', '\n'], "\ndata: ");
    let edition = shown.site.edition();
    format!(
        "event: edition\ndata: {edition}\n\nevent: problem\ndata: {problem}\n\n"
    )
}

impl Body for Answer {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let bytes = match &mut *self {
            Answer::Whole(bytes) => bytes.take(),
            Answer::Events(events) => ready!(events.poll_text(cx)).map(Bytes::from),
        };
        Poll::Ready(bytes.map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Answer::Whole(None))
    }

    fn size_hint(&self) -> hyper::body::SizeHint {
        match self {
            Answer::Whole(bytes) => {
                let left = bytes.as_ref().map_or(0, Bytes::len);
                hyper::body::SizeHint::with_exact(left as u64)
            }
            Answer::Events(_) => hyper::body::SizeHint::default(),
        }
    }
}
