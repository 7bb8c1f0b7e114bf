//! Reading and writing bytes: the traits, in tokio's shape, and what stands on them.
//!
//! # Layer
//! 4: may use the budget and future; must not know sockets or the executor.

mod read;
mod read_buf;
mod read_ext;
mod write;
mod write_ext;

pub use read::AsyncRead;
pub use read_buf::ReadBuf;
pub use read_ext::AsyncReadExt;
pub use std::io::{Error, ErrorKind, Result};
pub use write::AsyncWrite;
pub use write_ext::AsyncWriteExt;
