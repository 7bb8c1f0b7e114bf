//! Libraries of primitives, under the same few names.
//!
//! A macro's text is written against these names, as with `side`. Each module holds its
//! runtime's `Runtime`, `spawn`, `join` and `yield_now`, the pointer `Shared` that its
//! tasks share things by, and of these what the library has:
//! - `one`, `one_send`, `one_recv`: a channel for one value;
//! - `channel`, `send`, `recv`: a channel with a limit;
//! - `unbounded`, `push`, `pull`: a channel without one;
//! - `Notify`; `Semaphore` with `acquire`; `Mutex` with `lock`.
//!
//! `send`, `recv` and `pull` give the library's own futures, as its users await them: an
//! `async fn` around one is a state machine more, on every side, and would be measured.

pub mod async_lock;
pub mod futures;
pub mod kettle;
pub mod local_sync;
pub mod tokio;
pub mod tokio_on_kettle;
