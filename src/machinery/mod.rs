//! Our own `Future`, `Poll`, `Waker` and `Pin`, made from nothing.
//!
//! The standard library's items are a contract without a picture: it is hard to see why
//! a waker has a vtable or why `Pin` exists before one has felt the want of them. So here
//! they are built once more, in the order in which the want arises, as if std had none of
//! them. Nothing else of Kettle stands on this module: the runtime uses std's items, as
//! every runtime must, because `async fn` knows no others.
//!
//! # What is what
//! | here | in std | what differs, and why |
//! |---|---|---|
//! | [`Poll`] | [`std::task::Poll`] | `?` on it needs an unstable trait; otherwise the same |
//! | [`Future`] | [`std::future::Future`] | `poll(&mut self, …)`: a machine written by hand may move, so it needs no `Pin` yet |
//! | [`Context`] | [`std::task::Context`] | the same: a waker and room for more |
//! | [`Waker`] | [`std::task::Waker`] | the same two words, a pointer and a vtable |
//! | [`RawWaker`] | [`std::task::RawWaker`] | the same |
//! | [`RawWakerVTable`] | [`std::task::RawWakerVTable`] | its fields are visible in this module, as there is no promise to keep to future versions |
//! | [`Wake`] | [`std::task::Wake`] | the same |
//! | [`Unpin`] | [`std::marker::Unpin`] | said by hand for each type: only the compiler's own auto traits apply by themselves |
//! | [`Pin`] | [`std::pin::Pin`] | no method can take `self: Pin<&mut Self>`: which types may stand there is the compiler's list |
//! | [`PinnedFuture`] | [`std::future::Future`] | `poll(this: Pin<&mut Self>, …)`; without a `self` the trait has no `dyn` |
//! | [`PinnedBox`] | `Pin<Box<dyn Future>>` | so its vtable is made by hand, as a waker's is |
//! | [`Executor`] | none | std has the contract, the crates have the executors |
//! | [`IntoStd`], [`FromStd`] | [`std::future::Future`] | the bridges between both worlds |
//!
//! What the compiler adds to std's items, and no library can: `async` and `.await` are
//! made of them, `Unpin` applies by itself, `Pin` is a `self` type, and `dyn Future` has
//! its vtable for nothing.
//!
//! # Layer
//! 0: uses nothing of Kettle. Only `bridge` names an item of `std::future`, `std::task`
//! or `std::pin`; `tests/machinery.rs` checks it.

mod bridge;
mod context;
mod executor;
mod future;
mod pin;
mod pinned_box;
mod poll;
mod raw_waker;
mod wake;
mod waker;

pub use bridge::{FromStd, IntoStd};
pub use context::Context;
pub use executor::Executor;
pub use future::{Future, PinnedFuture};
pub use pin::{Pin, Unpin};
pub use pinned_box::PinnedBox;
pub use poll::Poll;
pub use raw_waker::{RawWaker, RawWakerVTable};
pub use wake::Wake;
pub use waker::Waker;
