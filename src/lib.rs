//! Kettle: the async runtime that you can read.
//!
//! A runtime of one thread, whole and real, with tokio's names and shapes; the book *A
//! Watched Kettle* reads it with you, line by line (`cargo kettle book`).
//!
//! ```
//! use kettle::io::{AsyncReadExt, AsyncWriteExt};
//! use kettle::net::{TcpListener, TcpStream};
//!
//! #[kettle::main]
//! async fn main() -> std::io::Result<()> {
//!     let listener = TcpListener::bind("127.0.0.1:0").await?;
//!     let address = listener.local_addr()?;
//!     let kitchen = kettle::spawn(async move {
//!         let (mut guest, _) = listener.accept().await?;
//!         guest.write_all(b"tea is ready").await
//!     });
//!     let mut said = Vec::new();
//!     TcpStream::connect(address).await?.read_to_end(&mut said).await?;
//!     assert_eq!(said, b"tea is ready");
//!     kitchen.await?
//! }
//! ```
//!
//! # How it is built
//! 1. **One file, one idea, one listing.** A file is short enough to be shown whole in a
//!    chapter.
//! 2. **Data flows one way.** A lower layer never names a higher one.
//! 3. **State changes have names.** There is no bit arithmetic outside the file that owns
//!    the bits.
//! 4. **Foreign code runs unlocked.** `wake`, `clone` and `drop` of a waker, `poll` and
//!    `drop` of a future: never under a lock or a borrow.
//! 5. **A comment gives a reason; a test gives the proof.**
//!
//! Runtimes usually hand out pointers: to tasks, to timers, to waiters. Kettle hands out
//! *keys*, numbers into slabs that the runtime's thread owns; see [`task`].

mod blocking;
mod budget;
mod clock;
mod driver;
mod executor;
pub mod future;
pub mod io;
pub mod machinery;
pub mod net;
mod reactor;
mod rng;
pub mod runtime;
mod scoped;
pub mod sync;
pub mod task;
pub mod time;
pub mod trace;
mod waker;

pub use kettle_macros::{main, test};
pub use task::spawn;
pub use waker::block_on;
