//! Differs: `JoinHandle<T>` is a future for `T: 'static` only.

use std::future::IntoFuture;

fn tokios<'a>(handle: tokio::task::JoinHandle<&'a str>) {
    let _ = handle.into_future();
}

fn kettles<'a>(handle: kettle::task::JoinHandle<&'a str>) {
    let _ = handle.into_future();
}

fn main() {}
