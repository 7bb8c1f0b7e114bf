//! The book's server: hyper over Kettle, for one reader on the same machine.
//!
//! The runtime that the book explains is the one that hands out its pages. That keeps
//! both honest: the server needs sockets, timers, tasks, and wakers called from another
//! thread, and has to withstand clients that are slow, rude or gone.
//!
//! # How it works
//! 1. `command` builds the book and has `site` read it into memory: a request is a look
//!    into a map.
//! 2. `listen` accepts; each connection is a task (`connection`), in which hyper speaks
//!    HTTP over `adapter`. `guard` refuses what no reader of the book would send,
//!    `answer` finds the page, `policy` says what the browser may do with it.
//! 3. `files` builds anew when a file changes and puts the result into `latest`, which
//!    wakes the event streams (`live`): open pages load themselves again.
//! 4. On Ctrl-C, `stop` closes `latest`. That one wake ends the accepting, the streams
//!    and, after a moment for answers under way, the connections.
//!
//! # Not here
//! The server runs nothing and takes no input: every request is GET or HEAD. When pages
//! get their Run and Check buttons, `guard` is where the token, the origin and the name
//! of what may run are asked for, before `answer` looks at the path.

mod adapter;
mod answer;
mod command;
mod connection;
mod error;
mod files;
mod guard;
mod latest;
mod listen;
mod live;
mod patient;
mod policy;
mod room;
mod site;
mod stop;

pub use command::{ServeOptions, serve};
pub use connection::Limits;
pub use error::ServeError;
pub use files::watch;
pub use listen::{Handle, Server};
