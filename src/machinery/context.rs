//! What a poll brings along.
//!
//! Today it is the waker and nothing else. It is a type of its own all the same, so that
//! more can come along one day without a change to every `poll` ever written.
//!
//! # Layer
//! 0: uses nothing of Kettle.

use super::Waker;

/// The surroundings of one poll.
#[derive(Debug)]
pub struct Context<'a> {
    /// Who wants to know when it is worth asking again.
    waker: &'a Waker,
}

impl<'a> Context<'a> {
    /// A context with this waker.
    pub fn from_waker(waker: &'a Waker) -> Context<'a> {
        Context { waker }
    }

    /// The waker to wake, or to clone and keep until it is time.
    pub fn waker(&self) -> &'a Waker {
        self.waker
    }
}
