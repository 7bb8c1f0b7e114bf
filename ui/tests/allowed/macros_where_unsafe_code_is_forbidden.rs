//! The macros write pinned structs into the user's crate, and nothing that it could mind.
#![forbid(unsafe_code)]
#![deny(warnings)]

use kettle::future::{pending, ready};

#[kettle::main]
async fn main() {
    let first = kettle::select! {
        number = ready(1) => number,
        Some(number) = pending::<Option<u32>>(), if true => number,
        else => 0,
    };
    let both = kettle::join!(ready(first), ready(2));
    let all = kettle::try_join!(biased; ready(Ok::<_, ()>(both)), ready(Ok(3)));
    assert_eq!(all, Ok(((1, 2), 3)));
}
