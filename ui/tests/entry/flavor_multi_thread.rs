//! Differs: `#[kettle::main]` runs on one thread. `flavor = "multi_thread"` is a compile
//! error, and there is no `Builder::new_multi_thread`.

#[kettle::main(flavor = "multi_thread")]
async fn main() {}
